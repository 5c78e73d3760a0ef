// What the platform's refusals mean (sdrs.md section 7, auth.md section 8).
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "http/message.h"

namespace neap::cloud {

// The error that a response other than 2xx stands for. `operation` is the catalogue's name, or what
// stands for it in a message; `now` is our clock when the response came, to tell how far it is off.
Error parse_error(std::string_view operation, const http::Response& response, UtcTime now);

// Proof P2 (reliability.md 2.2): a refusal that the gateway or the service gives before it does
// anything. False means that nothing is proved.
bool proves_no_effect(const http::Response& response);

// The platform's id of the request, from X-Request-Id; empty when that does not look like an id.
std::string request_id(const http::Response& response);

// True when our clock differs so much from the response's Date that signatures are refused.
bool clock_is_off(const http::Response& response, UtcTime now);

}  // namespace neap::cloud
