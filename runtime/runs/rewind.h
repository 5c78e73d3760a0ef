// What an operator changes about a run as it is resumed: another script, from an earlier step, with
// steps left out or their results given.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "journal/entry.h"
#include "runs/script.h"

namespace neap::runs {

struct Resumption {
  std::string operator_name;      // "anna@bastion"
  std::string why;                // for the record
  std::optional<Script> with;     // in place of the recorded script
  std::string from;               // step of the runbook, by name or number; empty: where it stands
  std::vector<std::string> skip;  // steps that are not to be run
  std::vector<std::pair<std::string, json::Value>> set;  // steps that are not, and their results
};

// The entries with which the run goes on: `started`, and what the operator changes. A run that had
// failed goes back to the start of the step that failed. Kind usage for a step that the run does
// not have; conflict when a call in doubt would be undone.
Result<std::vector<journal::Entry>> edits_of(const journal::Run& run,
                                             const std::vector<journal::Logged>& history,
                                             const Resumption& resumption);

}  // namespace neap::runs
