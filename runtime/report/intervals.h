// Sets of moments, as lists of intervals that are in order and do not touch.
#pragma once

#include <vector>

#include "base/time.h"

namespace neap::report {

struct Interval {
  UtcTime begin{};
  UtcTime end{};
};
using Intervals = std::vector<Interval>;

// Any intervals as a set; empty ones and those that end before they begin are dropped.
Intervals as_set(Intervals any);
// What is in `from` and not in `what`; both are sets.
Intervals without(const Intervals& from, const Intervals& what);
Duration total(const Intervals& set);

}  // namespace neap::report
