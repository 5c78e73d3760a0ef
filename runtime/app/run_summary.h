// What a run came to: for people at its end, and for programs in its document.
#pragma once

#include <string>

#include "app/exit_code.h"
#include "app/run_facts.h"
#include "json/value.h"
#include "runs/script_run.h"
#include "show/table.h"

namespace neap::app {

// Every step with its time and what is usual.
show::Table steps_table(const RunFacts& facts);

// "4 steps in 3m12s, usually 3m40s; RTO 15m00s met with 11m48s to spare; 1 changing call, 1 job";
// empty for what has no steps.
std::string summary_line(const RunFacts& facts, Instant now, bool ended_well);

struct RunEnd {
  std::string name;  // as it was given
  std::string run;   // id; empty: it is not kept
  ExitCode code{};
  const runs::ScriptRun::Outcome& outcome;
};
// The document of --output json (docs/guide/events.md).
json::Object run_end_document(const RunFacts& facts, Instant now, const RunEnd& end);

}  // namespace neap::app
