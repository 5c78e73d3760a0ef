// How many faults the suite really injected: a server that never misbehaved proves nothing.
#pragma once

#include <atomic>
#include <cstdio>

namespace neap::test {

struct FaultCount {
  std::atomic<int> fired = 0;
  ~FaultCount() { std::printf("injected faults fired: %d\n", fired.load()); }
};

// The count of this test program; printed when it ends.
inline void count_fault() {
  static FaultCount count;
  ++count.fired;
}

}  // namespace neap::test
