#include "http/request_rules.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text.h"

namespace neap::http {
namespace {

constexpr Refusal malformed(std::string_view message) {
  return {400, "malformed", message};
}
constexpr Refusal framing(std::string_view message) {
  return {400, "framing", message};
}
constexpr Refusal bad_target(std::string_view message) {
  return {400, "target", message};
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_host_char(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || is_digit(c) || std::string_view("-._~:[]").find(c) != std::string_view::npos;
}

bool starts_with_scheme(std::string_view target, std::string_view scheme) {
  return equals_ignoring_case(target.substr(0, scheme.size()), scheme);
}

// Bytes of "http://" or "https://" in front; 0 when the target is not in absolute form.
std::size_t scheme_size(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (starts_with_scheme(target, scheme)) return scheme.size();
  }
  return 0;
}

std::string_view authority_of(std::string_view target) {
  const std::string_view rest = target.substr(scheme_size(target));
  return rest.substr(0, rest.find_first_of("/?"));
}

std::optional<Refusal> check_host(const RequestHead& head) {
  const std::size_t count = head.headers.count("Host");
  if (count > 1) return Refusal{400, "host", "more than one Host header"};
  if (count == 0) {
    if (head.version == 10) return std::nullopt;
    return Refusal{400, "host", "the Host header is missing"};
  }
  const std::string_view host = head.headers.get("Host");
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_char)) {
    return Refusal{400, "host", "the Host header is not a host and port"};
  }
  return std::nullopt;
}

std::optional<Refusal> check_target(const RequestHead& head, const RequestLimits& limits) {
  const std::string_view target = head.target;
  if (target.size() > limits.target_bytes) {
    return Refusal{414, "target_too_long", "the request target is too long"};
  }
  const bool plain = std::all_of(target.begin(), target.end(),
                                 [](char c) { return c > ' ' && c < '\x7F' && c != '#'; });
  if (!plain) return bad_target("the request target holds a byte that must be percent-encoded");
  if (target.starts_with('/')) return std::nullopt;
  if (scheme_size(target) == 0) return bad_target("the request target must begin with a slash");
  // A Host that differs from the authority would make the two ends route it differently.
  if (!equals_ignoring_case(authority_of(target), head.headers.get("Host"))) {
    return bad_target("this server is no proxy: the target names another host");
  }
  return std::nullopt;
}

std::optional<Refusal> check_length(std::string_view value, const RequestLimits& limits) {
  constexpr std::size_t kMostDigits = 10;  // no reader of it overflows 64 bits
  if (value.empty() || value.size() > kMostDigits ||
      !std::all_of(value.begin(), value.end(), is_digit)) {
    return framing("Content-Length must be one number of at most ten digits");
  }
  std::uint64_t length = 0;
  std::from_chars(value.data(), value.data() + value.size(), length);
  if (length <= limits.body_bytes) return std::nullopt;
  return Refusal{413, "body_too_large", "the request body is too large"};
}

std::optional<Refusal> check_framing(const RequestHead& head, const RequestLimits& limits) {
  const std::size_t lengths = head.headers.count("Content-Length");
  const std::size_t encodings = head.headers.count("Transfer-Encoding");
  if (lengths > 0 && encodings > 0) {
    return framing("Content-Length and Transfer-Encoding exclude each other");
  }
  if (lengths > 1) return framing("more than one Content-Length header");
  if (encodings > 1) return framing("more than one Transfer-Encoding header");
  if (lengths == 1) return check_length(head.headers.get("Content-Length"), limits);
  if (encodings == 0) return std::nullopt;
  if (head.version == 10) return framing("HTTP/1.0 has no Transfer-Encoding");
  if (equals_ignoring_case(head.headers.get("Transfer-Encoding"), "chunked")) return std::nullopt;
  return Refusal{501, "transfer_encoding", "the only Transfer-Encoding served is chunked"};
}

std::optional<Refusal> check_expect(const RequestHead& head) {
  const std::size_t count = head.headers.count("Expect");
  if (count == 0) return std::nullopt;
  if (count == 1 && equals_ignoring_case(head.headers.get("Expect"), "100-continue")) {
    return std::nullopt;
  }
  return Refusal{417, "expectation", "the only expectation served is 100-continue"};
}

}  // namespace

std::optional<Refusal> HeadScanner::scan(std::string_view bytes) {
  for (const char c : bytes) {
    if (done_) break;
    ++size_;
    if (std::optional<Refusal> refusal = take(c)) return refusal;
    previous_ = c;
  }
  if (done_ || size_ < limits_.header_bytes) return std::nullopt;
  if (lines_ == 0) return Refusal{414, "target_too_long", "the request line is too long"};
  return Refusal{431, "header_too_large", "the request header is too large"};
}

std::optional<Refusal> HeadScanner::take(char c) {
  if (c == '\n') return end_line();
  if (previous_ == '\r') return malformed("a carriage return without a line feed");
  if (c == '\r') return std::nullopt;
  if (is_control(c)) return malformed("a control byte in the header");
  if (line_length_ == 0 && (c == ' ' || c == '\t')) return malformed("a folded header line");
  ++line_length_;
  return std::nullopt;
}

std::optional<Refusal> HeadScanner::end_line() {
  if (previous_ != '\r') return malformed("a line feed without a carriage return");
  if (line_length_ == 0) {
    if (lines_ == 0) return malformed("an empty line where the request line belongs");
    done_ = true;
    return std::nullopt;
  }
  line_length_ = 0;
  ++lines_;
  // The first line is the request line.
  if (lines_ <= limits_.header_count + 1) return std::nullopt;
  return Refusal{431, "header_too_large", "too many headers"};
}

std::optional<Refusal> check_head(const RequestHead& head, const RequestLimits& limits) {
  if (auto refusal = check_host(head)) return refusal;
  if (auto refusal = check_target(head, limits)) return refusal;
  if (auto refusal = check_framing(head, limits)) return refusal;
  return check_expect(head);
}

std::string origin_form(std::string_view target) {
  if (scheme_size(target) == 0) return std::string(target);
  const std::string_view rest = target.substr(scheme_size(target) + authority_of(target).size());
  return rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
}

}  // namespace neap::http
