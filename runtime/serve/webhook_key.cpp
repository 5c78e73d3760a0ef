#include "serve/webhook_key.h"

#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "base/digest.h"
#include "sign/base64.h"

namespace neap::serve {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kLeast = 24;
constexpr std::size_t kMost = 64;

}  // namespace

Result<WebhookKey> WebhookKey::parse(const Secret& text) {
  Secret bytes;
  if (text.reveal().starts_with(kPrefix)) {
    const std::string_view encoded = text.reveal().substr(kPrefix.size());
    bytes = Secret(sign::decode_base64(encoded).value_or(std::string()));
  }
  if (bytes.reveal().size() < kLeast || bytes.reveal().size() > kMost) {
    return fail(
        ErrorKind::kConfig, "the secret of a webhook is malformed",
        "it is whsec_ and the base64 of 24 to 64 bytes: echo whsec_$(openssl rand -base64 32)");
  }
  return WebhookKey(bytes);
}

std::string WebhookKey::sign(std::string_view id, std::int64_t timestamp,
                             std::string_view body) const {
  const std::string text = fmt::format("{}.{}.{}", id, timestamp, body);
  const Sha256::Bytes mac = Sha256().hmac(bytes_.reveal(), text);
  return "v1," + sign::encode_base64({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

http::Headers webhook_headers(std::span<const WebhookKey> keys, std::string_view id, UtcTime now,
                              std::string_view body) {
  const std::int64_t timestamp =
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::string signatures;
  for (const WebhookKey& key : keys) {
    if (!signatures.empty()) signatures += ' ';
    signatures += key.sign(id, timestamp, body);
  }
  return {{"webhook-id", std::string(id)},
          {"webhook-timestamp", std::to_string(timestamp)},
          {"webhook-signature", signatures}};
}

}  // namespace neap::serve
