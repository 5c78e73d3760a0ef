// A random schedule: which runbook, which faults, who else is at work on the platform, where the
// processes die and what the operator says, all from one number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crash/story.h"

namespace neap::test {

// The same seed gives the same story. `all` must outlive it.
Story schedule(std::uint64_t seed, const std::vector<Scenario>& all);

// What is in it, a line each.
std::string describe(const Story& story);

}  // namespace neap::test
