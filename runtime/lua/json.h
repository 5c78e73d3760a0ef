// JSON in Lua: texts to tables and back, losing nothing on the way.
//
// null is a value of its own (json.null, true in conditions); an array carries a mark, so that an
// empty one stays an array; an integer beyond 2^53 becomes a string of its digits.
#pragma once

#include <string>
#include <string_view>

#include <lua.hpp>

#include "json/document.h"

namespace neap::lua {

// Each of the following may raise a Lua memory error and is called under protection.

// Pushes what the document says. Failure when it is nested too deeply for the Lua stack.
void push_json(lua_State* L, const json::Document& document);

// Reads and pushes; the Failure (kind argument) says what is wrong with the text and where.
void decode_json(lua_State* L, std::string_view text, const json::Limits& limits = {});

// The value as compact JSON, keys sorted. Failure as for to_value in lua/value.h.
std::string encode_json(lua_State* L, int index);

void push_json_null(lua_State* L);
bool is_json_null(lua_State* L, int index);

// Marks the table as an array, which matters while it is empty. The mark is a metatable: one that
// the table had is replaced.
void mark_json_array(lua_State* L, int index);
bool is_json_array(lua_State* L, int index);

}  // namespace neap::lua
