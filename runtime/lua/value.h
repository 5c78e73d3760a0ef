// Lua values as JSON values and back: how data outlives, or travels between, Lua states.
#pragma once

#include <lua.hpp>

#include "json/document.h"
#include "json/value.h"

namespace neap::lua {

// A copy of the value at `index`, members sorted by key, metamethods ignored. Integral numbers up
// to 2^53 become integers. Failure (kind argument) naming the path, such as ".hosts[3].name", for:
// functions, threads, userdata other than null, NaN and infinities, text that is not UTF-8, tables
// that mix text and number keys or have holes, cycles, and what is beyond the limits, which hold
// for the JSON text as for reading one. A Failure leaves what was on the way on the Lua stack, for
// the protected call of the caller to clear.
json::Value to_value(lua_State* L, int index, const json::Limits& limits = {});

// An empty array stays one; an integer beyond 2^53 becomes a string of its digits. To be called
// under protection.
void push_value(lua_State* L, const json::Value& value);

}  // namespace neap::lua
