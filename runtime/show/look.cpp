#include "show/look.h"

#include <array>

#include "base/text.h"
#include "base/utf8.h"

namespace neap::show {

std::string styled(bool color, Style style, std::string_view text) {
  constexpr std::array<std::string_view, 6> kCodes = {"", "1", "2", "32", "31", "33"};
  const std::string_view code = kCodes.at(static_cast<std::size_t>(style));
  if (!color || code.empty() || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string fit(std::string_view text, std::size_t columns, std::string_view mark) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  return std::string(start_of(text, columns - 1)) + std::string(mark);
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t width = display_width(text);
  if (width < columns) text.append(columns - width, ' ');
  return text;
}

}  // namespace neap::show
