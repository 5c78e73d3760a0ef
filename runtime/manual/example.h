// Examples of calls, made from what the catalogue asks for: plausible values that keep every rule.
#pragma once

#include <string>

#include "cloud/catalog.h"
#include "json/value.h"
#include "manual/surface.h"

namespace neap::manual {

// Arguments that the operation takes: what is required, and what that demands beside it.
json::Object example_arguments(const cloud::Operation& operation);

// A few lines of Lua that call the member, from where a script begins.
std::string example_of(const Surface& surface, const Member& member);

// The value as a Lua script writes it.
std::string lua_text(const json::Value& value);

}  // namespace neap::manual
