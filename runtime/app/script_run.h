// One run of one script: its Lua machine, its host, and the way from the file to its result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/script.h"
#include "app/world.h"
#include "config/settings.h"
#include "host.h"
#include "lua/machine.h"

namespace neap::app {

class ScriptRun {
 public:
  struct Outcome {
    std::optional<Error> error;
    std::string traceback;
    json::Value value;  // what the script returned
  };

  // Everything named must outlive the run.
  ScriptRun(World& world, Operator& op, Log& log, const config::Settings& settings,
            const Script& script, bool trusted = false);

  // Runs the file. A runbook file is then described and ready to execute; a script that was typed
  // has done all it does, and the outcome is its own.
  Outcome evaluate();
  // What the runbook's header says (stdlib/runbook.lua, describe); nothing for other scripts.
  const std::optional<json::Object>& description() const { return description_; }
  // Runs the runbook with its parameters as words of the command line.
  Outcome execute(const std::vector<std::string>& words);
  // Calls a function of the standard library with what the file returned as first argument.
  Outcome call(const char* module, const char* function, std::vector<json::Value> arguments);

  // Stops at the next safe point: at once, or when the changing calls under way are answered.
  void stop();
  // Stops now, whatever is under way.
  void force_stop();

 private:
  using Start = Function<Result<std::shared_ptr<lua::Task>>(lua::Machine::Done)>;
  Outcome drive(Start start);
  Outcome describe();

  World& world_;
  const config::Settings& settings_;
  const Script& script_;
  Host host_;
  lua::Machine machine_;
  lua::Ref returned_;
  std::optional<json::Object> description_;
  std::shared_ptr<lua::Task> task_;
  bool stopping_ = false;
};

}  // namespace neap::app
