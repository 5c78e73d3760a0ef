#include "lua/nesting.h"

#include "lua/state.h"

namespace neap::lua {
namespace {

constexpr const char* kTooDeep =
    "nested too deep: %d coroutines or library callbacks in each other";

// Upvalue: the original. Reports a refusal as it reports every failure, by false and a message.
int resume(lua_State* L) {
  if (account_of(L).nested >= kMaxNested) {
    lua_pushboolean(L, 0);
    lua_pushfstring(L, kTooDeep, kMaxNested);
    return 2;
  }
  const Nesting level(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

// Upvalues: the function above, and the coroutine.
int resume_wrapped(lua_State* L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_insert(L, 2);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  if (lua_toboolean(L, 1) != 0) return lua_gettop(L) - 1;
  lua_settop(L, 2);
  return lua_error(L);
}

// Upvalue: the resume of this file.
int wrap(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_State* co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, resume_wrapped, 2);
  return 1;
}

}  // namespace

Nesting::Nesting(lua_State* L) : depth_(account_of(L).nested) {
  if (depth_ >= kMaxNested) luaL_error(L, kTooDeep, kMaxNested);
  ++depth_;
}

void bound_coroutines(lua_State* L) {
  lua_getglobal(L, "coroutine");
  lua_getfield(L, -1, "resume");
  lua_pushcclosure(L, resume, 1);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "resume");
  lua_pushcclosure(L, wrap, 1);
  lua_setfield(L, -2, "wrap");
  lua_pop(L, 1);
}

}  // namespace neap::lua
