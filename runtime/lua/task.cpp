#include "lua/task.h"

#include <cassert>
#include <optional>

#include "lua/json.h"
#include "lua/state.h"

namespace neap::lua {

namespace {

Deliver push_ref(Ref value) {
  return [value = std::move(value)](lua_State* L) {
    value.push(L);
    return 1;
  };
}

Deliver push_failure(Error error) {
  return [error = std::move(error)](lua_State* L) {
    push_error(L, error);
    return 1;
  };
}

Deliver push_decoded(std::shared_ptr<const std::string> text) {
  return [text = std::move(text)](lua_State* L) {
    decode_json(L, *text);
    return 1;
  };
}

}  // namespace

void* host_yield_key() {
  static const char kKey = 0;
  return const_cast<char*>(&kKey);
}

void TaskList::add(Task& task) {
  task.next = first_;
  if (first_ != nullptr) first_->previous = &task;
  first_ = &task;
}

void TaskList::remove(Task& task) {
  if (first_ != &task && task.previous == nullptr) return;
  if (task.next != nullptr) task.next->previous = task.previous;
  (task.previous != nullptr ? task.previous->next : first_) = task.next;
  task.next = task.previous = nullptr;
}

Resumer::Resumer(Scheduler& scheduler, const std::shared_ptr<Task>& task)
    : scheduler_(&scheduler), task_(task), ticket_(++task->ticket) {}

Resumer::~Resumer() {
  if (!task_.expired()) {
    fail(Error{ErrorKind::kAbandoned, "the operation was dropped before it finished",
               "this is a bug in neap; please report it"});
  }
}

// A Task that still exists belongs to a scheduler that still exists: ~Scheduler ends them all.
void Resumer::settle(Settlement settlement) {
  const std::shared_ptr<Task> task = std::exchange(task_, {}).lock();
  if (task && task->co != nullptr) scheduler_->settle(task, ticket_, std::move(settlement));
}

void Resumer::give(Deliver results) {
  settle({true, std::move(results), nullptr});
}

void Resumer::give_json(std::shared_ptr<const std::string> text) {
  settle({true, nullptr, std::move(text)});
}

void Resumer::give() {
  settle({true, nullptr, nullptr});
}

void Resumer::fail(Error error) {
  settle({false, push_failure(std::move(error)), nullptr});
}

void Resumer::raise(Deliver value) {
  settle({false, std::move(value), nullptr});
}

std::optional<Ref> keep_error(Scheduler& scheduler, const Ended& ended) {
  std::optional<Ref> value;
  const Result<int> kept = protect(scheduler.main(), [&](lua_State* L) {
    if (ended.count > 0) {
      lua_pushvalue(ended.stack, -1);
      lua_xmove(ended.stack, L, 1);
    } else {
      push_error(L, ended.error);
    }
    value.emplace(scheduler.liveness(), L);
    return 0;
  });
  if (!kept) value.reset();
  return value;
}

void raise_ended(Scheduler& scheduler, Resumer resume, const Ended& ended) {
  std::optional<Ref> value = keep_error(scheduler, ended);
  if (value) return resume.raise(push_ref(std::move(*value)));
  resume.fail(ended.error);
}

Scheduler::Scheduler(State& state, Loop& loop, Watchdog& watchdog)
    : state_(state),
      main_(state.main()),
      loop_(loop),
      watchdog_(watchdog),
      liveness_(std::make_shared<lua_State*>(state.main())),
      self_(liveness_, this) {}

Scheduler::~Scheduler() {
  cancel_all();
}

std::shared_ptr<Task> Scheduler::spawn(lua_State* from, int arguments, Task* parent,
                                       Function<void(Ended)> done) {
  auto task = std::make_shared<Task>();
  task->parent = parent;
  task->done = std::move(done);
  task->co = lua_newthread(from);
  task->anchor = luaL_ref(from, LUA_REGISTRYINDEX);
  lua_xmove(from, task->co, arguments + 1);
  task->slot = static_cast<std::uint32_t>(alive_.size());
  task->origin = current_ != nullptr ? current_->origin : ++last_origin_;
  alive_.push_back(task);
  if (parent != nullptr) parent->children.add(*task);
  if (observer_ != nullptr) observer_->spawned(*task, current_.get());
  wake(task, task->ticket, true, nullptr);
  return task;
}

void Scheduler::cancel(const std::shared_ptr<Task>& task) {
  if (task->co == nullptr) return;
  if (task == current_) {
    task->doomed = true;
    return;
  }
  Ended ended;
  ended.cancelled = true;
  ended.error = Error{ErrorKind::kCancelled, "the task was cancelled"};
  finish(task, std::move(ended));
}

void Scheduler::cancel_all() {
  while (!alive_.empty()) {
    const std::shared_ptr<Task> task = alive_.back();
    cancel(task);
    if (task == current_) return;
  }
}

void Scheduler::interrupt(const Task& alive, Error error) {
  Ended ended;
  ended.error = std::move(error);
  fail_parent(std::shared_ptr<Task>(alive_[alive.slot]), ended);
}

void Scheduler::raise_in(const std::shared_ptr<Task>& task, Ref value) {
  assert(task != current_);
  task->pending.reset();
  wake(task, ++task->ticket, false, push_ref(std::move(value)));
}

void Scheduler::settle(const std::shared_ptr<Task>& task, std::uint64_t ticket,
                       Settlement settlement) {
  if (observer_ != nullptr && observer_->settled(task, ticket, settlement)) return;
  if (settlement.json) settlement.values = push_decoded(std::move(settlement.json));
  wake(task, ticket, settlement.ok, std::move(settlement.values));
}

void Scheduler::deliver(const std::shared_ptr<Task>& task, std::uint64_t ticket, bool ok,
                        Deliver values) {
  if (task->co != nullptr) wake(task, ticket, ok, std::move(values));
}

// A posted end of a suspension. The scheduler may be gone when it runs. Packed, since there may be
// one for each of 100,000 tasks.
struct Scheduler::Wake {
  std::weak_ptr<Scheduler> scheduler;
  std::weak_ptr<Task> task;
  std::uint64_t ticket : 63;
  std::uint64_t ok : 1;
  Deliver values;

