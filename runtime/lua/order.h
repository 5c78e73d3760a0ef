// The order in which scripts see the keys of a table: one that follows from the keys alone.
#pragma once

#include <lua.hpp>

namespace neap::lua {

// Replaces pairs and next among the globals, and table.foreach in the library table on top of the
// stack, by ones whose order a resumed run repeats, whatever the memory looks like: whole numbers
// from 1 upwards, other numbers, texts by their bytes, false, true, then tables, functions and
// other objects by the number that tostring() shows. A table with two or more object keys that have
// no number yet has no such order: kind script.
void install_ordered_functions(lua_State* L);

}  // namespace neap::lua
