// Tells neap's own options from the parameters of a runbook, which stand beside them.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace neap::app {

struct SplitArguments {
  std::vector<std::string> own;    // for CLI11
  std::vector<std::string> words;  // for the runbook: "--group", "demo"
};

// `arguments` follow the name of the command `command`. The first that is no option names the
// runbook; an option that neither the command nor the program knows belongs to the runbook, with
// the value after it.
SplitArguments split_arguments(const std::vector<std::string>& arguments, const CLI::App& program,
                               const CLI::App& command);

}  // namespace neap::app
