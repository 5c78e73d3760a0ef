// Single values on one line: in a cell, beside a name, within a table that is written as Lua.
#pragma once

#include <string>

#include "lua/snapshot.h"
#include "show/line.h"
#include "show/table.h"

namespace neap::show {

// As Lua writes it, quotes and all.
std::string quoted(const std::string& text);
// The name of a field likewise: `name`, `["a b"]`, `[42]`.
std::string key_text(const lua::Snapshot::Field& field);
std::string number_text(const lua::Snapshot& number);

// Any value as Lua would write it, `{ 1, 2, name = "demo" }`, things by their names; not much
// longer than so many columns, whatever it holds.
std::string one_line(const lua::Snapshot& value, std::size_t columns);

// A value as a cell, or beside its name: texts as they are, times by the operator's clock, a list
// of plain values with commas. `status`: coloured by what it means for a thing of that resource.
Cell cell_of(const lua::Snapshot& value, bool status = false, std::string_view resource = {});

// "… 12 more (:more)"
std::string more_mark(std::size_t count, bool and_others, const Look& look);

}  // namespace neap::show
