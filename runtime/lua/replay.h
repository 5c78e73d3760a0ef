// Makes a run repeatable: what its script learns from outside goes into the run's log, and comes
// out of it again, in the same order, when the run is resumed.
//
// The order is what makes parallel tasks repeat themselves. A value from outside reaches a task
// only while nothing else can run, one at a time, and each delivery is one record. So the log is
// one line of deliveries, and between two of them everything follows from the script alone.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "journal/run_log.h"
#include "lua/bind.h"
#include "lua/task.h"

namespace neap::lua {

class Replay final : public TaskObserver {
 public:
  // `log` and `scheduler` must outlive it. The scheduler observes from now on.
  Replay(journal::RunLog& log, Scheduler& scheduler);
  ~Replay() override;

  // Still being fed what the log holds: nothing may be sent, asked or shown as new.
  bool replaying() const;
  // Why the script stopped matching its log; nothing more is fed or sent.
  const std::optional<Error>& diverged() const;

  // A row that answers at once, of a run that is recorded; bind.cpp calls it in place of the row.
  int call_now(Call& call, const Entry& entry);
  // Likewise for a row that waits. What it waits for begins when the log has been used up.
  Pending call_later(Call& call, const Entry& entry, const std::shared_ptr<Task>& task);

  // The call that is being begun will not be answered in this process: the run is to be left as it
  // is once nothing else can move. `reason` says what it waits for.
  void park(const journal::Step& step, Error reason);
  // Raises `error` in the root task and cancels what it started; recorded, so that a resumed run is
  // interrupted at the same place.
  void interrupt(Error error);

  struct Hooks {
    Function<void(Error)> diverged;  // told once, from the loop
    Function<void(Error)> parked;    // nothing moves any more but what was parked; likewise
    Function<void(Error)> broken;    // the log can no longer be written
    Function<void()> caught_up;      // replay is over; what follows is new
  };
  void listen(Hooks hooks);

  // TaskObserver
  void spawned(Task& task, Task* by) override;
  void ended(Task& task) override;
  void idle() override;
  bool settled(const std::shared_ptr<Task>& task, std::uint64_t ticket, bool ok,
               Deliver& values) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace neap::lua
