// What earlier runs teach: how long a runbook, its steps and the platform's work usually take.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "journal/store.h"

namespace neap::runs {

struct History {
  struct Step {
    std::string name;
    Duration usual{};
    bool top = true;  // it stands within no other step
  };
  std::size_t runs = 0;           // that it was learnt from; 0: nothing is known of this runbook
  std::optional<Duration> whole;  // a run, from its first entry to its last
  std::vector<Step> steps;        // in the order of the latest run
  // From the acceptance of a changing call to the end of its job, by operation,
  // "start_failover_protection_group"; of any runbook.
  std::map<std::string, Duration, std::less<>> jobs;

  std::optional<Duration> step(std::string_view name) const;
};

// Medians over the newest runs of that name which ended well, twenty at most, fewer when they are
// long; those that were interrupted and resumed are left out, and so is the time that a run waited
// for a person. What cannot be read teaches nothing.
History learn_history(journal::Store& store, std::string_view runbook);

}  // namespace neap::runs
