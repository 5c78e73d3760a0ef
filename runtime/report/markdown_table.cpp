#include "report/markdown_table.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "report/text.h"

namespace neap::report {
namespace {

// Wider cells do not make every row as wide.
constexpr std::size_t kWidest = 60;

}  // namespace

// Underscores within a word and a lone # or - mean nothing; those of names stay readable.
std::string in_markdown(std::string_view text) {
  std::string safe;
  for (const char c : visible(text)) {
    if (std::string_view("|`*<>[]\\").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

MarkdownTable::MarkdownTable(std::vector<std::string> head) {
  rows_.push_back(std::move(head));
}

void MarkdownTable::add(std::vector<std::string> row) {
  rows_.push_back(std::move(row));
}

std::string MarkdownTable::text() const {
  std::vector<std::size_t> widths(rows_.front().size(), 3);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], std::min(display_width(row[i]), kWidest));
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::size_t width = display_width(row[i]);
      text += "| " + row[i] + std::string(width < widths[i] ? widths[i] - width : 0, ' ') + " ";
    }
    text += "|\n";
    if (&row != &rows_.front()) continue;
    for (const std::size_t width : widths) text += "|" + std::string(width + 2, '-');
    text += "|\n";
  }
  return text;
}

}  // namespace neap::report
