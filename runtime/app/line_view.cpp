// The view for logs and pipelines: one line per event, nothing drawn over.
#include <fmt/format.h>

#include "app/run_view.h"
#include "base/text.h"

namespace neap::app {
namespace {

class LineView final : public RunView {
 public:
  using RunView::RunView;

 private:
  std::string stamp() { return fmt::format("[{:>6}] ", format_duration(loop().now() - started())); }

  void step_started(const Step& step) override {
    if (step.replayed) return;
    std::string text = stamp() + std::string(step.depth * 2, ' ') +
                       (step.resumed ? "go on  " : "start  ") + printable(step.name);
    if (step.expect) text += " (usually " + format_duration(from_seconds(*step.expect)) + ")";
    line(text);
  }

  void step_ended(const Step& step) override {
    line(stamp() + std::string(step.depth * 2, ' ') + word(step) + printable(step.name) + ", " +
         format_duration(from_seconds(step.elapsed)) +
         (step.replayed ? ", by an earlier process" : ""));
  }

  static const char* word(const Step& step) {
    if (step.status == "skipped") return "skip   ";
    return step.status == "done" ? "done   " : "FAILED ";
  }

  void note(const std::string& text) override { line(stamp() + "       " + text); }

  void job_changed(const std::string& job_id, const SeenJob& job) override {
    std::string text = stamp() + "job    " + printable(job_id) + " " + printable(job.status);
    if (job.parts > 0) text += fmt::format(", {} of {} sub-jobs done", job.parts_done, job.parts);
    line(text);
  }
};

}  // namespace

std::unique_ptr<RunView> make_line_view(Loop& loop, const ViewOptions& options) {
  return std::make_unique<LineView>(loop, options);
}

}  // namespace neap::app
