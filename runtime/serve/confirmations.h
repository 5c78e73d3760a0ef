// Confirms subscriptions of topics that the operator armed, through the SMN API: the link in the
// message is never followed (reliability.md T6).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "serve/desk.h"
#include "sign/message_verifier.h"

namespace neap::serve {

class Confirmations {
 public:
  // `origins`: where links of subscriptions may lead; see sign/subscription_link.h.
  Confirmations(Desk& desk, std::vector<std::string> origins);

  // A verified message that is no notification. That a subscription ended is an alarm, and nothing
  // is done about it: whoever ended it may have meant it.
  void hear(const sign::VerifiedMessage& message);

 private:
  void confirm(const std::string& topic, const Secret& token, int attempt);
  void heard(const std::string& topic, const Secret& token, int attempt,
             const Result<http::Response>& answer);

  Desk& desk_;
  std::vector<std::string> origins_;
  std::map<std::string, Owner> calls_;  // by topic
  std::map<std::string, Loop::Timer> timers_;
};

}  // namespace neap::serve
