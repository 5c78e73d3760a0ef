// The bugs that can be planted in the product (base/fault_points.h) and that the end of a run gives
// away; what only a unit test can see is planted there.
#pragma once

#include <string>
#include <vector>

namespace neap::test {

// Those that a run gives away, by its log, by what arrived at the platform, or by its end.
const std::vector<std::string>& planted_bugs();

}  // namespace neap::test
