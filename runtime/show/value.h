// Values for people: a thing as a card, a list of things as a table, other tables as Lua writes
// them.
#pragma once

#include <string>

#include "json/value.h"
#include "lua/snapshot.h"
#include "show/look.h"

namespace neap::show {

// What a prompt shows of a value: a text as it is; a thing of the platform as a card under its
// name; a list of things, or of tables with the same fields, as a table; an Error with its hint;
// any other table as Lua writes it. No line is wider than the look allows, nothing of the value
// reaches the terminal as more than text. Ends with a line break.
std::string value_text(const lua::Snapshot& value, const Look& look);

// A script's result: likewise, but fields are aligned lines, in the order in which they are, and
// those that are lists of tables follow them, each under its name.
std::string result_text(const json::Value& value, const Look& look);

// For `--output table` and `:table`: a list of tables as one plain table, fields as lines of name
// and value, anything else as JSON; whole, without colours, the same on every terminal.
std::string plain_text(const json::Value& value);

// JSON over several lines, whole.
std::string json_text(const json::Value& value);

}  // namespace neap::show
