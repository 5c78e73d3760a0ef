// The receiving end of SMN: a message is verified, stored, and only then acknowledged (smn.md
// section 5, reliability.md T1-T9 and I8).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/token_bucket.h"
#include "http/server.h"
#include "serve/desk.h"
#include "sign/message_verifier.h"

namespace neap::serve {

class Receiver {
 public:
  struct Hooks {
    // A new event, durable.
    Function<void(journal::HookEvent)> event;
    // Too old to begin work for: its group is to be looked at.
    Function<void(const std::string& group_id)> stale;
    // A verified SubscriptionConfirmation or UnsubscribeConfirmation.
    Function<void(const sign::VerifiedMessage&)> notice;
    // Whether some handler takes messages at this path.
    Function<bool(std::string_view path)> has_path;
  };

  static constexpr std::string_view kPath = "/smn";

  Receiver(Desk& desk, sign::MessageVerifier& verifier, Hooks hooks);
  ~Receiver();

  // Whether the request is for this; it then answers: 200 once what it brought is durable; 403 or
  // 400 for what will not be believed; 503 for trouble of our own, upon which SMN comes again.
  bool handle(http::Exchange& exchange);

 private:
  struct Visit {
    http::Exchange exchange;
    std::string path;
    Owner verification;
  };

  struct Rate {
    TokenBucket bucket;
    bool exceeded = false;
  };

  bool within_rate(const std::string& topic);
  void verified(std::uint64_t id, sign::MessageVerifier::Verdict verdict);
  void store(std::uint64_t id, journal::Arrival arrival);
  void stored(std::uint64_t id, const journal::HookEvent& event,
              const Result<journal::Filed>& filed);
  void answer(std::uint64_t id, int status, std::string_view text);

  Desk& desk_;
  sign::MessageVerifier& verifier_;
  Hooks hooks_;
  std::uint64_t serial_ = 0;
  std::unordered_map<std::uint64_t, Visit> visits_;
  std::map<std::string, Rate> rates_;  // by topic; verified ones only, which are few
};

}  // namespace neap::serve
