// What the operator sees of a run, in any output: progress on standard error, the result at the
// end.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "app/run_facts.h"
#include "config/settings.h"
#include "host.h"
#include "loop/loop.h"
#include "runs/script_run.h"
#include "show/terminal.h"

namespace neap::app {

struct ViewOptions {
  config::Output output = config::Output::kHuman;
  show::Terminal terminal;
  config::Color color = config::Color::kNever;  // of what goes to standard output
  bool quiet = false;                           // no progress
  bool traceback = false;                       // of script errors (-v)
  bool yes = false;                             // every confirmation is given beforehand
};

// Keeps the facts of a run as they happen; the views draw them. Steps, jobs and notes are kept for
// the final document and for what to say when the run is stopped.
class RunView : public Operator {
 public:
  RunView(Loop& loop, const ViewOptions& options);

  void tell(const RunEvent& event) final;
  Owner ask(std::string question, Function<void(Result<Answer>)> done) final;
  void print(std::string_view line) final;

  // The run is kept under this id, and began so long before this process.
  void kept_as(const std::string& run, Duration before = {}) {
    run_ = run;
    facts_.before = before;
  }
  void expect(runs::History history) { facts_.history = std::move(history); }
  // Its header says what is to be met.
  void described(const json::Object& description);
  // The run has ended: shows the result or the error, and says what the process exits with.
  ExitCode finish(const std::string& name, const runs::ScriptRun::Outcome& outcome);
  // Says on standard error that the run was asked to stop.
  void stopping();

 protected:
  virtual void step_started(const SeenStep& step) = 0;
  virtual void step_ended(const SeenStep& step) = 0;
  virtual void note(const std::string& text) = 0;
  virtual void job_changed(const std::string& job_id, const SeenJob& job) = 0;
  // Before the run's result: what became of its steps.
  virtual void summarize() {}
  // Takes away whatever would stand in the way of lines on the screen.
  virtual void clear() {}

  void line(const std::string& text);  // on standard error, unless quiet
  const ViewOptions& options() const { return options_; }
  Loop& loop() { return loop_; }
  const RunFacts& facts() const { return facts_; }
  bool asking() const { return asking_; }

 private:
  void note_job(const RunEvent& event);
  void note_parts(SeenJob& job, const json::Array& rows);
  void show_error(const runs::ScriptRun::Outcome& outcome);
  void show_unanswered();
  void show_jobs_left(const std::string& said);
  void show_left(const runs::ScriptRun::Outcome& outcome);
  void note_step(const RunEvent& event);
  void note_doubt(const RunEvent& event);
  void go_on();
  ExitCode code_of(const runs::ScriptRun::Outcome& outcome) const;
  void show_summary(const runs::ScriptRun::Outcome& outcome);

  Loop& loop_;
  ViewOptions options_;
  RunFacts facts_;
  std::string run_;                      // id of a durable run
  std::vector<std::string> unanswered_;  // changing calls that were sent
  std::string doubt_;                    // what was said last of a call in doubt
  bool asking_ = false;                  // a question stands on the screen
  bool nobody_asked_ = false;            // a question found nobody to answer it
};

// One line per event: logs, pipelines, dumb terminals.
std::unique_ptr<RunView> make_line_view(Loop& loop, const ViewOptions& options);
// A live line below the finished ones.
std::unique_ptr<RunView> make_live_view(Loop& loop, const ViewOptions& options);

}  // namespace neap::app
