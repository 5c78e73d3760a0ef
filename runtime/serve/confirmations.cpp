#include "serve/confirmations.h"

#include <algorithm>
#include <utility>

#include "serve/platform_call.h"
#include "sign/subscription_link.h"

namespace neap::serve {
namespace {

constexpr int kAttempts = 8;
constexpr Duration kPause = std::chrono::seconds{5};

}  // namespace

Confirmations::Confirmations(Desk& desk, std::vector<std::string> origins)
    : desk_(desk), origins_(std::move(origins)) {}

void Confirmations::hear(const sign::VerifiedMessage& message) {
  const std::string& topic = message.topic_urn;
  if (message.type == sign::MessageType::kUnsubscribeConfirmation) {
    desk_.log.error("a subscription has ended: no messages come from this topic any more",
                    {{"topic", topic}});
    return;
  }
  const auto& armed = desk_.serve.armed;
  if (std::find(armed.begin(), armed.end(), topic) == armed.end()) {
    desk_.log.warn("a subscription waits to be confirmed; --confirm does that", {{"topic", topic}});
    return;
  }
  const Result<Secret> token = sign::confirmation_token(message, origins_);
  if (!token) {
    desk_.log.error("a subscription is not confirmed: " + describe(token.error()),
                    {{"topic", topic}});
    return;
  }
  confirm(topic, *token, 1);
}

void Confirmations::confirm(const std::string& topic, const Secret& token, int attempt) {
  json::Object arguments;
  arguments.set("token", token.reveal());
  arguments.set("topic_urn", topic);
  calls_[topic] = call_platform(
      desk_.loop(), desk_.world.client(), operation_of("smn", "confirm_subscription"),
      std::move(arguments), [this, topic, token, attempt](const Result<http::Response>& answer) {
        heard(topic, token, attempt, answer);
      });
}

void Confirmations::heard(const std::string& topic, const Secret& token, int attempt,
                          const Result<http::Response>& answer) {
  if (answer) {
    desk_.log.info("a subscription is confirmed", {{"topic", topic}});
    return;
  }
  const bool last = attempt >= kAttempts;
  desk_.log.write(last ? LogLevel::kError : LogLevel::kWarn,
                  "a subscription could not be confirmed: " + describe(answer.error()),
                  {{"topic", topic}, {"attempt", attempt}});
  if (last) return;
  timers_[topic] = desk_.loop().after(
      kPause * attempt, [this, topic, token, attempt] { confirm(topic, token, attempt + 1); });
}

}  // namespace neap::serve
