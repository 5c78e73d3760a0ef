// What the server refuses before it looks at a request's body (reliability.md T8): each rule closes
// a way for two programs to read the same bytes as different requests.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace neap::http {

struct RequestLimits {
  std::size_t header_bytes = 16u << 10;  // request line and headers; trailers as well
  std::size_t header_count = 64;
  std::size_t target_bytes = 8u << 10;
  std::size_t body_bytes = 1u << 20;
};

// Why a request is not served. Both texts are constants: nothing of the request is echoed.
struct Refusal {
  int status = 400;
  std::string_view reason;   // for counters: malformed framing host target ...
  std::string_view message;  // the rule, one line
};

struct RequestHead {
  std::string method;  // any token: whether it is allowed is for the handler to say
  std::string target;  // as sent
  int version = 11;    // 10 or 11
  Headers headers;
};

// Looks for the end of the header while it arrives, and at once refuses what no reading of it could
// make right: bare CR or LF, control bytes, folded lines, too many lines.
class HeadScanner {
 public:
  explicit HeadScanner(const RequestLimits& limits) : limits_(limits) {}

  // `bytes` follow those of earlier calls. Stops after the blank line.
  std::optional<Refusal> scan(std::string_view bytes);

  bool done() const { return done_; }
  std::size_t size() const { return size_; }  // bytes so far, the blank line included

 private:
  std::optional<Refusal> take(char c);
  std::optional<Refusal> end_line();

  RequestLimits limits_;
  std::size_t size_ = 0;
  std::size_t lines_ = 0;
  std::size_t line_length_ = 0;
  char previous_ = '\0';
  bool done_ = false;
};

// The rules on a header that is well-formed line by line: target, Host, the framing of the body,
// and Expect.
std::optional<Refusal> check_head(const RequestHead& head, const RequestLimits& limits);

// The path and query of a target that check_head() let pass: "http://host/a?b" becomes "/a?b".
std::string origin_form(std::string_view target);

}  // namespace neap::http
