// One run of one script: its Lua machine, its host, and the way from the file to its result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/replayed_operator.h"
#include "app/script.h"
#include "app/world.h"
#include "config/settings.h"
#include "host.h"
#include "lua/machine.h"

namespace neap::app {

class DurableRun;

class ScriptRun {
 public:
  // How the process leaves the run. Only a durable one can be left otherwise than ended.
  enum class Left {
    kEnded,
    kParked,    // nothing moves until a person answers: an approval (kind precondition) or in_doubt
    kStopped,   // interrupted; another process can go on
    kDiverged,  // the script no longer matches what the run did; nothing was sent
    kBroken,    // the journal cannot be written any more; nothing was sent since
  };
  struct Outcome {
    Left left = Left::kEnded;
    std::optional<Error> error;
    std::string traceback;
    json::Value value;  // what the script returned
  };

  struct Options {
    bool trusted = false;
    DurableRun* kept = nullptr;  // of a durable run, outliving this
  };

  // Everything named must outlive the run.
  ScriptRun(World& world, Operator& op, Log& log, const config::Settings& settings,
            const Script& script, Options options);
  ScriptRun(World& world, Operator& op, Log& log, const config::Settings& settings,
            const Script& script)
      : ScriptRun(world, op, log, settings, script, Options{}) {}

  // Runs the file and, where it is a runbook, executes it with its parameters as words of the
  // command line; code that was typed has done all it does when the file has run.
  Outcome run(const std::vector<std::string>& words);

  // The two halves of run(), for whoever needs the description between them.
  Outcome evaluate();
  // What the runbook's header says (stdlib/runbook.lua, describe); nothing for other scripts.
  const std::optional<json::Object>& description() const { return description_; }
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
  Outcome checked(Outcome outcome);
  void record();
  void leave(Left left, Error reason);
  void caught_up();
  void look_around();

  World& world_;
  const config::Settings& settings_;
  const Script& script_;
  DurableRun* kept_;
  ReplayedOperator op_;
  Host host_;
  lua::Machine machine_;
  lua::Replay* replay_ = nullptr;
  lua::Ref returned_;
  std::optional<json::Object> description_;
  std::shared_ptr<lua::Task> task_;
  Left left_ = Left::kEnded;
  std::optional<Error> reason_;  // why it was left
  Loop::Timer watch_;            // for what other processes say to this run
  bool stopping_ = false;
};

}  // namespace neap::app
