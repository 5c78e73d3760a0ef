#include "sign/message_verifier.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::sign {
namespace {

CertificateRules rules_of(const VerifierSettings& settings) {
  CertificateRules rules = settings.certificates;
  rules.self_signed = !settings.places.simulator_origin.empty();
  return rules;
}

// Only the simulator is known to be on this machine.
CertificateLimits limits_of(const VerifierSettings& settings) {
  CertificateLimits limits = settings.limits;
  limits.public_only = limits.public_only && settings.places.simulator_origin.empty();
  return limits;
}

// Within what a Duration holds: a sender may write any year.
Duration age_of(UtcTime sent, UtcTime now) {
  constexpr std::chrono::milliseconds kMost = std::chrono::hours{24 * 36'500};
  return std::clamp(now - sent, -kMost, kMost);
}

}  // namespace

Result<std::unique_ptr<MessageVerifier>> MessageVerifier::open(Loop& loop,
                                                               http::Transport& transport,
                                                               VerifierSettings settings) {
  for (const std::string& topic : settings.topics) {
    if (topic_region(topic).empty()) {
      return fail(ErrorKind::kConfig, fmt::format("{} is not the URN of a topic", printable(topic)),
                  "write it like urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:hooks");
    }
  }
  if (const Result<void> usable = check_places(settings.places); !usable) {
    return tl::unexpected(usable.error());
  }
  return std::unique_ptr<MessageVerifier>(
      new MessageVerifier(loop, transport, std::move(settings)));
}

MessageVerifier::MessageVerifier(Loop& loop, http::Transport& transport, VerifierSettings settings)
    : loop_(loop),
      settings_(std::move(settings)),
      certificates_(loop, transport, settings_.ca_file, rules_of(settings_), limits_of(settings_)) {
}

Owner MessageVerifier::verify(const http::IncomingRequest& request, Function<void(Verdict)> done) {
  auto message = read(request);
  if (!message) return give(tl::unexpected(std::move(message.error())), std::move(done));
  const std::string url = message->signing_cert_url;
  if (const auto found = certificates_.known(url)) {
    return give(judge(std::move(*message), *found), std::move(done));
  }
  return certificates_.fetch(url, [this, message = std::move(*message), done = std::move(done)](
                                      const CertificateCache::Found& found) mutable {
    done(judge(std::move(message), found));
  });
}

tl::expected<IncomingMessage, Rejection> MessageVerifier::read(
    const http::IncomingRequest& request) {
  auto message = read_message(request, parser_, settings_.body_bytes);
  if (!message) return message;
  const auto& topics = settings_.topics;
  if (std::find(topics.begin(), topics.end(), message->topic_urn) == topics.end()) {
    return reject(
        RejectionReason::kTopicNotAllowed,
        fmt::format("topic {} is not allowed", printable(message->topic_urn.substr(0, 200))));
  }
  const auto there =
      check_certificate_address(message->signing_cert_url, message->topic_urn, settings_.places);
  if (!there) return tl::unexpected(there.error());
  return message;
}

MessageVerifier::Verdict MessageVerifier::judge(IncomingMessage message,
                                                const CertificateCache::Found& certificate) const {
  if (!certificate) return tl::unexpected(certificate.error());
  if (!(*certificate)->proves(signed_text(message), message.signature.reveal())) {
    return reject(RejectionReason::kSignature, "the signature is not that of the certificate");
  }
  const Duration age = age_of(message.sent, loop_.utc());
  if (age > settings_.refused_after) {
    return reject(RejectionReason::kTooOld,
                  fmt::format("it was sent {} ago", format_duration(age)));
  }
  if (age < -settings_.ahead) {
    return reject(RejectionReason::kFromTheFuture,
                  fmt::format("its time is {} ahead of ours", format_duration(-age)));
  }
  VerifiedMessage verified;
  verified.type = message.type;
  verified.message_id = std::move(message.message_id);
  verified.topic_urn = std::move(message.topic_urn);
  verified.subject = std::move(message.subject);
  verified.message = std::move(message.message);
  verified.sent = message.sent;
  verified.subscribe_url = std::move(message.subscribe_url);
  verified.stale = age > settings_.stale_after;
  return verified;
}

Owner MessageVerifier::give(Verdict verdict, Function<void(Verdict)> done) {
  return Owner(loop_.after(Duration::zero(),
                           [verdict = std::move(verdict), done = std::move(done)]() mutable {
                             done(std::move(verdict));
                           }));
}

}  // namespace neap::sign
