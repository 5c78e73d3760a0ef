// How often something may happen: so often at once, and then once more each `refill`.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace neap {

class TokenBucket {
 public:
  struct Limits {
    double burst;
    Duration refill;  // of one token
  };

  TokenBucket(Limits limits, Instant now) : limits_(limits), tokens_(limits.burst), filled_(now) {}

  // Whether it may happen now; takes a token if so.
  bool take(Instant now) {
    const Duration passed = now - filled_;
    filled_ = now;
    tokens_ = std::min(limits_.burst, tokens_ + to_seconds(passed) / to_seconds(limits_.refill));
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  Limits limits_;
  double tokens_;
  Instant filled_;
};

}  // namespace neap
