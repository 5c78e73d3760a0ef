// The Lua half of waiting: stdlib/prelude.lua, loaded once per state.
#pragma once

#include <lua.hpp>

namespace neap::lua {

// Prepares a fresh state (define_border, then the prelude). Run under lua_cpcall, after the
// libraries are open and before the sandbox closes them.
void load_prelude(lua_State* L);

// Pushes the function that wraps a waiting host function; load_prelude made it.
void push_awaiting(lua_State* L);

}  // namespace neap::lua
