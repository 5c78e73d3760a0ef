// Single values against the types and rules of their parameters; a part of check_arguments.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cloud/catalog.h"
#include "json/value.h"

namespace neap::cloud {

// Why arguments are refused: "servers[2].server_id = 7 must be a string".
struct Complaint {
  std::string text;
  std::string hint;
};

// The first value that is missing, unknown or breaks a rule; nothing when all are good. `path` is
// what the object stands in, "servers[2]", and empty for the arguments themselves.
std::optional<Complaint> complain_of_values(std::span<const Param> params,
                                            const json::Object& values, const std::string& path);

// The value as an operator may see it: printable, and short enough for one line.
std::string shown(const json::Value& value);

}  // namespace neap::cloud
