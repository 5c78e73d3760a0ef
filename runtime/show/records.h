// Lists whose items have the same fields, as tables.
#pragma once

#include <string>

#include "lua/snapshot.h"
#include "show/look.h"
#include "show/table.h"

namespace neap::show {

// A list of tables with fields, things or not, that hold at least one plain value each.
bool is_records(const lua::Snapshot& value);

// As they are written: whole, without colours, in the order in which the rows name their fields.
enum class Form { kForPeople, kAsWritten };
Table records_table(const lua::Snapshot& list, const Look& look, Form form);
// The table, and what was left out of it.
void put_records(std::string& out, const lua::Snapshot& list, const Look& look,
                 std::size_t indent = 0);

// A value as a cell that is the same everywhere, whole, and times as they were written.
Cell plain_cell(const lua::Snapshot& value);

}  // namespace neap::show
