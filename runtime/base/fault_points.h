// Places where a test makes this program die or misbehave on purpose. The product links
// no_fault_points.cpp, in which nothing ever happens; only test programs link the other side,
// tests/support/fault_points.cpp.
#pragma once

#include <string_view>

namespace neap::fault {

// The process may end here, by SIGKILL, when a test says so. Places: "commit.before",
// "commit.after" (of every durable write), "send.after", "answer.after" (of every changing call).
void crash_point(std::string_view place);

// Whether a test switched on the bug of that name; each is named at the one place that acts on it.
bool bug(std::string_view name);

}  // namespace neap::fault
