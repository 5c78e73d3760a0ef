// A verifier with everything it needs: a clock that stands, a transport with a script, authorities,
// and somebody who signs messages as SMN does.
#pragma once

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "json/writer.h"
#include "sign/message_key.h"
#include "sign/message_verifier.h"
#include "support/scripted_transport.h"
#include "support/signing_identities.h"
#include "support/temporary_directory.h"

namespace neap::test {

inline const std::string kTopic = "urn:smn:cn-north-4:b53e5554fad0494d96206fb84296510b:hooks";
inline const std::string kOtherTopic = "urn:smn:cn-north-4:b53e5554fad0494d96206fb84296510b:other";
inline const std::string kCertificateUrl =
    "https://smn.cn-north-4.myhuaweicloud.com/smn/"
    "SMN_cn-north-4_0123456789abcdef0123456789abcdef.pem";

// Made once, because keys take their time.
struct SigningKeys {
  Key root = rsa_key(2048);
  Key smn = rsa_key(2048);
  Key other = rsa_key(2048);
  SigningIdentity authority =
      make_signer({.key = root, .names = {"Test Root"}, .authority = true}, VirtualClock::kStart);
  SigningIdentity signer = make_signer({.key = smn, .issuer = &authority}, VirtualClock::kStart);
};

inline const SigningKeys& signing_keys() {
  static const SigningKeys kKeys;
  return kKeys;
}

inline std::string body_of(const sign::Message& message) {
  json::Writer writer;
  writer.start_object();
  for (const auto& [name, value] : message) {
    writer.key(name);
    writer.string(value);
  }
  writer.end_object();
  return writer.take();
}

inline sign::Message with_signature(sign::Message message, EVP_PKEY* key,
                                    const EVP_MD* digest = EVP_sha256(), bool pss = false) {
  message["signature"] =
      encode_base64(sign_text(key, sign::message_text(message).value(), digest, pss));
  return message;
}

inline sign::Message with_signature(sign::Message message) {
  return with_signature(std::move(message), signing_keys().smn.get());
}

// "2026-01-01T00:00:00Z", so long after the world's start.
inline std::string timestamp(Duration offset) {
  const std::string text = format_iso(std::chrono::floor<std::chrono::milliseconds>(
      VirtualClock::kStart + std::chrono::duration_cast<std::chrono::milliseconds>(offset)));
  return text.substr(0, 19) + "Z";
}

// Not signed yet.
inline sign::Message notification() {
  return {{"type", "Notification"},
          {"message_id", "88c726942175432bac921eafd0036163"},
          {"topic_urn", kTopic},
          {"subject", "lifecycle hook"},
          {"message", R"({"lifecycle_action_key":"4c76c562-9688-45c6-b685-7fd732df310a"})"},
          {"timestamp", timestamp(Duration::zero())},
          {"signature_version", "v1"},
          {"signing_cert_url", kCertificateUrl},
          {"unsubscribe_url", "https://console.huaweicloud.com/smn/subscription/unsubscribe?x=y"}};
}

inline sign::Message confirmation(std::string type = "SubscriptionConfirmation") {
  sign::Message message = notification();
  message.erase("subject");
  message.erase("unsubscribe_url");
  message["type"] = std::move(type);
  message["subscribe_url"] =
      "https://console.huaweicloud.com/smn/subscription/confirm?token=0a0b0c0d&topic_urn=" +
      kTopic + "&region=cn-north-4";
  return message;
}

inline http::IncomingRequest post(std::string body, http::Headers headers = {}) {
  return {"POST", "/smn", std::move(headers), std::move(body), "192.0.2.1"};
}

class MessageWorld {
 public:
  using Verdict = sign::MessageVerifier::Verdict;

  explicit MessageWorld(sign::VerifierSettings settings = {}, std::string bundle = {},
                        UtcTime start = VirtualClock::kStart)
      : clock(start), loop(clock), transport(loop) {
    if (bundle.empty()) bundle = signing_keys().authority.pem();
    std::ofstream(directory / "authorities.pem") << bundle;
    settings.ca_file = directory / "authorities.pem";
    if (settings.topics.empty()) settings.topics = {kTopic};
    auto opened = sign::MessageVerifier::open(loop, transport, std::move(settings));
    REQUIRE(opened);
    verifier = std::move(*opened);
    serve(signing_keys().signer.pem());
  }

  // What the certificate's host answers from now on.
  void serve(std::string pem) {
    transport.otherwise = [pem = std::move(pem)](const http::Request&) {
      return answered(200, pem);
    };
  }

  Verdict verify(const http::IncomingRequest& request) {
    std::optional<Verdict> verdict;
    const Owner work =
        verifier->verify(request, [&](Verdict given) { verdict.emplace(std::move(given)); });
    CHECK_FALSE(verdict);  // never from inside
    loop.run();
    REQUIRE(verdict);
    return std::move(*verdict);
  }

  Verdict verify(const sign::Message& message) { return verify(post(body_of(message))); }

  void pass(Duration time) {
    const Loop::Timer timer = loop.after(time, [] {});
    loop.run();
  }

  TemporaryDirectory directory{quick_place()};
  VirtualClock clock;
  Loop loop;
  ScriptedTransport transport;
  std::unique_ptr<sign::MessageVerifier> verifier;
};

// "accepted", or the reason of the rejection.
inline std::string outcome_of(const MessageWorld::Verdict& verdict) {
  return verdict ? "accepted" : std::string(sign::to_text(verdict.error().reason));
}

// A rejection can be shown: one line, and nothing of what must stay hidden.
inline bool is_showable(const sign::Rejection& rejection) {
  const std::string& text = rejection.detail;
  return !text.empty() && text.size() < 400 &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }) &&
         text.find("token") == std::string::npos && text.find("subscription/") == std::string::npos;
}

}  // namespace neap::test
