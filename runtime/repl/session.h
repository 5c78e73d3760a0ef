// A session: one Lua machine, the statements that run in it, and what they left.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "lua/machine.h"
#include "repl/desk.h"
#include "repl/statement.h"
#include "runs/world.h"

namespace neap::repl {

enum class Stage { kRunning, kDone, kFailed };

// A statement that was begun, and not taken off the list since.
struct Statement {
  int number = 0;
  Typed typed;
  Stage stage = Stage::kRunning;
  Instant began{};
  Instant ended{};
  lua::Machine::Outcome outcome;
};

class Session {
 public:
  // Everything named must outlive it. `place`: see Desk. `folder`: where `require` finds files.
  Session(runs::World& world, Console& console, Log& log, const config::Settings& settings,
          std::string place, std::string folder);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // How the text is to be understood here.
  Typed read(std::string_view text);
  // Begins to run the code; `ended` is called from the loop once, with the number that was
  // returned.
  int begin(Typed typed, Function<void(int)> ended);

  const Statement* find(int number) const;
  std::vector<const Statement*> statements() const;
  // Takes an ended one off the list.
  void drop(int number);

  // Makes the statement's wait fail with kind cancelled; while a changing call is unanswered, once
  // it is answered. The second time ends the statement whatever it does.
  void interrupt(int number);

  // The value becomes `_`.
  void keep_last(const lua::Ref& value);
  // A copy for showing; kind argument for what JSON cannot hold.
  Result<json::Value> copy(const lua::Ref& value) { return machine_.copy(value); }
  // What is shown of it; kind internal when memory ran out.
  Result<lua::Snapshot> snapshot(const lua::Ref& value, const lua::SnapshotLimits& limits) {
    return machine_.picture(value, limits);
  }
  lua::Ref share(const lua::Ref& value) { return machine_.share(value); }
  // The globals that the session gave values to, sorted.
  std::vector<std::string> globals();
  // Runs a function of the standard library's `repl` to its end, at most for `budget`; nothing when
  // that was not enough or it failed.
  std::optional<json::Value> ask_library(const char* function, std::vector<json::Value> arguments,
                                         Duration budget);

  Desk& desk() { return desk_; }
  Loop& loop() { return world_.loop(); }

 private:
  struct Running;
  int statement_now();
  void finish(int number, lua::Machine::Outcome outcome);

  runs::World& world_;
  Console& console_;
  Desk desk_;
  Host host_;
  lua::Machine machine_;
  std::map<int, std::unique_ptr<Running>> running_;
  int last_number_ = 0;
};

}  // namespace neap::repl
