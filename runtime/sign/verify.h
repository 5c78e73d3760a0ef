// The gateway's side of a signature, as the simulator checks it (auth.md sections 1 and 8).
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "base/time.h"
#include "http/message.h"

namespace neap::sign {

// How far the date of a request may be from the gateway's clock.
inline constexpr std::chrono::minutes kDateWindow{15};

// The secret key of an access key; nothing when there is no such key.
using KeyLookup = std::function<std::optional<Secret>(std::string_view access_key)>;

// The request is as it came in: a full URL or the request target alone, with a Host header. An
// error is what the gateway would answer: kind auth, `code` "APIGW.0301", `http_status` 401.
Result<void> verify_signature(const http::Request& request, const KeyLookup& secret_of,
                              UtcTime now);

}  // namespace neap::sign
