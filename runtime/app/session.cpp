#include "app/session.h"

#include <algorithm>
#include <csignal>

namespace neap::app {
namespace {

class Interrupts {
 public:
  Interrupts(Loop& loop, runs::ScriptRun& run, RunView& view) : run_(run), view_(view) {
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

  runs::ScriptRun& run_;
  RunView& view_;
  int count_ = 0;
  std::vector<Owner> listeners_;
};

}  // namespace

std::unique_ptr<RunView> make_view(const Invocation& invocation, Loop& loop, bool yes, bool live) {
  ViewOptions view;
  view.output = invocation.settings.output.value;
  view.terminal = show::look_at_terminal(invocation.settings.color.value);
  view.color = invocation.settings.color.value;
  view.quiet = invocation.quiet;
  view.traceback = invocation.verbose;
  view.yes = yes;
  // The log shares standard error; a line that moves would fight with it.
  const bool moving = live && view.terminal.live && !invocation.verbose && !view.quiet;
  return moving ? make_live_view(loop, view) : make_line_view(loop, view);
}

runs::ScriptRun::Outcome run_shown(runs::ScriptRun& run, RunView& view,
                                   const std::vector<std::string>& words) {
  runs::ScriptRun::Outcome outcome = run.evaluate();
  if (run.description()) view.described(*run.description());
  return run.go_on(std::move(outcome), words);
}

ExitCode execute(Invocation& invocation, runs::World& world, const runs::Script& script,
                 const std::vector<std::string>& words, Consent consent, runs::DurableRun* kept,
                 runs::History history) {
  const auto view = make_view(invocation, world.loop(), consent.yes, true);
  view->expect(std::move(history));
  if (kept != nullptr) {
    const Duration before = world.loop().utc() - kept->log().run().created;
    view->kept_as(kept->id(), std::max(before, Duration{}));
  }
  runs::ScriptRun run(world, *view, invocation.log, invocation.settings, script,
                      {.kept = kept, .force_send = consent.force_send});
  const Interrupts interrupts(world.loop(), run, *view);
  runs::ScriptRun::Outcome outcome = run_shown(run, *view, words);
  if (kept != nullptr) {
    const Result<void> left = kept->leave(outcome);
    if (!left && outcome.left != runs::ScriptRun::Left::kBroken) {
      outcome.left = runs::ScriptRun::Left::kBroken;
      outcome.error = left.error();
    }
  }
  return view->finish(script.name, outcome);
}

}  // namespace neap::app
