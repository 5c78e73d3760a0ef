// The sign of life of the work itself: whoever does it beats, others look how long ago that was.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "loop/clock.h"

namespace neap::serve {

class Pulse {
 public:
  explicit Pulse(const Clock& clock) : clock_(clock), last_(clock.now()) {}
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

  // The work loop has come round: to be called from where it would stop if it hung, at least once
  // in kEvery, whether there was work or not.
  static constexpr Duration kEvery = std::chrono::seconds{1};
  void turn() {
    last_ = clock_.now();
    ++turns_;
  }

  std::uint64_t turns() const { return turns_; }
  Duration age() const { return clock_.now() - last_; }

 private:
  const Clock& clock_;
  Instant last_;
  std::uint64_t turns_ = 0;
};

}  // namespace neap::serve
