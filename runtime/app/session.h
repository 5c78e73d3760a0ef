// What `neap run`, `rehearse` and `resume` share: the view, the signals, and one run from its first
// line to its exit code.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/cli.h"
#include "app/run_view.h"
#include "runs/durable_run.h"
#include "runs/history.h"
#include "runs/script_run.h"

namespace neap::app {

// `live`: a line that moves, where the terminal allows it.
std::unique_ptr<RunView> make_view(const Invocation& invocation, Loop& loop, bool yes, bool live);

// Runs the script to its end; the view hears what its header says.
runs::ScriptRun::Outcome run_shown(runs::ScriptRun& run, RunView& view,
                                   const std::vector<std::string>& words);

// What the operator allows beforehand.
struct Consent {
  bool yes = false;         // every confirmation
  bool force_send = false;  // see Host
};

// Executes the script and shows it; the first signal asks it to stop, the second makes it. `kept`
// is the run that is recorded; nullptr: it is not. `history` tells how long things usually take.
ExitCode execute(Invocation& invocation, runs::World& world, const runs::Script& script,
                 const std::vector<std::string>& words, Consent consent, runs::DurableRun* kept,
                 runs::History history = {});

}  // namespace neap::app
