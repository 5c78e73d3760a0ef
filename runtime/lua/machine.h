// A Lua state ready for scripts: libraries, prelude, sandbox, watchdog, scheduler and modules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/value.h"
#include "lua/bind.h"
#include "lua/loader.h"
#include "lua/replay.h"
#include "lua/snapshot.h"
#include "lua/state.h"
#include "lua/task.h"
#include "lua/watchdog.h"

namespace neap::lua {

struct MachineOptions {
  StateOptions state;
  CpuBudget cpu;
  std::string script_folder;   // where `require` finds files beside the script; empty: nowhere
  bool trusted = false;        // the script may require what the standard library may
  Modules* modules = nullptr;  // of a durable run: keeps what is loaded
};

class Machine {
 public:
  // What a finished task leaves: its error, or its results, still Lua values.
  struct Outcome {
    std::optional<Error> error;
    std::string traceback;
    Ref value;              // the first result; nil when there is none
    std::vector<Ref> rest;  // those after it
    bool none = false;      // there is no result, not even nil
  };
  using Done = Function<void(Outcome)>;
  using Argument = std::variant<json::Value, const Ref*>;

  // Throws Failure when the state cannot be set up. Everything named must outlive the machine.
  Machine(Loop& loop, Host& host, std::span<const Module* const> modules,
          void (*define_classes)(lua_State*, Context&), MachineOptions options);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Makes the run a durable one; before anything is started. The log must outlive the machine.
  Replay& record(journal::RunLog& log);

  // Compiles the text and runs it as a task. Fails at once with kind script and the line of a
  // syntax error.
  Result<std::shared_ptr<Task>> start(std::string_view source, const std::string& chunk_name,
                                      Done done);
  // Calls a function of a standard library module as a task.
  Result<std::shared_ptr<Task>> start_library(std::string_view module, const char* function,
                                              std::vector<Argument> arguments, Done done);
  // Compiles the text and runs nothing; errors as of start().
  Result<void> check(std::string_view source, const std::string& chunk_name);
  // Another hold on the same value.
  Ref share(const Ref& value);
  // Gives scripts the value under this name.
  Result<void> set_global(const char* name, const Ref& value);
  // A copy of a Lua value that outlives the state. Kind argument for what JSON cannot hold.
  Result<json::Value> copy(const Ref& value);
  // A picture of any Lua value, for showing it: nothing of the script runs.
  Result<Snapshot> picture(const Ref& value, const SnapshotLimits& limits = {});
  // Whether the value is a table with a function of that name.
  bool has_function(const Ref& value, const char* name);

  Scheduler& scheduler() { return scheduler_; }
  // Stops Lua code that is running right now; for signal handlers and other threads.
  void interrupt() { watchdog_.interrupt(); }

 private:
  Result<std::shared_ptr<Task>> spawn(Done done, Function<int(lua_State*)> push_call);

  State state_;
  Watchdog watchdog_;
  Scheduler scheduler_;
  Context context_;
  Loader loader_;
  std::span<const Module* const> modules_;
  std::optional<Replay> replay_;  // dies before the tasks do
};

}  // namespace neap::lua
