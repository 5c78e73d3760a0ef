// A page of help: paragraphs and indented entries, wrapped to the width of the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace neap::manual {

class HelpPage {
 public:
  // `width` in columns; a word that is longer stands on a line of its own.
  explicit HelpPage(std::size_t width) : width_(width) {}

  // Begins a section, after an empty line.
  void heading(std::string_view title);
  // A paragraph; its lines after the first begin at column `hanging` where that is more.
  void paragraph(std::size_t indent, std::string_view text, std::size_t hanging = 0);
  // The label, and the text beside it from column `column` on.
  void entry(std::size_t indent, std::string_view label, std::string_view text, std::size_t column);

  // A line as it is, however long.
  void verbatim(std::size_t indent, std::string_view line);

  const std::string& text() const { return text_; }

 private:
  void wrap(std::string line, std::size_t hanging, std::string_view words);
  std::size_t width_;
  std::string text_;
};

}  // namespace neap::manual
