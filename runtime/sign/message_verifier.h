// Decides whether an SMN message is what it says it is, before anything has an effect
// (reliability.md T1-T5, smn.md section 6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/function.h"
#include "base/owner.h"
#include "base/time.h"
#include "http/request_reader.h"
#include "http/transport.h"
#include "loop/loop.h"
#include "sign/certificate_address.h"
#include "sign/certificate_cache.h"
#include "sign/incoming_message.h"

namespace neap::sign {

struct VerifierSettings {
  std::vector<std::string> topics;  // URNs; messages of all others are refused
  CertificatePlaces places;
  CertificateRules certificates;  // self_signed follows from places
  CertificateLimits limits;
  std::string ca_file = TrustStore::kSystemBundle;
  Duration stale_after = std::chrono::minutes{15};
  Duration refused_after = std::chrono::hours{24};
  Duration ahead = std::chrono::minutes{5};  // how far a sender's clock may be ahead of ours
  std::size_t body_bytes = 1u << 20;
};

// What a signature by a trusted certificate covers, and nothing else of the request.
struct VerifiedMessage {
  MessageType type = MessageType::kNotification;
  std::string message_id;
  std::string topic_urn;
  std::string subject;
  std::string message;
  UtcTime sent;
  Secret subscribe_url;  // subscription_link.h takes the token out of it
  bool stale = false;    // too old to start work for without looking first
};

class MessageVerifier {
 public:
  using Verdict = tl::expected<VerifiedMessage, Rejection>;

  // Kind config: a topic is no URN, or an origin cannot be one. Loop and transport must outlive the
  // verifier.
  static Result<std::unique_ptr<MessageVerifier>> open(Loop& loop, http::Transport& transport,
                                                       VerifierSettings settings);

  // Calls back once, from the loop and never from inside, unless the Owner is dropped first; the
  // callback may drop it. In this order: the body, its topic, the address of the certificate, the
  // certificate (the only step that may ask the network), the signature, the time.
  Owner verify(const http::IncomingRequest& request, Function<void(Verdict)> done);

  // Certificates asked for so far.
  std::uint64_t fetches() const { return certificates_.fetches(); }

 private:
  MessageVerifier(Loop& loop, http::Transport& transport, VerifierSettings settings);

  tl::expected<IncomingMessage, Rejection> read(const http::IncomingRequest& request);
  Verdict judge(IncomingMessage message, const CertificateCache::Found& certificate) const;
  Owner give(Verdict verdict, Function<void(Verdict)> done);

  Loop& loop_;
  VerifierSettings settings_;
  json::Parser parser_;
  CertificateCache certificates_;
};

}  // namespace neap::sign
