#include "base/utf8.h"

#include <algorithm>
#include <span>

#include "base/width_table.h"

namespace neap {
namespace {

bool holds(std::span<const Range> ranges, char32_t point) {
  const auto* const after =
      std::upper_bound(ranges.data(), ranges.data() + ranges.size(), point,
                       [](char32_t wanted, const Range& range) { return wanted < range.first; });
  return after != ranges.data() && point <= (after - 1)->last;
}

}  // namespace

std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) return std::nullopt;
  char32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    point = (point << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return std::nullopt;
  text.remove_prefix(length);
  return point;
}

// Not wcwidth(): it knows nothing of these in the "C" locale, which containers and cron run in.
std::size_t columns_of(char32_t point) {
  if (point >= 0x20 && point < 0x7F) return 1;
  if (holds(kNoColumns, point)) return 0;
  return holds(kTwoColumns, point) ? 2 : 1;
}

std::string_view start_of(std::string_view text, std::size_t columns) {
  std::string_view rest = text;
  std::size_t taken = 0;
  while (!rest.empty()) {
    std::string_view after = rest;
    const std::optional<char32_t> point = take_code_point(after);
    if (!point) after.remove_prefix(1);
    taken += point ? columns_of(*point) : 1;
    if (taken > columns) break;
    rest = after;
  }
  return text.substr(0, text.size() - rest.size());
}

}  // namespace neap
