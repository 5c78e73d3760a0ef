#include "manual/help_page.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace neap::manual {
namespace {

constexpr std::size_t kHanging = 2;  // of a heading that is longer than a line

}  // namespace

// Puts the words behind `line`, which may end in blanks, and goes on in lines of its own.
void HelpPage::wrap(std::string line, std::size_t hanging, std::string_view words) {
  std::size_t used = display_width(line);
  bool first = true;  // of its line
  for (const std::string_view word : split(words, ' ')) {
    if (word.empty()) continue;
    const std::size_t columns = display_width(word);
    if (!first && used + 1 + columns > width_) {
      text_ += line + "\n";
      line.assign(hanging, ' ');
      used = hanging;
      first = true;
    }
    if (!first) line += ' ';
    line += word;
    used += columns + (first ? 0 : 1);
    first = false;
  }
  text_ += line + "\n";
}

void HelpPage::heading(std::string_view title) {
  if (!text_.empty()) text_ += "\n";
  wrap("", kHanging, title);
}

void HelpPage::paragraph(std::size_t indent, std::string_view text, std::size_t hanging) {
  wrap(std::string(indent, ' '), std::max(indent, hanging), text);
}

void HelpPage::entry(std::size_t indent, std::string_view label, std::string_view text,
                     std::size_t column) {
  std::string line = std::string(indent, ' ') + std::string(label);
  const std::size_t used = display_width(line);
  if (used + 2 > column) {
    text_ += line + "\n";
    line.assign(column, ' ');
  } else {
    line.append(column - used, ' ');
  }
  wrap(std::move(line), column, text);
}

void HelpPage::verbatim(std::size_t indent, std::string_view line) {
  text_ += std::string(indent, ' ') + std::string(line) + "\n";
}

}  // namespace neap::manual
