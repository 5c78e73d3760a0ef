// neap run, neap rehearse: a script, a world, a view, and the signals that stop it.
#include <csignal>

#include <fmt/format.h>

#include "app/cli.h"
#include "app/faults.h"
#include "app/run_view.h"
#include "app/script_run.h"
#include "app/usage.h"
#include "app/world.h"

namespace neap::app {
namespace {

Result<Script> script_of(const RunOptions& options) {
  if (options.has_code && !options.runbook.empty()) {
    return fail(ErrorKind::kUsage, "give a runbook or -e, not both");
  }
  if (options.has_code) return typed_script(options.code);
  if (options.runbook.empty()) {
    return fail(
        ErrorKind::kUsage, "no runbook given",
        "name a bundled one, a path, - for standard input, or -e CODE; see neap run --help");
  }
  return find_script(options.runbook);
}

std::unique_ptr<RunView> make_view(Invocation& invocation, Loop& loop, bool yes, bool live) {
  ViewOptions view;
  view.output = invocation.settings.output.value;
  view.terminal = look_at_terminal(invocation.settings.color.value);
  view.quiet = invocation.quiet;
  view.traceback = invocation.verbose;
  view.yes = yes;
  // The log shares standard error; a line that moves would fight with it.
  const bool moving = live && view.terminal.live && !invocation.verbose && !view.quiet;
  return moving ? make_live_view(loop, view) : make_line_view(loop, view);
}

ScriptRun::Outcome run_script(ScriptRun& run, const RunOptions& options) {
  ScriptRun::Outcome outcome = run.evaluate();
  if (outcome.error || !run.description()) {
    if (!outcome.error && !options.words.empty()) {
      outcome.error = Error{ErrorKind::kUsage, "unexpected \"" + options.words.front() + "\"",
                            "code without a header takes no parameters"};
    }
    return outcome;
  }
  return run.execute(options.words);
}

// The first signal asks the run to stop, the second makes it.
class Interrupts {
 public:
  Interrupts(Loop& loop, ScriptRun& run, RunView& view) : run_(run), view_(view) {
    for (const int number : {SIGINT, SIGTERM}) {
      listeners_.push_back(loop.on_signal(number, [this] { received(); }));
    }
  }

 private:
  void received() {
    if (++count_ > 1) return run_.force_stop();
    view_.stopping();
    run_.stop();
  }

  ScriptRun& run_;
  RunView& view_;
  int count_ = 0;
  std::vector<Owner> listeners_;
};

ExitCode show_usage(World& world, Invocation& invocation, const Script& script) {
  const auto view = make_view(invocation, world.loop(), true, false);
  ScriptRun run(world, *view, invocation.log, invocation.settings, script);
  ScriptRun::Outcome outcome = run.evaluate();
  if (!outcome.error && !run.description()) {
    outcome.error = Error{ErrorKind::kUsage, "code without a header has no help of its own"};
  }
  if (outcome.error) return view->finish(script.name, outcome);
  fmt::print("{}", runbook_usage(script.name, *run.description()));
  return ExitCode::kDone;
}

}  // namespace

ExitCode run_command(Invocation& invocation, const RunOptions& options) {
  const Result<Script> script = script_of(options);
  if (!script) {
    report_error(script.error());
    return exit_code(script.error());
  }
  const std::unique_ptr<World> world = World::real(invocation.settings, invocation.log);
  if (options.help) return show_usage(*world, invocation, *script);
  const auto view = make_view(invocation, world->loop(), options.yes, true);
  ScriptRun run(*world, *view, invocation.log, invocation.settings, *script);
  const Interrupts interrupts(world->loop(), run, *view);
  return view->finish(script->name, run_script(run, options));
}

ExitCode rehearse_command(Invocation& invocation, const RehearseOptions& options) {
  const Result<Script> script = script_of(options.run);
  if (!script) {
    report_error(script.error());
    return exit_code(script.error());
  }
  const Result<std::uint64_t> seed = parse_seed(options.seed);
  if (!seed) {
    report_error(seed.error());
    return exit_code(seed.error());
  }
  const std::unique_ptr<World> world = World::rehearsal(*seed, invocation.log);
  if (options.run.help) return show_usage(*world, invocation, *script);
  for (const std::string& fault : options.faults) {
    if (const Result<void> planted = plant_fault(*world->simulator(), fault); !planted) {
      report_error(planted.error());
      return exit_code(planted.error());
    }
  }
  const auto view = make_view(invocation, world->loop(), true, false);
  if (!invocation.quiet) fmt::print(stderr, "rehearsal in virtual time, seed {}\n", *seed);
  ScriptRun run(*world, *view, invocation.log, invocation.settings, *script);
  const ScriptRun::Outcome outcome = run_script(run, options.run);
  for (const std::string& line : fired_faults(*world->simulator()))
    fmt::print(stderr, "{}\n", line);
  return view->finish(script->name, outcome);
}

}  // namespace neap::app
