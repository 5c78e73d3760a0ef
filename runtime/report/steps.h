// The steps of a run, and for every entry of its log the step that it belongs to.
#pragma once

#include <span>
#include <vector>

#include "journal/entry.h"
#include "report/report.h"

namespace neap::report {

// What an entry does not say of itself.
struct Context {
  std::optional<std::size_t> step;  // the innermost one, of those that were read
  // When its task learnt something last: between two such moments only the script runs, so what is
  // answered here was asked for then.
  UtcTime since{};
  bool counts = true;  // no rewind has taken it back
};

struct Reading {
  std::vector<Step> steps;
  std::vector<Context> contexts;  // one for each entry
};

// `ended` is when the run ended; nothing while it goes on.
Reading read_steps(const journal::Run& run, std::span<const journal::Logged> log,
                   std::optional<UtcTime> ended);

}  // namespace neap::report
