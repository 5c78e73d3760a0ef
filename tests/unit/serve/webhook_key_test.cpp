// Signatures of outgoing messages, held against Standard Webhooks' own vector.
// g++ 12 takes short texts that are moved for ones out of bounds.
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wstringop-overflow"

#include "serve/webhook_key.h"

#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/digest.h"
#include "sign/base64.h"

namespace neap::serve {
namespace {

// The vector that the specification's libraries share.
constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr const char* kBody = "{\"test\": 2432232314}";
constexpr const char* kSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

WebhookKey key(const std::string& text) {
  auto parsed = WebhookKey::parse(Secret(text));
  if (!parsed) FAIL(describe(parsed.error()));
  return *parsed;
}

TEST_CASE("the vector of Standard Webhooks is signed as it says") {
  CHECK(key(kSecret).sign(kId, 1614265330, kBody) == kSignature);
}

TEST_CASE("id, time and body are each covered by the signature") {
  const WebhookKey signer = key(kSecret);
  CHECK(signer.sign("msg_other", 1614265330, kBody) != kSignature);
  CHECK(signer.sign(kId, 1614265331, kBody) != kSignature);
  CHECK(signer.sign(kId, 1614265330, "{\"test\":2432232314}") != kSignature);
}

TEST_CASE("the headers carry whole seconds and one signature for each key, in order") {
  const std::string other = "whsec_" + sign::encode_base64(std::string(32, 'k'));
  std::vector<WebhookKey> keys;
  keys.push_back(key(kSecret));
  keys.push_back(key(other));
  const UtcTime now{std::chrono::milliseconds{1614265330999}};
  const http::Headers headers = webhook_headers(keys, kId, now, kBody);
  CHECK(headers.get("webhook-id") == kId);
  CHECK(headers.get("webhook-timestamp") == "1614265330");
  CHECK(headers.get("webhook-signature") ==
        std::string(kSignature) + " " + keys[1].sign(kId, 1614265330, kBody));
}

TEST_CASE("a malformed secret is refused and not shown") {
  const std::string good = sign::encode_base64(std::string(24, 'k'));
  CHECK(WebhookKey::parse(Secret(fmt::format("whsec_{}", good))).has_value());
  for (const std::string& text :
       {std::string(), good, "WHSEC_" + good, std::string("whsec_"), "whsec_" + good + "\n",
        std::string("whsec_hunter2!"), "whsec_" + sign::encode_base64(std::string(23, 'k')),
        "whsec_" + sign::encode_base64(std::string(65, 'k'))}) {
    CAPTURE(text);
    const auto parsed = WebhookKey::parse(Secret(text));
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::kConfig);
    const std::string shown = describe(parsed.error());
    CHECK(shown.find(good) == std::string::npos);
    CHECK(shown.find("hunter2") == std::string::npos);
  }
}

}  // namespace
}  // namespace neap::serve