  void operator()() {
    Scheduler* const self = scheduler.lock().get();
    if (self == nullptr) return;
    const std::shared_ptr<Task> sleeper = task.lock();
    if (sleeper && sleeper->co != nullptr && sleeper->ticket == ticket) {
      self->resume(sleeper, ok != 0, values);
    }
    if (--self->woken_ == 0 && self->observer_ != nullptr) self->observer_->idle();
  }
};

void Scheduler::wake(const std::shared_ptr<Task>& task, std::uint64_t ticket, bool ok,
                     Deliver values) {
  ++woken_;
  loop_.post(
      Wake{self_, task, ticket & ~(std::uint64_t{1} << 63U), ok ? 1U : 0U, std::move(values)});
}

void Scheduler::resume(const std::shared_ptr<Task>& task, bool ok, Deliver& values) {
  ++task->ticket;
  task->pending.reset();
  lua_State* co = task->co;
  if (lua_status(co) == LUA_YIELD) {
    const Result<int> pushed = protect(main_, [&](lua_State* L) {
      lua_pushboolean(L, ok ? 1 : 0);
      const int count = 1 + (values ? values(L) : 0);
      luaL_checkstack(co, count, "too many results");
      lua_xmove(L, co, count);
      return 0;
    });
    if (!pushed) {
      Ended ended;
      ended.error = pushed.error();
      return finish(task, std::move(ended));
    }
  }
  const int arguments = lua_status(co) == LUA_YIELD ? lua_gettop(co) : lua_gettop(co) - 1;
  current_ = task;
  const int status = [&] {
    const auto guard = watchdog_.watch();
    return lua_resume(co, arguments);
  }();
  current_ = nullptr;
  after_resume(task, status);
}

void Scheduler::after_resume(const std::shared_ptr<Task>& task, int status) {
  if (task->doomed) {
    cancel(task);
  } else if (status == LUA_YIELD && lua_touserdata(task->co, 1) == host_yield_key()) {
    begin_wait(task);
  } else if (status == LUA_YIELD) {
    Ended ended;
    ended.error = Error{ErrorKind::kScript, "coroutine.yield outside a coroutine",
                        "only a function run by coroutine.resume or coroutine.wrap may yield"};
    finish(task, std::move(ended));
  } else if (status == 0) {
    close(task);
  } else {
    finish(task, failure(task));
  }
  state_.relieve();
}

// The task yielded a host function and its arguments, which are called here, on a stack that has
// room for them.
void Scheduler::begin_wait(const std::shared_ptr<Task>& task) {
  current_ = task;
  const Result<int> begun = protect(main_, [&](lua_State* L) {
    const int values = lua_gettop(task->co) - 1;
    luaL_checkstack(L, values, "too many arguments");
    lua_xmove(task->co, L, values);
    lua_call(L, values - 1, 0);
    return 0;
  });
  current_ = nullptr;
  lua_settop(task->co, 0);
  if (task->doomed) return cancel(task);
  if (begun) return;
  task->pending.reset();
  wake(task, ++task->ticket, false, push_failure(begun.error()));
}

// The function returned; the task ends once its children have.
void Scheduler::close(const std::shared_ptr<Task>& task) {
  task->closing = true;
  if (!task->children.empty()) return;
  Ended ended;
  ended.ok = true;
  ended.count = lua_gettop(task->co);
  finish(task, std::move(ended));
}

// What the error on top of the task's stack says. What the host itself stopped has no value that
// a script could have touched.
Ended Scheduler::failure(const std::shared_ptr<Task>& task) {
  Ended ended;
  if (std::optional<Error> stopped = watchdog_.take_expiry()) {
    ended.error = std::move(*stopped);
    return ended;
  }
  ended.count = 1;
  const Result<int> read = protect(main_, [&](lua_State* L) {
    lua_pushvalue(task->co, -1);
    lua_xmove(task->co, L, 1);
    const bool passed_on = raised_ && (raised_->value.push(L), lua_rawequal(L, -1, -2) != 0);
    lua_settop(L, 1);
    if (!passed_on) {
      luaL_traceback(L, task->co, nullptr, 0);
      std::string traceback = lua_tostring(L, -1);
      lua_pushvalue(L, 1);
      raised_ = Raised{Ref(liveness_, L), std::move(traceback)};
      lua_settop(L, 1);
    }
    ended.traceback = raised_->traceback;
    ended.error = take_error(L);
    return 0;
  });
  if (!read) {
    ended.count = 0;
    ended.error = read.error();
  }
  return ended;
}

// By value: erasing the task may drop the caller's last owner.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
void Scheduler::finish(std::shared_ptr<Task> task, Ended ended) {
  task->pending.reset();
  cancel_children(*task);
  alive_[task->slot] = alive_.back();
  alive_[task->slot]->slot = task->slot;
  alive_.pop_back();
  if (observer_ != nullptr) observer_->ended(*task);
  ended.task = task.get();
  ended.stack = std::exchange(task->co, nullptr);
  Task* parent = std::exchange(task->parent, nullptr);
  if (parent != nullptr) parent->children.remove(*task);
  if (task->done) std::exchange(task->done, nullptr)(ended);
  if (parent != nullptr) child_ended(*parent, ended);
  luaL_unref(main_, LUA_REGISTRYINDEX, task->anchor);
}

// Detached first: their end is no news to a parent that is ending, or that ended them itself.
void Scheduler::cancel_children(Task& parent) {
  while (Task* const child = parent.children.first()) {
    parent.children.remove(*child);
    child->parent = nullptr;
    cancel(*child);
  }
}

void Scheduler::child_ended(Task& parent, const Ended& ended) {
  if (parent.co == nullptr) return;
  const std::shared_ptr<Task> task = alive_[parent.slot];
  if (!ended.ok && !ended.cancelled) return fail_parent(task, ended);
  if (parent.closing && parent.children.empty()) close(task);
}

// A child failed: its siblings end, and the parent sees the very value that the child raised.
void Scheduler::fail_parent(const std::shared_ptr<Task>& parent, const Ended& ended) {
  cancel_children(*parent);
  std::optional<Ref> value = keep_error(*this, ended);
  if (value && !parent->closing) return raise_in(parent, std::move(*value));
  Ended passed;
  passed.error = ended.error;
  finish(parent, std::move(passed));
}

}  // namespace neap::lua
