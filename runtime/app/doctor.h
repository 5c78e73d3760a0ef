// What neap doctor looks at on this machine: the journal, its disk, and the runs in it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/settings.h"
#include "journal/store.h"

namespace neap::app {

enum class Health {
  kGood,
  kWatch,  // worth a look; nothing is broken
  kWrong,
};

struct Finding {
  std::string topic;
  Health health = Health::kGood;
  std::string text;
};

class Findings {
 public:
  void add(std::string topic, Health health, std::string text) {
    all_.push_back({std::move(topic), health, std::move(text)});
  }
  const std::vector<Finding>& all() const { return all_; }
  bool healthy() const {
    return std::none_of(all_.begin(), all_.end(),
                        [](const Finding& finding) { return finding.health == Health::kWrong; });
  }

 private:
  std::vector<Finding> all_;
};

// The journal of these settings: its place, its disk, whether it is whole, and its runs.
void examine_journal(const config::Settings& settings, UtcTime now, Findings& findings);
// Whether every run that has not ended kept the rules, and which wait for a person.
void examine_runs(journal::Store& store, UtcTime now, Findings& findings);

}  // namespace neap::app
