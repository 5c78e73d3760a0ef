// What a run took for its own doing, against what the platform documents of the operation.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "journal/entry.h"

namespace neap::test {

// A sentence for each call that was taken to be under way, or over, in a status that the operation
// does not lead to.
std::vector<std::string> wrongly_adopted(std::span<const journal::Logged> log);

}  // namespace neap::test
