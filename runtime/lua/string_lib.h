// The string functions that a script could turn against the host, with bounds on time and size.
#pragma once

#include <cstddef>

#include <lua.hpp>

namespace neap::lua {

// The longest text that one call may build, in bytes.
inline constexpr std::size_t kMaxText = 8U << 20;

// Replaces find, match, gmatch, gsub, rep and format in the library table on top of the stack.
// Patterns are those of Lua 5.1, see match.h.
void install_string_functions(lua_State* L);

}  // namespace neap::lua
