// What neap doctor looks at on this machine: the journal, its disk, the runs in it, the settings,
// the clock and the terminal.
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
  std::string next;  // what can be done about it; empty where nothing need be
};

class Findings {
 public:
  void add(std::string topic, Health health, std::string text, std::string next = {}) {
    all_.push_back({std::move(topic), health, std::move(text), std::move(next)});
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
// Where calls would go: endpoint, region and project, and what said so.
void examine_settings(const config::Settings& settings, Findings& findings);
// Whether something keeps the clock right: signatures hold for minutes only.
void examine_clock(Findings& findings);
// What the terminal shows: its width, its characters, its colours.
void examine_terminal(const config::Settings& settings, Findings& findings);
// Whether every run that has not ended kept the rules, and which wait for a person.
void examine_runs(journal::Store& store, UtcTime now, Findings& findings);

}  // namespace neap::app
