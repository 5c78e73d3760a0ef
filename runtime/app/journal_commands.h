// The commands about runs that exist: what they take, and the functions behind them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli.h"

namespace CLI {
class App;
}

namespace neap::app {

struct RunsOptions {
  std::string status;  // empty: any
  std::size_t limit = 50;
  std::string run;
  bool entries = false;
  std::string file;               // of an export; empty: standard output
  std::vector<std::string> runs;  // to remove
  bool force = false;             // without asking
  std::string older_than = "90d";
};

struct DecideOptions {
  std::string run;
  std::string step;  // empty: the only one
  std::string comment;
  std::string why;
  bool happened = false;
  bool did_not = false;
  bool force = false;
  bool no_resume = false;
};

struct LocksOptions {
  std::string resource;
  bool force = false;
};

ExitCode list_runs_command(Invocation& invocation, const RunsOptions& options);
ExitCode show_run_command(Invocation& invocation, const RunsOptions& options);
ExitCode run_log_command(Invocation& invocation, const RunsOptions& options);
ExitCode export_run_command(Invocation& invocation, const RunsOptions& options);
ExitCode remove_runs_command(Invocation& invocation, const RunsOptions& options);
ExitCode compact_runs_command(Invocation& invocation, const RunsOptions& options);
ExitCode answer_command(Invocation& invocation, const DecideOptions& options, bool yes);
ExitCode resolve_command(Invocation& invocation, const DecideOptions& options);
ExitCode cancel_command(Invocation& invocation, const DecideOptions& options);
ExitCode list_locks_command(Invocation& invocation);
ExitCode release_lock_command(Invocation& invocation, const LocksOptions& options);
ExitCode doctor_command(Invocation& invocation, bool online);

// Their place on the command line.
class JournalCommands {
 public:
  JournalCommands();
  ~JournalCommands();
  JournalCommands(const JournalCommands&) = delete;
  JournalCommands& operator=(const JournalCommands&) = delete;

  void define(CLI::App& app);
  // Carries out the command that was parsed; nothing when it was none of these.
  std::optional<ExitCode> dispatch(Invocation& invocation);

 private:
  struct Options;
  std::unique_ptr<Options> options_;
};

}  // namespace neap::app
