#include "json/big_integers.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace neap::json {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

template <class Integer>
bool fits(std::string_view token) {
  Integer value{};
  return std::from_chars(token.data(), token.data() + token.size(), value).ec == std::errc{};
}

// The integer that starts at `start`; empty when none does, or one that is no whole JSON value.
std::string_view integer_at(std::string_view text, std::size_t start) {
  std::size_t end = start + (text[start] == '-' ? 1 : 0);
  const std::size_t first_digit = end;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == first_digit || text[first_digit] == '0') return {};
  std::size_t next = end;
  while (next < text.size() && is_space(text[next])) ++next;
  // Before a colon it would be a key, and a key must have had its own quotes.
  const bool ends_value =
      next == text.size() || text[next] == ',' || text[next] == ']' || text[next] == '}';
  return ends_value ? text.substr(start, end - start) : std::string_view{};
}

bool is_big(std::string_view token) {
  return token.front() == '-' ? !fits<std::int64_t>(token) : !fits<std::uint64_t>(token);
}

std::size_t end_of_string(std::string_view text, std::size_t quote) {
  std::size_t at = quote + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

}  // namespace

std::string quote_big_integers(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  bool value_may_start = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = end_of_string(text, at);
      out.append(text.substr(at, end - at));
      at = end;
      value_may_start = false;
      continue;
    }
    if (value_may_start && (c == '-' || is_digit(c))) {
      const std::string_view token = integer_at(text, at);
      if (!token.empty() && is_big(token)) {
        out.append("\"").append(token).append("\"");
        at += token.size();
        value_may_start = false;
        continue;
      }
    }
    if (!is_space(c)) value_may_start = c == '[' || c == ',' || c == ':';
    out.push_back(c);
    ++at;
  }
  return out;
}

}  // namespace neap::json
