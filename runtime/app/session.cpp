#include "app/session.h"

#include <csignal>

namespace neap::app {
namespace {

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

}  // namespace

std::unique_ptr<RunView> make_view(const Invocation& invocation, Loop& loop, bool yes, bool live) {
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

ExitCode execute(Invocation& invocation, World& world, const Script& script,
                 const std::vector<std::string>& words, bool yes, DurableRun* kept) {
  const auto view = make_view(invocation, world.loop(), yes, true);
  if (kept != nullptr) view->kept_as(kept->id());
  ScriptRun run(world, *view, invocation.log, invocation.settings, script, {.kept = kept});
  const Interrupts interrupts(world.loop(), run, *view);
  ScriptRun::Outcome outcome = run.run(words);
  if (kept != nullptr) {
    const Result<void> left = kept->leave(outcome);
    if (!left && outcome.left != ScriptRun::Left::kBroken) {
      outcome.left = ScriptRun::Left::kBroken;
      outcome.error = left.error();
    }
  }
  return view->finish(script.name, outcome);
}

}  // namespace neap::app
