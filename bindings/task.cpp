// host.task: tasks as scripts start them.
#include "host.h"
#include "lua/bind.h"
#include "lua/nursery.h"

namespace neap::bindings {
namespace {

// A task that a script may wait for, and how it ended.
struct Handle {
  std::weak_ptr<lua::Task> task;
  bool ended = false;
  bool ok = false;
  lua::Ref outcome;  // the list of results with their count in `n`, or the error value
  std::vector<std::pair<std::uint64_t, std::shared_ptr<lua::Resumer>>> waiters;
  std::uint64_t serial = 0;
};

int push_results(lua_State* L, const lua::Ref& results) {
  results.push(L);
  const int table = lua_gettop(L);
  lua_getfield(L, table, "n");
  const int count = static_cast<int>(lua_tointeger(L, -1));
  lua_pop(L, 1);
  if (lua_checkstack(L, count) == 0) {
    throw Failure(ErrorKind::kScript, "the task returned too many results");
  }
  for (int i = 1; i <= count; ++i) lua_rawgeti(L, table, i);
  lua_remove(L, table);
  return count;
}

void answer(const std::shared_ptr<Handle>& handle, lua::Resumer& resume) {
  if (!handle->ok) {
    return resume.raise([handle](lua_State* L) {
      handle->outcome.push(L);
      return 1;
    });
  }
  resume.give([handle](lua_State* L) { return push_results(L, handle->outcome); });
}

// Keeps how the task ended: its values live on its stack only until the callback returns.
void keep(lua::Scheduler& scheduler, Handle& handle, const lua::Ended& ended) {
  handle.ended = true;
  handle.ok = ended.ok;
  if (!ended.ok) {
    if (auto value = keep_error(scheduler, ended)) handle.outcome = std::move(*value);
    return;
  }
  const Result<int> kept = lua::protect(scheduler.main(), [&](lua_State* L) {
    lua_createtable(L, ended.count, 1);
    for (int i = 1; i <= ended.count; ++i) {
      lua_pushvalue(ended.stack, i - ended.count - 1);
      lua_xmove(ended.stack, L, 1);
      lua_rawseti(L, -2, i);
    }
    lua_pushinteger(L, ended.count);
    lua_setfield(L, -2, "n");
    handle.outcome = lua::Ref(scheduler.liveness(), L);
    return 0;
  });
  if (!kept) handle.ok = false;
}

int spawn(lua::Call& call) {
  call.expect_function(1);
  const std::shared_ptr<lua::Task> parent = call.scheduler().current();
  auto handle = std::make_shared<Handle>();
  auto done = [handle, &scheduler = call.scheduler()](const lua::Ended& ended) {
    keep(scheduler, *handle, ended);
    for (auto& [id, resume] : std::exchange(handle->waiters, {})) answer(handle, *resume);
  };
  handle->task =
      call.scheduler().spawn(call.L, lua_gettop(call.L) - 1, parent.get(), std::move(done));
  lua::push_object(call.L, std::move(handle));
  return 1;
}

lua::Pending wait(lua::Call& call, lua::Resumer resume) {
  auto handle = call.object<Handle>(1);
  if (handle->task.lock() == call.scheduler().current())
    call.refuse("a task cannot wait for itself");
  if (handle->ended) {
    answer(handle, resume);
    return {};
  }
  const std::uint64_t id = ++handle->serial;
  handle->waiters.emplace_back(id, std::make_shared<lua::Resumer>(std::move(resume)));
  // Ends the registration when the wait is over.
  struct Registration {
    std::shared_ptr<Handle> handle;
    std::uint64_t id;
    Registration(std::shared_ptr<Handle> h, std::uint64_t i) : handle(std::move(h)), id(i) {}
    Registration(Registration&&) = default;
    ~Registration() {
      if (handle) std::erase_if(handle->waiters, [&](const auto& row) { return row.first == id; });
    }
  };
  return lua::Pending{Registration{std::move(handle), id}};
}

int cancel(lua::Call& call) {
  if (const auto task = call.object<Handle>(1)->task.lock()) call.scheduler().cancel(task);
  return 0;
}

int status(lua::Call& call) {
  const auto handle = call.object<Handle>(1);
  if (!handle->ended) return call.give(std::string_view("running"));
  return call.give(std::string_view(handle->ok ? "done" : "failed"));
}

lua::Pending run_all(lua::Call& call, lua::Resumer resume) {
  return lua::Nursery::start(call, std::move(resume), 1, lua::Nursery::Until::kAllReturned);
}

lua::Pending run_until_one_ends(lua::Call& call, lua::Resumer resume) {
  return lua::Nursery::start(call, std::move(resume), 1, lua::Nursery::Until::kOneEnded);
}

constexpr lua::Entry kEntries[] = {
    {"spawn", "(function, ...) -> Task", spawn},
    {"run_all", "(functions)", run_all},
    {"run_until_one_ends", "(functions)", run_until_one_ends},
};

constexpr lua::Entry kHandle[] = {
    {"wait", "(self) -> results", wait},
    {"cancel", "(self)", cancel},
    {"status", "(self) -> running|done|failed", status},
};

}  // namespace

extern const lua::Module task{"host.task", kEntries};
// The methods of the handles that spawn() gives: no module, but rows as of one, for the manual.
extern const lua::Module task_class{"neap.Task", kHandle};

void define_task(lua_State* L, lua::Context& context) {
  lua::define<Handle>(L, context, "Task", kHandle);
}

}  // namespace neap::bindings
