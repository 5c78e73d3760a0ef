// The lots that tests draw: fresh ones in each run, so that every run of a suite looks at cases
// which nobody has seen, and the same ones again where NEAP_SEED names those of an earlier run.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/random.h"

namespace neap::test {

inline std::uint64_t seed_of_run() {
  const char* given = std::getenv("NEAP_SEED");
  // Small enough for `neap test --seed`, which takes the same variable.
  return given != nullptr ? std::stoull(given) : Random::fresh_seed() >> 32;
}

}  // namespace neap::test
