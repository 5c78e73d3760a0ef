// Arguments against the catalogue's documented rules, before anything is sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cloud/catalog.h"
#include "json/value.h"

namespace neap::cloud {

// Every required argument is there, none is unknown, each has its type and keeps its rules, and
// together they keep what the operation demands of them. Kind argument: the message names the
// operation, the field, the value and the rule; places in lists count from 1, as in Lua:
// "servers[2].server_id". An empty object counts as an empty list, as Lua cannot tell them apart.
Result<void> check_arguments(const Operation& operation, const json::Object& arguments);

// What the service would silently ignore of such arguments, one line for each:
// "production_flavorRef = "s6" is ignored beside flavorRef = "c6": flavorRef resizes both servers".
std::vector<std::string> warnings_of(const Operation& operation, const json::Object& arguments);

// "string", "list of strings", …
std::string_view to_text(Type type);

}  // namespace neap::cloud
