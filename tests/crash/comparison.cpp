#include "crash/comparison.h"

#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::test {
namespace {

// The lines of one text that the other does not have, as often as they stand there too often.
std::string only_in(const std::string& text, const std::string& other, const char* lead) {
  std::multiset<std::string_view> left;
  for (const std::string_view line : split(other, '\n')) left.insert(line);
  std::string lines;
  for (const std::string_view line : split(text, '\n')) {
    const auto same = left.find(line);
    if (same != left.end()) {
      left.erase(same);
    } else {
      lines += lead + std::string(line) + "\n";
    }
  }
  return lines;
}

}  // namespace

std::string differences(const Ending& expected, const Ending& ending) {
  std::string text;
  if (ending.run.status != expected.run.status) {
    text += fmt::format("  it ended {}, without a crash {}\n", to_text(ending.run.status),
                        to_text(expected.run.status));
  }
  if (ending.value != expected.value) {
    text += "  it returned " + ending.value + "\n  without a crash " + expected.value + "\n";
  }
  if (ending.error != expected.error) {
    text += "  it failed with " + ending.error + ", without a crash with " + expected.error + "\n";
  }
  text += only_in(ending.state, expected.state, "  only here: ");
  text += only_in(expected.state, ending.state, "  only without a crash: ");
  return text;
}

}  // namespace neap::test
