// Where a moment stands on the axis of a timeline. Long stretches in which nothing happens are
// drawn short, so that a failover is seen beside a night's wait for approval.
#pragma once

#include <string>
#include <vector>

#include "report/intervals.h"

namespace neap::report {

struct Tick {
  double x = 0;  // per cent of the width
  UtcTime at{};
  std::string text;  // in UTC: "03:46:30", "12-01 00:00" where a day begins
};

class Scale {
 public:
  // `idle`: when nothing happens; those that are long for the rest are drawn short.
  Scale(Interval whole, const Intervals& idle);

  double at(UtcTime time) const;  // per cent, within 0 and 100
  // The stretches that are drawn short.
  const Intervals& cuts() const { return cuts_; }
  std::vector<Tick> ticks() const;

 private:
  struct Piece {
    Interval time;
    double from = 0;
    double to = 0;
    bool cut = false;
  };

  std::vector<Piece> pieces_;
  Intervals cuts_;
  Duration step_{};
};

}  // namespace neap::report
