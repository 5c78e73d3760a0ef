// The states that things go through, as one graph: what leads from where to where, by all
// operations of the catalogue together.
#pragma once

#include <string_view>
#include <vector>

#include "cloud/catalog.h"

namespace neap::cloud {

// Whether a thing in this status may still come to be in that one by itself: false once the work
// that is under way leads elsewhere, or has failed, or nothing leads there at all. The empty target
// means gone. What the catalogue does not know of may always be reached.
bool reachable(std::string_view resource, std::string_view status, std::string_view target);

// Whether work is under way on a thing in this status.
bool is_under_way(std::string_view resource, std::string_view status);

// The fewest operations after each other that lead from the status to one of the targets without
// moving production; none when nothing does, or the status is one of them.
std::vector<const Operation*> way_to(std::string_view resource, std::string_view status,
                                     Words targets);

}  // namespace neap::cloud
