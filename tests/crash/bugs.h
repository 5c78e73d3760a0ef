// The bugs that can be planted in the product: every name that it gives to fault::bug.
#pragma once

#include <string>
#include <vector>

namespace neap::test {

// Those that a run gives away, by its log, by what arrived at the platform, or by its end.
const std::vector<std::string>& planted_bugs();

}  // namespace neap::test
