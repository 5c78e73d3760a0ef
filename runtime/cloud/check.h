// Arguments against the catalogue's documented rules, before anything is sent.
#pragma once

#include <string_view>

#include "base/error.h"
#include "cloud/catalog.h"
#include "json/value.h"

namespace neap::cloud {

// Every required argument is there, none is unknown, and each has its type and keeps its rules.
// Kind argument: the message names the operation, the field, the value and the rule.
Result<void> check_arguments(const Operation& operation, const json::Object& arguments);

// What the rule asks for, for help and messages: "at most 64 bytes of …"; empty for kAny.
std::string_view rule_text(Rule rule);
// "string", "list of strings", …
std::string_view to_text(Type type);

}  // namespace neap::cloud
