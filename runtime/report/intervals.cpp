#include "report/intervals.h"

#include <algorithm>

namespace neap::report {

Intervals as_set(Intervals any) {
  std::erase_if(any, [](const Interval& one) { return one.end <= one.begin; });
  std::sort(any.begin(), any.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  Intervals set;
  for (const Interval& one : any) {
    if (!set.empty() && one.begin <= set.back().end) {
      set.back().end = std::max(set.back().end, one.end);
    } else {
      set.push_back(one);
    }
  }
  return set;
}

Intervals without(const Intervals& from, const Intervals& what) {
  Intervals left;
  auto cut = what.begin();
  for (Interval one : from) {
    while (cut != what.end() && cut->end <= one.begin) ++cut;
    for (auto at = cut; at != what.end() && at->begin < one.end; ++at) {
      if (at->begin > one.begin) left.push_back({one.begin, at->begin});
      one.begin = std::max(one.begin, at->end);
    }
    if (one.begin < one.end) left.push_back(one);
  }
  return left;
}

Duration total(const Intervals& set) {
  Duration sum{};
  for (const Interval& one : set) sum += one.end - one.begin;
  return sum;
}

}  // namespace neap::report
