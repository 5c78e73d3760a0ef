// table.sort and table.concat with bounds on time and size that no input can break.
#pragma once

#include <lua.hpp>

namespace neap::lua {

inline constexpr int kMaxSorted = 100'000;  // elements

// Replaces sort and concat in the library table on top of the stack.
void install_table_functions(lua_State* L);

}  // namespace neap::lua
