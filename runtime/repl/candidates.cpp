#include "repl/candidates.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "show/look.h"

namespace neap::repl {
namespace {

constexpr std::size_t kWithHelp = 16;    // so many candidates still show what they are
constexpr std::size_t kMostShown = 120;  // a screen is enough to see how to go on
constexpr std::size_t kGap = 2;

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

std::size_t widest(std::span<const Candidate> candidates) {
  std::size_t width = 0;
  for (const Candidate& each : candidates) {
    width = std::max(width, display_width(printable(each.text)));
  }
  return width;
}

std::string in_lines(std::span<const Candidate> candidates, std::size_t width) {
  const std::size_t column = std::min(widest(candidates), width / 2) + kGap;
  std::string out;
  for (const Candidate& each : candidates) {
    const std::string line = show::padded(printable(each.text), column) + printable(each.help);
    out += show::fit(each.help.empty() ? printable(each.text) : line, width) + "\n";
  }
  return out;
}

std::string in_columns(std::span<const Candidate> candidates, std::size_t width) {
  const std::size_t column = std::min(widest(candidates) + kGap, width);
  const std::size_t columns = std::max<std::size_t>(width / column, 1);
  const std::size_t rows = (candidates.size() + columns - 1) / columns;
  std::string out;
  for (std::size_t row = 0; row < rows; ++row) {
    std::string line;
    for (std::size_t at = row; at < candidates.size(); at += rows) {
      const std::string text = show::fit(printable(candidates[at].text), column);
      line += at + rows < candidates.size() ? show::padded(text, column) : text;
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string common_beginning(std::span<const Candidate> candidates) {
  if (candidates.empty()) return {};
  const std::string& first = candidates.front().text;
  std::size_t length = first.size();
  for (const Candidate& each : candidates) {
    const auto [end, other] =
        std::mismatch(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(length),
                      each.text.begin(), each.text.end());
    length = static_cast<std::size_t>(end - first.begin());
  }
  while (length > 0 && length < first.size() && continues(first[length])) --length;
  return first.substr(0, length);
}

std::string candidate_list(std::span<const Candidate> candidates, std::size_t width) {
  if (candidates.size() <= kWithHelp) return in_lines(candidates, width);
  if (candidates.size() <= kMostShown) return in_columns(candidates, width);
  return in_columns(candidates.first(kMostShown), width) +
         fmt::format("… and {} more: type some of it\n", candidates.size() - kMostShown);
}

std::size_t characters_in(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

}  // namespace neap::repl
