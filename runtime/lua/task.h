// Tasks: coroutines that wait for the host, their one scheduler, and the right to wake one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/function.h"
#include "base/owner.h"
#include "loop/loop.h"
#include "lua/call.h"
#include "lua/ref.h"
#include "lua/watchdog.h"

namespace neap::lua {

class State;

// What a suspended task is waiting for. Destroying it cancels the work.
using Pending = Owner;

using Deliver = Function<int(lua_State*)>;  // pushes results, returns how many

struct Task;

// How a task ended. The values are on top of `stack` only while the callback runs; a callback
// that keeps them takes a Ref under protect().
struct Ended {
  Task* task = nullptr;
  bool ok = false;
  bool cancelled = false;
  lua_State* stack = nullptr;
  int count = 0;          // results when ok; otherwise 1, the error value, or 0 when cancelled
  Error error;            // the error in C++ terms, when not ok
  std::string traceback;  // of an error that a script raised
};

// The living tasks that somebody answers for. A task is in one list at most, and its end takes it
// out. Owns none of them.
class TaskList {
 public:
  bool empty() const { return first_ == nullptr; }
  Task* first() const { return first_; }
  void add(Task& task);
  void remove(Task& task);  // does nothing when the task is in no list

 private:
  Task* first_ = nullptr;
};

// A coroutine under the scheduler, and kept small: there may be 100,000 of them. Children are tasks
// that task.spawn started from it: they never outlive it, and the failure of one ends the others
// and is raised in the parent.
struct Task {
  lua_State* co = nullptr;
  Task* parent = nullptr;
  Pending pending;  // at most one, while suspended
  TaskList children;
  Task* next = nullptr;  // in the list of its parent, or of its nursery
  Task* previous = nullptr;
  Function<void(Ended)> done;
  std::uint64_t ticket = 0;  // names the current suspension
  std::uint32_t slot = 0;    // where the scheduler keeps it
  int anchor = LUA_NOREF;    // keeps `co` alive in the registry
  std::uint32_t origin = 0;  // the same number for all that comes of one task of the host's
  bool closing = false;      // its function returned; waits for children
  bool doomed = false;       // cancelled while running
};

class Scheduler;

// How a suspension ends: the call returns what `values` pushes or, in its place, the decoded
// `json`; when not ok, it raises the one value that `values` pushes.
struct Settlement {
  bool ok = true;
  Deliver values;
  std::shared_ptr<const std::string> json;
};

// The right to end one suspension, once. Dropped unused, it wakes the task with kind abandoned, so
// that no task is left asleep by mistake. Once the suspension is over, by whatever means, it
// does nothing.
class Resumer {
 public:
  Resumer(Scheduler& scheduler, const std::shared_ptr<Task>& task);
  Resumer(Resumer&&) noexcept = default;
  Resumer& operator=(Resumer&&) = delete;
  ~Resumer();

  void give(Deliver results);  // the call returns what `results` pushes
  void give_json(std::shared_ptr<const std::string> text);  // the call returns the decoded text
  void give();                                              // the call returns nothing
  void fail(Error error);                                   // the call raises `error`
  void raise(Deliver value);  // the call raises the one value that `value` pushes

 private:
  void settle(Settlement settlement);
  Scheduler* scheduler_;
  std::weak_ptr<Task> task_;
  std::uint64_t ticket_;
};

// Hears what tasks do, for the sake of repeating it (replay.h).
class TaskObserver {
 public:
  virtual ~TaskObserver() = default;
  // `by` is the task that was running, nullptr for the host.
  virtual void spawned(Task& task, Task* by) = 0;
  virtual void ended(Task& task) = 0;
  // Nothing can run any more until something comes from outside the tasks.
  virtual void idle() = 0;
  // A Resumer was used. True: the observer has taken the settlement and wakes the task itself, by
  // Scheduler::deliver.
  virtual bool settled(const std::shared_ptr<Task>& task, std::uint64_t ticket,
                       Settlement& settlement) = 0;
};

class Scheduler {
 public:
  // The state must have been prepared with define_border and outlive the scheduler.
  Scheduler(State& state, Loop& loop, Watchdog& watchdog);
  // Cancels every task, so that what they wait for dies before the loop does.
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Takes a function and its `arguments` arguments from the top of `from`'s stack; call it under
  // protect() or from a binding. The task starts from the loop, never from inside.
  std::shared_ptr<Task> spawn(lua_State* from, int arguments, Task* parent,
                              Function<void(Ended)> done);
  // Ends the task and its children; `done` hears of it with kind cancelled. Does nothing to a task
  // that has ended. A task that is running ends as soon as it waits or returns.
  void cancel(const std::shared_ptr<Task>& task);
  void cancel(const Task& alive) { cancel(std::shared_ptr<Task>(alive_[alive.slot])); }
  void cancel_all();
  // Ends what the task has started and raises the error where it waits. A task that has returned,
  // and waits for its children only, fails with it. Not for the task that is running.
  void interrupt(const Task& alive, Error error);

  // At most one; must outlive the scheduler or be taken away with nullptr.
  void observe(TaskObserver* observer) { observer_ = observer; }
  // Ends a suspension with values that the observer had taken.
  void deliver(const std::shared_ptr<Task>& task, std::uint64_t ticket, bool ok, Deliver values);
  // No task is about to run.
  bool idle() const { return woken_ == 0 && current_ == nullptr; }

  const std::shared_ptr<Task>& current() const { return current_; }
  std::size_t alive() const { return alive_.size(); }
  const Liveness& liveness() const { return liveness_; }
  lua_State* main() const { return main_; }
  Loop& loop() const { return loop_; }

 private:
  friend class Resumer;
  struct Wake;
  void settle(const std::shared_ptr<Task>& task, std::uint64_t ticket, Settlement settlement);
  void wake(const std::shared_ptr<Task>& task, std::uint64_t ticket, bool ok, Deliver values);
  void resume(const std::shared_ptr<Task>& task, bool ok, Deliver& values);  // the only lua_resume
  void after_resume(const std::shared_ptr<Task>& task, int status);
  void begin_wait(const std::shared_ptr<Task>& task);
  void close(const std::shared_ptr<Task>& task);
  void finish(std::shared_ptr<Task> task, Ended ended);
  void cancel_children(Task& parent);
  void child_ended(Task& parent, const Ended& ended);
  void fail_parent(const std::shared_ptr<Task>& parent, const Ended& ended);
  void raise_in(const std::shared_ptr<Task>& task, Ref value);
  Ended failure(const std::shared_ptr<Task>& task);

  State& state_;
  lua_State* main_;
  Loop& loop_;
  Watchdog& watchdog_;
  Liveness liveness_;
  std::shared_ptr<Scheduler> self_;  // owns nothing; for what may outlive the scheduler
  std::shared_ptr<Task> current_;
  std::vector<std::shared_ptr<Task>> alive_;
  // The last error that ended a task, and where it came from: the same value, raised on in a
  // parent, still comes from there.
  struct Raised {
    Ref value;
    std::string traceback;
  };
  std::optional<Raised> raised_;
  TaskObserver* observer_ = nullptr;
  std::size_t woken_ = 0;  // wakes that are posted and have not run
  std::uint32_t last_origin_ = 0;
};

// The error value of a task that failed, to be raised elsewhere; nothing when memory has run out.
std::optional<Ref> keep_error(Scheduler& scheduler, const Ended& ended);
// Raises in one task the very value with which another failed.
void raise_ended(Scheduler& scheduler, Resumer resume, const Ended& ended);

// The value that a yield on behalf of the host carries.
void* host_yield_key();

}  // namespace neap::lua
