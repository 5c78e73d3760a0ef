#include "lua/bind.h"

#include "lua/prelude.h"

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

int call_now(lua_State* L) {
  Call call{L, context_of(L), entry_of(L)};
  int results = 0;
  return guarded(L, [&] { results = entry_of(L).now(call); }) ? results : raise(L);
}

// Begins the wait of the current task; the scheduler calls it once the task has yielded.
int call_later(lua_State* L) {
  Call call{L, context_of(L), entry_of(L)};
  const auto begin = [&] {
    const std::shared_ptr<Task>& task = call.scheduler().current();
    task->pending = entry_of(L).later(call, Resumer{call.scheduler(), task});
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
