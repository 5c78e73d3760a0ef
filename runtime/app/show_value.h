// A script's result as text for people.
#pragma once

#include <string>

#include "json/value.h"

namespace neap::app {

// Text as it is; a table of fields as aligned lines; a list of tables as a table with a heading;
// anything else as JSON. Ends with a line break.
std::string show_value(const json::Value& value);

}  // namespace neap::app
