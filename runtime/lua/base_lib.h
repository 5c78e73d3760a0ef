// The basic functions that could show or hand a script more than it may have, made safe.
#pragma once

#include <lua.hpp>

namespace neap::lua {

// Replaces print, tostring, getmetatable, setmetatable, rawset, load and loadstring among the
// globals.
void install_base_functions(lua_State* L);

// Pushes what tostring() gives for the value at `index`. Where Lua prints an address, this prints a
// number that counts the things shown so far: stable, and no help to an attacker.
void push_display_text(lua_State* L, int index);

// That number: given when it is first asked for, so that it follows from what the script did.
lua_Integer number_of(lua_State* L, int index);
// 0 for a thing that has none yet.
lua_Integer known_number_of(lua_State* L, int index);

// Whether the value at `index` is a table that a script must not change: its metatable has a
// `__metatable` field.
bool is_protected(lua_State* L, int index);

}  // namespace neap::lua
