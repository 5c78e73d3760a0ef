// Tables that read well as they are, in a terminal, and once a ticket has set them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace neap::report {

// Text from outside, harmless within a line of Markdown.
std::string in_markdown(std::string_view text);

// Its cells are what in_markdown() made.
class MarkdownTable {
 public:
  explicit MarkdownTable(std::vector<std::string> head);
  void add(std::vector<std::string> row);
  bool empty() const { return rows_.size() == 1; }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the head first
};

}  // namespace neap::report
