// One run of one script: its Lua machine, its host, and the way from the file to its result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "host.h"
#include "lua/machine.h"
#include "runs/replayed_operator.h"
#include "runs/script.h"
#include "runs/world.h"

namespace neap::runs {

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
    DurableRun* kept = nullptr;       // of a durable run, outliving this
    bool force_send = false;          // see Host
    const Hold* hold = nullptr;       // see Host
    cloud::Client* client = nullptr;  // in place of the world's, outliving this
  };

  // Everything named must outlive the run.
  ScriptRun(World& world, Operator& op, Log& log, const config::Settings& settings,
            const Script& script, Options options);
  ScriptRun(World& world, Operator& op, Log& log, const config::Settings& settings,
            const Script& script)
      : ScriptRun(world, op, log, settings, script, Options{}) {}

  // Tells nobody any more.
  ~ScriptRun() { ending_ = true; }
  ScriptRun(const ScriptRun&) = delete;
  ScriptRun& operator=(const ScriptRun&) = delete;

  // Runs the file and, where it is a runbook, executes it with its parameters as words of the
  // command line; code that was typed has done all it does when the file has run.
  Outcome run(const std::vector<std::string>& words) { return go_on(evaluate(), words); }

  // The two halves of run(), for whoever needs the description between them.
  Outcome evaluate();
  Outcome go_on(Outcome evaluated, const std::vector<std::string>& words);
  // What the runbook's header says (stdlib/runbook.lua, describe), or which handlers the file
  // registered (stdlib/hooks.lua); nothing for other scripts.
  const std::optional<json::Object>& description() const { return description_; }
  Outcome execute(const std::vector<std::string>& words);
  // Calls a function of the standard library with what the file returned as first argument.
  Outcome call(const char* module, const char* function, std::vector<json::Value> arguments);

  // Those above drive the loop until they are done. These leave that to others and call `done`
  // once, from the loop, unless the run is destroyed first.
  using Done = Function<void(Outcome)>;
  void begin_evaluate(Done done);
  void begin_call(const char* module, const char* function, std::vector<json::Value> arguments,
                  Done done);
  // What the script may reach from now on; a runbook's header says so itself.
  void grant(Grants grants) { host_.grants = std::move(grants); }

  // What a durable run has come to once its script has: it may have ended before its log did, or
  // with a call that is in doubt.
  Outcome checked(Outcome outcome);

  // Raises `error` in the script, which may clean up; at once, or when the log has been replayed.
  void interrupt(Error error);
  // Stops at the next safe point: at once, or when the changing calls under way are answered.
  void stop();
  // Stops now, whatever is under way.
  void force_stop();

 private:
  using Start = Function<Result<std::shared_ptr<lua::Task>>(lua::Machine::Done)>;
  void begin(Start start, Done done);
  void ended(lua::Machine::Outcome result);
  void finish_soon(Outcome outcome);
  Outcome drive(Function<void(Done)> begin_it);
  void evaluated(Outcome outcome, Done done);
  void begin_describe(Done done);
  Outcome described(Outcome outcome, lua::Ref subject);
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
  Done done_;            // of what is under way
  bool ending_ = false;  // its outcome is known, and told soon
  Loop::Timer telling_;
  Loop::Timer watch_;  // for what other processes say to this run
  bool stopping_ = false;
};

}  // namespace neap::runs
