// neap hooks: what neap serve was told of, what became of it, and an operator's word about it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "app/cli.h"

namespace CLI {
class App;
}

namespace neap::app {

struct HooksOptions {
  std::string status;  // empty: any
  std::size_t limit = 50;
  std::string event;   // id, the beginning of one, or an action key
  std::string result;  // of a discard: CONTINUE or ABANDON; empty: none is given
};

ExitCode list_events_command(Invocation& invocation, const HooksOptions& options);
ExitCode show_event_command(Invocation& invocation, const HooksOptions& options);
ExitCode retry_event_command(Invocation& invocation, const HooksOptions& options);
ExitCode discard_event_command(Invocation& invocation, const HooksOptions& options);

// Their place on the command line.
class HooksCommands {
 public:
  HooksCommands();
  ~HooksCommands();
  HooksCommands(const HooksCommands&) = delete;
  HooksCommands& operator=(const HooksCommands&) = delete;

  void define(CLI::App& app);
  // Carries out the command that was parsed; nothing when it was none of these.
  std::optional<ExitCode> dispatch(Invocation& invocation);

 private:
  struct Options;
  std::unique_ptr<Options> options_;
};

}  // namespace neap::app
