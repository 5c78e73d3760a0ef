#include "report/scale.h"

#include <algorithm>
#include <array>

namespace neap::report {
namespace {

constexpr double kWidthOfCut = 6;  // per cent
constexpr std::size_t kMostCuts = 5;
constexpr double kLongForTheRest = 0.2;  // of the time in which something happens
constexpr double kMostTicks = 9;
constexpr double kBetweenTicks = 9;  // per cent, at least

double length(const Interval& interval) {
  return to_seconds(interval.end - interval.begin);
}

// The longest of those that are worth it, in order.
Intervals cuts_of(const Interval& whole, const Intervals& idle) {
  const double busy = length(whole) - to_seconds(total(idle));
  Intervals cuts = idle;
  std::erase_if(cuts, [&](const Interval& one) {
    return length(one) < 2 || length(one) < kLongForTheRest * busy;
  });
  std::sort(cuts.begin(), cuts.end(),
            [](const Interval& a, const Interval& b) { return length(a) > length(b); });
  if (cuts.size() > kMostCuts) cuts.resize(kMostCuts);
  return as_set(std::move(cuts));
}

Duration nice_step(double seconds) {
  constexpr std::array<double, 25> kSteps{0.01, 0.02, 0.05,  0.1,   0.2,   0.5,   1,     2,   5,
                                          10,   15,   30,    60,    120,   300,   600,   900, 1800,
                                          3600, 7200, 10800, 21600, 43200, 86400, 604800};
  for (const double step : kSteps) {
    if (seconds / step <= kMostTicks) return from_seconds(step);
  }
  return from_seconds(2419200);  // four weeks
}

std::string tick_text(UtcTime at, UtcTime before, Duration step) {
  const std::string iso = format_iso(at);
  if (std::chrono::floor<std::chrono::days>(at) != std::chrono::floor<std::chrono::days>(before)) {
    return iso.substr(5, 5) + " " + iso.substr(11, 5);
  }
  return iso.substr(11, step < std::chrono::seconds{1} ? 11 : 8);
}

}  // namespace

Scale::Scale(Interval whole, const Intervals& idle) {
  constexpr std::chrono::milliseconds kLeast{10};
  whole.end = std::max(whole.end, whole.begin + kLeast);
  cuts_ = cuts_of(whole, idle);
  const double busy = length(whole) - to_seconds(total(cuts_));
  const double width = 100 - kWidthOfCut * static_cast<double>(cuts_.size());
  double x = 0;
  UtcTime at = whole.begin;
  const auto add = [&](UtcTime end, bool cut) {
    if (end <= at) return;
    const double wide = cut ? kWidthOfCut : width * to_seconds(end - at) / busy;
    pieces_.push_back({{at, end}, x, x + wide, cut});
    x += wide;
    at = end;
  };
  for (const Interval& cut : cuts_) {
    add(cut.begin, false);
    add(cut.end, true);
  }
  add(whole.end, false);
  step_ = nice_step(busy);
}

double Scale::at(UtcTime time) const {
  for (const Piece& piece : pieces_) {
    if (time > piece.time.end) continue;
    const double share = to_seconds(time - piece.time.begin) / length(piece.time);
    return std::clamp(piece.from + share * (piece.to - piece.from), 0.0, 100.0);
  }
  return 100;
}

std::vector<Tick> Scale::ticks() const {
  std::vector<Tick> ticks;
  const auto step = std::chrono::duration_cast<std::chrono::milliseconds>(step_);
  UtcTime before = pieces_.front().time.begin;
  double last = -kBetweenTicks;
  for (const Piece& piece : pieces_) {
    if (piece.cut) continue;
    const auto since = piece.time.begin.time_since_epoch();
    UtcTime at{(since + step - std::chrono::milliseconds{1}) / step * step};
    for (; at <= piece.time.end; at += step) {
      const double x = this->at(at);
      if (x - last < kBetweenTicks && last >= 0) continue;
      ticks.push_back({x, at, tick_text(at, before, step_)});
      before = at;
      last = x;
    }
  }
  return ticks;
}

}  // namespace neap::report
