// The command line as help, completion and man pages see it: commands, their options and words.
#pragma once

#include <string>
#include <vector>

namespace neap::manual {

struct OptionShape {
  std::vector<std::string> names;  // "-y", "--yes"; one in capitals is a word: "RUN"
  std::string help;
  bool takes_value = false;
  std::vector<std::string> choices;  // of its value; empty: anything

  bool is_word() const { return !names.empty() && names.front().front() != '-'; }
};

struct CommandShape {
  std::string name;  // "runs show"; empty for neap itself
  std::string summary;
  std::vector<OptionShape> options;
  std::vector<CommandShape> within;
};

}  // namespace neap::manual
