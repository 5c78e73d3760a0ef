// The view for logs and pipelines: one line per event, nothing drawn over.
#include <fmt/format.h>

#include "app/run_summary.h"
#include "app/run_view.h"
#include "base/text.h"

namespace neap::app {
namespace {

class LineView final : public RunView {
 public:
  using RunView::RunView;

 private:
  std::string stamp() {
    return fmt::format("[{:>6}] ", format_duration(loop().now() - facts().started));
  }

  void step_started(const SeenStep& step) override {
    if (step.replayed) return;
    std::string text = stamp() + std::string(step.depth * 2, ' ') +
                       (step.resumed ? "go on  " : "start  ") + printable(step.name);
    if (const auto usual = usual_time(facts(), step)) {
      text += " (usually " + format_duration(*usual) + ")";
    }
    line(text);
  }

  void step_ended(const SeenStep& step) override {
    line(stamp() + std::string(step.depth * 2, ' ') + word(step) + printable(step.name) + ", " +
         format_duration(from_seconds(step.elapsed)) +
         (step.replayed ? ", by an earlier process" : ""));
  }

  static const char* word(const SeenStep& step) {
    if (step.status == "skipped") return "skip   ";
    return step.status == "done" ? "done   " : "FAILED ";
  }

  void note(const std::string& text) override { line(stamp() + "       " + text); }

  void job_changed(const std::string& job_id, const SeenJob& job) override {
    std::string text = stamp() + "job    " + printable(job_id) + " " + printable(job.status);
    if (!job.parts.empty()) {
      text += fmt::format(", {} of {} sub-jobs done", job.parts_done(), job.parts.size());
    }
    line(text);
  }

  // The lines above may be far apart.
  void summarize() override {
    if (facts().steps.size() < 2) return;
    std::string table = show::plain(steps_table(facts()));
    table.pop_back();  // line() ends it
    line(table);
  }
};

}  // namespace

std::unique_ptr<RunView> make_line_view(Loop& loop, const ViewOptions& options) {
  return std::make_unique<LineView>(loop, options);
}

}  // namespace neap::app
