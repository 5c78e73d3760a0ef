// Which links of confirmations give their token away, and which do not.
#include "sign/subscription_link.h"

#include <catch2/catch.hpp>

#include "http/url.h"
#include "support/message_world.h"

using namespace neap;
using namespace neap::sign;
using namespace neap::test;

namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";
const std::string kQuery = "token=" + kToken + "&topic_urn=" + kTopic + "&region=cn-north-4";
const std::string kStart = "https://console.huaweicloud.com/smn/subscription/confirm?";

VerifiedMessage confirmation_with(const std::string& link) {
  VerifiedMessage message;
  message.type = MessageType::kSubscriptionConfirmation;
  message.topic_urn = kTopic;
  message.subscribe_url = Secret(link);
  return message;
}

}  // namespace

TEST_CASE("the token of a link to the console is taken") {
  const auto token = [](const std::string& link, std::vector<std::string> origins) {
    const auto found = confirmation_token(confirmation_with(link), origins);
    return found && found->reveal() == kToken;
  };
  CHECK(token(kStart + kQuery, console_origins()));
  CHECK(token("https://cn-north-4-console.huaweicloud.com/smn/subscription/confirm?" + kQuery,
              console_origins()));
  CHECK(token(kStart + "topic_urn=" + http::percent_encode(kTopic) + "&token=" + kToken,
              console_origins()));
  CHECK(
      token("http://127.0.0.1:8780/smn/subscription/confirm?" + kQuery, {"http://127.0.0.1:8780"}));
}

TEST_CASE("a link of any other shape is refused, and nothing of it is shown") {
  const std::string topic = "&topic_urn=" + kTopic;
  std::size_t refused = 0;
  const std::vector<std::string> links = {
      std::string(),
      "http://console.huaweicloud.com/smn/subscription/confirm?" + kQuery,
      "https://console.huaweicloud.com:8443/smn/subscription/confirm?" + kQuery,
      "https://user@console.huaweicloud.com/smn/subscription/confirm?" + kQuery,
      "https://console.huaweicloud.com.evil.example/smn/subscription/confirm?" + kQuery,
      "https://evil.example/smn/subscription/confirm?" + kQuery,
      "https://console.huaweicloud.com@evil.example/smn/subscription/confirm?" + kQuery,
      "https://cn-north-1-console.huaweicloud.com/smn/subscription/confirm?" + kQuery,
      "https://169.254.169.254/smn/subscription/confirm?" + kQuery,
      "http://127.0.0.1:8780/smn/subscription/confirm?" + kQuery,
      "https://console.huaweicloud.com/smn/subscription/unsubscribe?" + kQuery,
      "https://console.huaweicloud.com/smn/../smn/subscription/confirm?" + kQuery,
      "https://console.huaweicloud.com/smn/subscription/confirm/?" + kQuery,
      "https://console.huaweicloud.com/smn/subscription/confirm",
      kStart,
      kStart + "token=" + kToken,
      kStart + "token=" + kToken + "&topic_urn=" + kOtherTopic,
      kStart + "token=" + kToken + topic + topic,
      kStart + "token=" + topic,
      kStart + "token=xyz" + topic,
      kStart + "token=" + kToken + "&token=" + kToken + topic,
      kStart + "token=" + kToken + "%00" + topic,
      kStart + "token=" + kToken + "/.." + topic,
      kStart + "token=" + std::string(2000, 'a') + topic,
      kStart + topic.substr(1),
      kStart + "Token=" + kToken + topic,
      kStart + kQuery + "#x",
      kStart + kQuery + " ",
      kStart + "token=" + kToken + topic + "%0"};
  for (const std::string& link : links) {
    INFO(link);
    const auto found = confirmation_token(confirmation_with(link), console_origins());
    CHECK_FALSE(found);
    if (found) continue;
    ++refused;
    CHECK(found.error().kind == ErrorKind::kPermission);
    CHECK_THAT(found.error().message, !Catch::Contains(kToken) && !Catch::Contains("http"));
  }
  CHECK(refused >= 29);
}

TEST_CASE("no other message has a token to give") {
  for (const MessageType type :
       {MessageType::kNotification, MessageType::kUnsubscribeConfirmation}) {
    VerifiedMessage message = confirmation_with(kStart + kQuery);
    message.type = type;
    CHECK_FALSE(confirmation_token(message, console_origins()));
  }
}
