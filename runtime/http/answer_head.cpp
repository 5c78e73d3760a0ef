#include "http/answer_head.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::http {
namespace {

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return !text.empty() && error == std::errc{} && stop == end;
}

}  // namespace

bool AnswerHead::add(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > kMaxBytes) return refuse(fmt::format("its headers exceed {} bytes", kMaxBytes));
  if (++lines_ > kMaxLines) return refuse(fmt::format("its headers exceed {} lines", kMaxLines));
  if (complete()) return true;  // a trailer: nothing here needs one
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/") && (ended_ || status_ == 0)) return start(line);
  if (!line.empty()) return add_field(line);
  ended_ = true;
  return status_ < 200 || check_framing();
}

bool AnswerHead::start(std::string_view line) {
  headers_ = {};
  ended_ = false;
  framed_by_protocol_ = !line.starts_with("HTTP/1");
  const std::size_t space = line.find(' ');
  const bool has_status = space != std::string_view::npos && line.size() >= space + 4;
  if (!has_status || !parse_number(line.substr(space + 1, 3), status_) || status_ < 100) {
    return refuse("its status line has no status");
  }
  return true;
}

bool AnswerHead::add_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return refuse("a header line has no name");
  const std::string_view name = line.substr(0, colon);
  if (name.find_first_of(" \t") != std::string_view::npos) {
    return refuse("a header name holds a space");
  }
  headers_.add(std::string(name), std::string(trim(line.substr(colon + 1))));
  return true;
}

bool AnswerHead::check_framing() {
  for (const Header& header : headers_) {
    if (equals_ignoring_case(header.name, "Content-Length")) {
      std::uint64_t length = 0;
      if (!parse_number(header.value, length)) return refuse("its Content-Length is not a number");
      if (length_ && *length_ != length) return refuse("it has two different Content-Lengths");
      length_ = length;
    } else if (equals_ignoring_case(header.name, "Transfer-Encoding")) {
      if (chunked_ || !equals_ignoring_case(header.value, "chunked")) {
        return refuse("its Transfer-Encoding is not just \"chunked\"");
      }
      chunked_ = true;
    }
  }
  if (length_ && chunked_) return refuse("it has both Content-Length and Transfer-Encoding");
  return true;
}

bool AnswerHead::delimited(Method method) const {
  const bool has_no_body = method == Method::kHead || status_ == 204 || status_ == 304;
  return has_no_body || framed_by_protocol_ || length_.has_value() || chunked_;
}

bool AnswerHead::refuse(std::string fault) {
  fault_ = std::move(fault);
  return false;
}

}  // namespace neap::http
