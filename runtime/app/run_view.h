// What the operator sees of a run, in any output: progress on standard error, the result at the
// end.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "app/script_run.h"
#include "app/terminal.h"
#include "config/settings.h"
#include "host.h"
#include "loop/loop.h"

namespace neap::app {

struct ViewOptions {
  config::Output output = config::Output::kHuman;
  Terminal terminal;
  bool quiet = false;      // no progress
  bool traceback = false;  // of script errors (-v)
  bool yes = false;        // every confirmation is given beforehand
};

// A job of the platform that the run started or waits for.
struct SeenJob {
  std::string operation;
  std::string type;
  std::string status;
  std::size_t parts = 0;  // sub-jobs
  std::size_t parts_done = 0;
};

// Keeps the facts of a run as they happen; the views draw them. Steps, jobs and notes are kept for
// the final document and for what to say when the run is stopped.
class RunView : public Operator {
 public:
  RunView(Loop& loop, const ViewOptions& options);

  void tell(const RunEvent& event) final;
  Owner ask(std::string question, Function<void(Result<Answer>)> done) final;
  void print(std::string_view line) final;

  // The run is kept under this id.
  void kept_as(const std::string& run) { run_ = run; }
  // The run has ended: shows the result or the error, and says what the process exits with.
  ExitCode finish(const std::string& name, const ScriptRun::Outcome& outcome);
  // Says on standard error that the run was asked to stop.
  void stopping();

 protected:
  struct Step {
    std::string name;
    std::string status;  // running, done, failed, skipped
    std::size_t depth = 0;
    Instant started{};
    double elapsed = 0;            // seconds, once ended
    std::optional<double> expect;  // seconds
    bool replayed = false;         // by an earlier process
    bool resumed = false;          // begun by one, and going on in this
  };

  virtual void step_started(const Step& step) = 0;
  virtual void step_ended(const Step& step) = 0;
  virtual void note(const std::string& text) = 0;
  virtual void job_changed(const std::string& job_id, const SeenJob& job) = 0;
  // Takes away whatever would stand in the way of lines on the screen.
  virtual void clear() {}

  void line(const std::string& text);  // on standard error, unless quiet
  const ViewOptions& options() const { return options_; }
  Loop& loop() { return loop_; }
  const std::vector<Step>& steps() const { return steps_; }
  const std::map<std::string, SeenJob>& jobs() const { return jobs_; }
  Instant started() const { return started_; }

 private:
  void note_job(const RunEvent& event);
  void show_error(const ScriptRun::Outcome& outcome);
  void show_unanswered();
  void show_jobs_left(const std::string& said);
  void show_left(const ScriptRun::Outcome& outcome);
  void note_step(const RunEvent& event);
  void note_doubt(const RunEvent& event);
  void go_on();
  ExitCode code_of(const ScriptRun::Outcome& outcome) const;
  json::Object document(const std::string& name, const ScriptRun::Outcome& outcome,
                        ExitCode code) const;

  Loop& loop_;
  ViewOptions options_;
  Instant started_;
  std::vector<Step> steps_;
  std::map<std::string, SeenJob> jobs_;
  std::string run_;                      // id of a durable run
  std::vector<std::string> unanswered_;  // changing calls that were sent
  std::string doubt_;                    // what was said last of a call in doubt
  bool asking_ = false;                  // a question stands on the screen
  bool changed_ = false;                 // a changing call was sent at all
  bool nobody_asked_ = false;            // a question found nobody to answer it
};

// One line per event: logs, pipelines, dumb terminals.
std::unique_ptr<RunView> make_line_view(Loop& loop, const ViewOptions& options);
// A live line below the finished ones.
std::unique_ptr<RunView> make_live_view(Loop& loop, const ViewOptions& options);

}  // namespace neap::app
