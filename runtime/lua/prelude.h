// The Lua half of waiting: stdlib/prelude.lua, loaded once per state.
#pragma once

#include <lua.hpp>

namespace neap::lua {

// define_border under lua_cpcall: the first thing done to a fresh state, before protect() works.
// Throws Failure when memory does not suffice.
void prepare_border(lua_State* L);

// Runs the prelude: after prepare_border, while the libraries are still open, before the sandbox
// closes them. Under protect().
void load_prelude(lua_State* L);

// Pushes the function that wraps a waiting host function; load_prelude made it.
void push_awaiting(lua_State* L);

}  // namespace neap::lua
