// The commands that write down what neap knows of itself: types for editors, completion for shells,
// man pages.
#pragma once

#include <optional>
#include <string>

#include "app/cli.h"

namespace CLI {
class App;
}

namespace neap::app {

class ManualCommands {
 public:
  void define(CLI::App& app);
  // Carries out the command that was parsed; nothing when it was none of these.
  std::optional<ExitCode> dispatch(const CLI::App& app) const;

 private:
  CLI::App* types_ = nullptr;
  CLI::App* completion_ = nullptr;
  CLI::App* man_ = nullptr;
  std::string folder_ = ".neap/types";
  std::string man_folder_;
  std::string shell_;
};

}  // namespace neap::app
