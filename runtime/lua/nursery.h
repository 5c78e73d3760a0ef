// Runs functions side by side as tasks that belong to one wait: below task.all, race, map, timeout.
#pragma once

#include <memory>
#include <optional>

#include "lua/bind.h"

namespace neap::lua {

// Held by the Pending of the task that waits: whatever ends the wait ends the tasks too.
class Nursery {
 public:
  enum class Until {
    kAllReturned,  // the wait ends when every function has returned
    kOneEnded,     // the wait ends as the first function does, and the rest are cancelled
  };

  // Starts every function of the list at index `functions` of the call. The first failure cancels
  // the rest and is raised in the waiting task. What functions return is dropped.
  static Pending start(Call& call, Resumer resume, int functions, Until until);

  ~Nursery();
  Nursery(const Nursery&) = delete;
  Nursery& operator=(const Nursery&) = delete;

 private:
  Nursery(Scheduler& scheduler, Resumer resume, Until until);
  void child_ended(const Ended& ended);
  void cancel_rest();
  Resumer take_resumer();

  Scheduler& scheduler_;
  std::optional<Resumer> resume_;  // empty once the wait has been ended
  Until until_;
  TaskList running_;
};

}  // namespace neap::lua
