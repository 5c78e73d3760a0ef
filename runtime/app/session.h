// What `neap run`, `rehearse` and `resume` share: the view, the signals, and one run from its first
// line to its exit code.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/cli.h"
#include "app/durable_run.h"
#include "app/run_view.h"
#include "app/script_run.h"

namespace neap::app {

// `live`: a line that moves, where the terminal allows it.
std::unique_ptr<RunView> make_view(const Invocation& invocation, Loop& loop, bool yes, bool live);

// Executes the script and shows it; the first signal asks it to stop, the second makes it. `kept`
// is the run that is recorded; nullptr: it is not.
ExitCode execute(Invocation& invocation, World& world, const Script& script,
                 const std::vector<std::string>& words, bool yes, DurableRun* kept);

}  // namespace neap::app
