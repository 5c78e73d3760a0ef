// What arguments demand of each other; a part of check_arguments.
#pragma once

#include <optional>
#include <string>

#include "cloud/catalog.h"
#include "json/value.h"

namespace neap::cloud {

// Why the arguments do not go together, with the reason that the constraint gives; nothing when
// they do. What Bond::kBeats says is no reason to refuse: the winner is what is meant.
std::optional<std::string> complain_of_bond(const Constraint& constraint,
                                            const json::Object& arguments);

}  // namespace neap::cloud
