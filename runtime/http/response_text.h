// The bytes of a response's header, and the check that it can be sent as it is.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace neap::http {

// Fails with kind argument: a status outside 200 to 599, a header name that is no token, or a value
// with a control byte (a line break in a value would start a second response).
Result<void> check_response(const Response& response);

// 204 and 304 have no body whatever the response holds.
bool may_have_body(int status);

// Everything up to and including the blank line. Framing is the server's: Content-Length and
// Connection are written from the arguments, and the response's own, like Transfer-Encoding, are
// dropped. `date` is used unless the response has a Date.
std::string response_head(const Response& response, bool keep_alive, std::string_view date);

}  // namespace neap::http
