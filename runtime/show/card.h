// One thing, and all that is known of it.
#pragma once

#include <string>

#include "lua/snapshot.h"
#include "show/look.h"

namespace neap::show {

// A title, "protection group demo", and the fields below it; an Error by its kind and its message.
void put_card(std::string& out, const lua::Snapshot& thing, const Look& look);

// The fields of a table as aligned lines in the order in which they are; after them those that hold
// tables, each under its name.
void put_members(std::string& out, const lua::Snapshot& table, const Look& look,
                 std::size_t indent = 0);

}  // namespace neap::show
