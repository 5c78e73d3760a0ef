// neap repl: its options, and a session with them.
#pragma once

#include <optional>
#include <string>

#include "app/cli.h"

namespace CLI {
class App;
}

namespace neap::app {

struct ReplOptions {
  std::string file;  // run before the first prompt
  std::string code;  // likewise, after it
  bool sim = false;  // against a simulator within the process
  std::string seed;
  double time_scale = 60;
};

// Its place on the command line.
class ReplCommand {
 public:
  void define(CLI::App& app);
  // `commands` are those that :help knows.
  std::optional<ExitCode> dispatch(Invocation& invocation,
                                   const std::vector<manual::CommandHelp>& commands);

 private:
  ReplOptions options_;
  CLI::App* command_ = nullptr;
};

}  // namespace neap::app
