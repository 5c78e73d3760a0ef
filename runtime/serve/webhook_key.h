// Signs outgoing messages as Standard Webhooks describes (symmetric, version 1).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "base/time.h"
#include "http/message.h"

namespace neap::serve {

// A secret that a receiver shares: "whsec_" and the base64 of 24 to 64 bytes.
class WebhookKey {
 public:
  // Kind config; the message does not show the secret.
  static Result<WebhookKey> parse(const Secret& text);

  // "v1,…" over the id, the seconds since 1970 and the body.
  std::string sign(std::string_view id, std::int64_t timestamp, std::string_view body) const;

 private:
  explicit WebhookKey(Secret bytes) : bytes_(std::move(bytes)) {}
  Secret bytes_;
};

// webhook-id, webhook-timestamp and webhook-signature, signed by every key: while secrets are
// changed the receiver may know either.
http::Headers webhook_headers(std::span<const WebhookKey> keys, std::string_view id, UtcTime now,
                              std::string_view body);

}  // namespace neap::serve
