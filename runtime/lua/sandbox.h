// What scripts can reach: an allow-list of the standard library, with the dangerous parts replaced.
#pragma once

#include <lua.hpp>

namespace neap::lua {

// Turns the globals of a fresh state into those of a script (reliability.md 5e). Call it protected,
// once, in this order: open the libraries; let the host capture what it needs (debug.getinfo,
// the raw coroutine functions) and put its own coroutine functions in place; make_sandbox; add the
// host's globals, since every global that is not on the list disappears; seal_library("os").
//
// string, table, math, bit and coroutine become read-only. `os` keeps difftime and stays open, for
// the host to add its own clock.
void make_sandbox(lua_State* L);

// Makes the global table of that name read-only: scripts get an empty table in front of it whose
// writes raise an error that names the library.
void seal_library(lua_State* L, const char* name);

}  // namespace neap::lua
