#include "lua/bind.h"

#include "lua/prelude.h"
#include "lua/replay.h"

namespace neap::lua {
namespace {

const Entry& entry_of(lua_State* L) {
  return *static_cast<const Entry*>(lua_touserdata(L, lua_upvalueindex(1)));
}

Context& context_of(lua_State* L) {
  return *static_cast<Context*>(lua_touserdata(L, lua_upvalueindex(2)));
}

int raise(lua_State* L) {
  locate_error(L);
  return lua_error(L);
}

// Nothing when the call needs no recording.
Replay* recorder(const Context& context, const Entry& entry) {
  return entry.source == Source::kScript ? nullptr : context.replay;
}

int call_now(lua_State* L) {
  const Entry& entry = entry_of(L);
  Call call{L, context_of(L), entry};
  int results = 0;
  const auto answer = [&] {
    Replay* const replay = recorder(call.context(), entry);
    results = replay != nullptr ? replay->call_now(call, entry) : entry.now(call);
  };
  return guarded(L, answer) ? results : raise(L);
}

// Begins the wait of the current task; the scheduler calls it once the task has yielded.
int call_later(lua_State* L) {
  const Entry& entry = entry_of(L);
  Call call{L, context_of(L), entry};
  const auto begin = [&] {
    const std::shared_ptr<Task>& task = call.scheduler().current();
    Replay* const replay = recorder(call.context(), entry);
    task->pending = replay != nullptr ? replay->call_later(call, entry, task)
                                      : entry.later(call, Resumer{call.scheduler(), task});
  };
  return guarded(L, begin) ? 0 : lua_error(L);
}

}  // namespace

int refuse_wait(lua_State* L) {
  if (lua_isyieldable(L) != 0) return lua_error(L);  // it was something else: memory has run out
  lua_getupvalue(L, 1, 2);
  const Context& context = *static_cast<Context*>(lua_touserdata(L, -1));
  lua_getupvalue(L, 1, 1);
  const std::string name = static_cast<const Entry*>(lua_touserdata(L, -1))->name;
  const bool in_task = context.scheduler != nullptr && context.scheduler->current() != nullptr;
  push_error(L, in_task ? Error{ErrorKind::kUsage, name + " waits, and nothing can wait here",
                                "move it out of the table.sort, string.gsub or require that calls "
                                "it"}
                        : Error{ErrorKind::kUsage, name + " waits, so it needs a task",
                                "call it from a runbook or inside task.spawn"});
  return raise(L);
}

void push_entries(lua_State* L, Context& context, std::span<const Entry> entries) {
  lua_createtable(L, 0, static_cast<int>(entries.size()));
  for (const Entry& entry : entries) {
    if (entry.later != nullptr) push_awaiting(L);
    lua_pushlightuserdata(L, const_cast<Entry*>(&entry));
    lua_pushlightuserdata(L, &context);
    lua_pushcclosure(L, entry.later != nullptr ? call_later : call_now, 2);
    if (entry.later != nullptr) lua_call(L, 1, 1);
    lua_setfield(L, -2, entry.name);
  }
}

void define_class(lua_State* L, Context& context, const void* key, const char* name,
                  std::span<const Entry> methods, lua_CFunction collect) {
  lua_pushlightuserdata(L, const_cast<void*>(key));
  lua_createtable(L, 0, 3);
  push_entries(L, context, methods);
  lua_setfield(L, -2, "__index");  // methods only: __gc stays out of reach
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
  lua_rawset(L, LUA_REGISTRYINDEX);
}

}  // namespace neap::lua
