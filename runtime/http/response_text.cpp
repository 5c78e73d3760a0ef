#include "http/response_text.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include "base/text.h"

namespace neap::http {
namespace {

constexpr std::array<std::string_view, 4> kFraming = {"Content-Length", "Connection", "Keep-Alive",
                                                      "Transfer-Encoding"};

bool is_framing(std::string_view name) {
  return std::any_of(kFraming.begin(), kFraming.end(),
                     [&](std::string_view row) { return equals_ignoring_case(row, name); });
}

bool is_token_char(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_value_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7F) || c == '\t';
}

std::string_view reason_of(int status) {
  const auto reason = boost::beast::http::obsolete_reason(
      boost::beast::http::int_to_status(static_cast<unsigned>(status)));
  return {reason.data(), reason.size()};
}

}  // namespace

Result<void> check_response(const Response& response) {
  if (response.status < 200 || response.status > 599) {
    return fail(ErrorKind::kArgument,
                fmt::format("response: status {} is not between 200 and 599", response.status));
  }
  for (const Header& header : response.headers) {
    if (header.name.empty() ||
        !std::all_of(header.name.begin(), header.name.end(), is_token_char)) {
      return fail(ErrorKind::kArgument,
                  fmt::format("response: \"{}\" is not a header name", printable(header.name)));
    }
    if (!std::all_of(header.value.begin(), header.value.end(), is_value_char)) {
      return fail(ErrorKind::kArgument,
                  fmt::format("response: header {} holds a line break or another control byte",
                              header.name));
    }
  }
  return {};
}

bool may_have_body(int status) {
  return status != 204 && status != 304;
}

std::string response_head(const Response& response, bool keep_alive, std::string_view date) {
  std::string text;
  text.reserve(256);
  auto out = std::back_inserter(text);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\n", response.status, reason_of(response.status));
  for (const Header& header : response.headers) {
    if (is_framing(header.name)) continue;
    text.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (!response.headers.has("Date")) text.append("Date: ").append(date).append("\r\n");
  if (may_have_body(response.status)) {
    fmt::format_to(out, "Content-Length: {}\r\n", response.body.size());
  }
  if (!keep_alive) text.append("Connection: close\r\n");
  text.append("\r\n");
  return text;
}

}  // namespace neap::http
