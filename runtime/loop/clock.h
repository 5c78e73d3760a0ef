// Where a world's time comes from: the system, or a test that lets it jump.
#pragma once

#include "base/time.h"

namespace neap {

class Clock {
 public:
  virtual ~Clock() = default;
  // Monotonic; goes on while the machine sleeps, so that deadlines hold across a suspend.
  virtual Instant now() const = 0;
  virtual UtcTime utc() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  UtcTime utc() const override;
};

// Stands still until the loop, with nothing else to do, moves it to the next timer.
class VirtualClock final : public Clock {
 public:
  static constexpr UtcTime kStart{std::chrono::seconds{1767225600}};  // 2026-01-01T00:00:00Z

  explicit VirtualClock(UtcTime start = kStart) : start_(start) {}
  Instant now() const override { return now_; }
  UtcTime utc() const override {
    return start_ + std::chrono::duration_cast<std::chrono::milliseconds>(now_);
  }
  // Never moves backwards.
  void advance_to(Instant instant) {
    if (instant > now_) now_ = instant;
  }

 private:
  UtcTime start_;
  Instant now_{0};
};

}  // namespace neap
