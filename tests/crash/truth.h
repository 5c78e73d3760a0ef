// The operator of a story: answers questions as told, and what is in doubt with the truth.
#pragma once

#include <cstddef>

#include "crash/platform.h"
#include "journal/store.h"

namespace neap::test {

// Says to the run everything that it waits for, as `neap approve`, `reject` and `resolve` do, and
// returns how many calls in doubt were among it. Lets time pass until none of them can take effect
// any more; who does not `answer` lets the deadline of a question pass.
Result<std::size_t> decide(journal::Store& store, const std::string& run, Platform& platform,
                           bool approves, bool answers);

}  // namespace neap::test
