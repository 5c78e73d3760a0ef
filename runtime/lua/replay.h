// Makes a run repeatable: what its script learns from outside goes into the run's log, and comes
// out of it again, in the same order, when the run is resumed.
//
// The order is what makes parallel tasks repeat themselves. A value from outside reaches a task
// only while nothing else can run, one at a time, and each delivery is one record. So the log is
// one line of deliveries, and between two of them everything follows from the script alone.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "journal/run_log.h"
#include "lua/bind.h"
#include "lua/task.h"

namespace neap::lua {

class Replay final : public TaskObserver {
 public:
  // `log` and `scheduler` must outlive it. The scheduler is observed from now on. `modules` give
  // the rows their full names, "host.timer.now".
  Replay(journal::RunLog& log, Scheduler& scheduler, std::span<const Module* const> modules = {});
  ~Replay() override;
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  // Still being fed what the log holds: nothing may be sent, asked or shown as new.
  bool replaying() const;
  // Why the script stopped matching its log; nothing more is fed or sent. Kind conflict.
  const std::optional<Error>& diverged() const;
  // Likewise when a script has ended and the log holds more than it asked for.
  std::optional<Error> unused() const;

  // A row that answers at once, of a run that is recorded; bind.cpp calls it in place of the row.
  // Failure: what the row raises, or that the script has diverged.
  int call_now(Call& call, const Entry& entry);
  // Likewise for a row that waits. What it waits for begins when the log has been used up and
  // nothing can run.
  Pending call_later(Call& call, const Entry& entry, const std::shared_ptr<Task>& task);

  // The open call of that step will not be answered in this process: the run is to be left as it is
  // once nothing else can move. `reason` says what it waits for.
  void park(const journal::Step& step, Error reason);
  // Raises `error` in the root task and cancels what it started, as soon as nothing can run and the
  // log has been used up; recorded, so that a resumed run is interrupted at the same place. A run
  // is interrupted once: what it does from then on is its cleanup.
  void interrupt(Error error);

  // Called from the loop, never from inside Lua, each once. They may call the Replay but must not
  // end it.
  struct Hooks {
    Function<void(Error)> diverged;
    Function<void(Error)> parked;  // nothing moves any more but what was parked; the first reason
    Function<void(Error)> broken;  // the log can no longer be written; nothing more is delivered
    // What follows is new: before the first call begins that the log does not hold, also in a run
    // that has no records.
    Function<void()> caught_up;
  };
  void listen(Hooks hooks);

  // TaskObserver
  void spawned(Task& task, Task* by) override;
  void ended(Task& task) override;
  void idle() override;
  bool settled(const std::shared_ptr<Task>& task, std::uint64_t ticket,
               Settlement& settlement) override;

 private:
  struct Wait;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace neap::lua
