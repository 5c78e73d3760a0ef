// Tables as a person would write them in Lua: indented, and cut where there is much of them.
#pragma once

#include <string>

#include "lua/snapshot.h"
#include "show/look.h"

namespace neap::show {

// On one line where that is short; ends with a line break. Every line begins with `indent` blanks.
void put_tree(std::string& out, const lua::Snapshot& value, const Look& look,
              std::size_t indent = 0);

}  // namespace neap::show
