// The command line: which command, with which settings.
#pragma once

#include <string>
#include <vector>

#include "app/exit_code.h"
#include "base/log.h"
#include "config/settings.h"
#include "manual/help.h"

namespace neap::app {

inline constexpr const char* kVersion = "0.1.0";

// Runs the command that the arguments name and returns what the process exits with.
int run_command_line(int argc, char** argv);

// What every command gets.
struct Invocation {
  config::Settings settings;
  Log log{LogLevel::kWarn};
  bool quiet = false;
  bool verbose = false;
};

// Of --force-send, which every command that runs a script takes.
inline constexpr const char* kForceSendHelp =
    "send what preflight would refuse: the service decides what a state allows";

struct RunOptions {
  std::string runbook;  // bundled name, path or "-"
  std::string code;     // of -e
  bool has_code = false;
  bool yes = false;
  bool help = false;
  bool durable = false;            // keep the run although it was typed
  bool force_send = false;         // the service decides what a state allows, not preflight
  std::vector<std::string> words;  // the runbook's own parameters
};

struct RehearseOptions {
  RunOptions run;
  std::string seed;                 // empty: a fresh one, which is printed
  std::vector<std::string> faults;  // "OPERATION=KIND[:COUNT]"
};

// How an operator has a run carried on.
struct ResumeOptions {
  std::string run;                // id, or the beginning of one
  std::string with_file;          // in place of the recorded script
  std::string from;               // step, by number or name; empty: where the run stands
  std::vector<std::string> skip;  // steps
  std::vector<std::string> set;   // "STEP=JSON"
  std::string why;                // given whenever from, skip or set is
  bool yes = false;
  bool force_send = false;  // as of RunOptions
  bool cancel = false;      // only to run what the script does on its exit
};

struct SimOptions {
  std::string listen = "127.0.0.1:8780";
  std::string seed;
  double time_scale = 1;
  std::string state_file;
};

struct TestOptions {
  std::vector<std::string> paths;
  bool trusted = false;  // tests of neap itself
  std::string seed;      // empty: a fresh one, which is printed
};

struct HelpOptions {
  std::vector<std::string> words;             // of the topic
  bool apropos = false;                       // the words are to be searched for
  std::vector<manual::CommandHelp> commands;  // every one there is
};

ExitCode run_command(Invocation& invocation, const RunOptions& options);
// Takes the run, replays what its log holds and goes on; resume_command.cpp.
ExitCode resume_command(Invocation& invocation, const ResumeOptions& options);
ExitCode rehearse_command(Invocation& invocation, const RehearseOptions& options);
ExitCode sim_command(Invocation& invocation, const SimOptions& options);
ExitCode sim_env_command(const SimOptions& options);
ExitCode test_command(Invocation& invocation, const TestOptions& options);
ExitCode config_command(const Invocation& invocation, bool origin);
ExitCode version_command(bool as_json);
ExitCode help_command(const Invocation& invocation, const HelpOptions& options);

// One line on standard error, "neap: …".
void report_error(const Error& error);
// The same, and what the process exits with for it.
ExitCode give_up(const Error& error);

}  // namespace neap::app
