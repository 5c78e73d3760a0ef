// How the end of a run differs from the one that it comes to when nothing goes wrong.
#pragma once

#include <string>

#include "crash/story.h"

namespace neap::test {

// A line for each difference; empty: there is none.
std::string differences(const Ending& expected, const Ending& ending);

}  // namespace neap::test
