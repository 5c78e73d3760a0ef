// The view for a terminal: finished steps as lines, and below them one line that moves.
#include <algorithm>
#include <array>
#include <cstdio>

#include <fmt/format.h>

#include "app/run_view.h"
#include "base/text.h"

namespace neap::app {
namespace {

constexpr Duration kFrame = std::chrono::milliseconds{120};
constexpr std::array<const char*, 10> kSpinner = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::array<const char*, 4> kPlainSpinner = {"|", "/", "-", "\\"};

class LiveView final : public RunView {
 public:
  using RunView::RunView;
  ~LiveView() override { LiveView::clear(); }

 private:
  bool unicode() const { return options().terminal.unicode; }

  // A line that stays, above the one that moves.
  void lasting(const std::string& text) {
    clear();
    line(text);
    draw();
  }

  void step_started(const Step&) override {
    draw();
    tick();
  }

  void step_ended(const Step& step) override {
    const bool done = step.status != "failed";
    const char* mark = done ? (unicode() ? "✓" : "+") : (unicode() ? "✗" : "x");
    const std::string indent(step.depth * 2, ' ');
    const std::string elapsed = format_duration(from_seconds(step.elapsed));
    const std::size_t taken = indent.size() + 2 + elapsed.size() + 1;  // by all but the name
    const std::size_t room = terminal_width() > taken + 8 ? terminal_width() - taken - 1 : 8;
    const std::string name = fit(printable(step.name), room);
    const std::size_t column = std::min<std::size_t>(room, 40);
    const std::size_t width = display_width(name);
    const std::size_t gap = width < column ? column - width : 0;
    lasting(indent + styled(options().terminal, done ? Style::kGood : Style::kBad, mark) + " " +
            name + std::string(gap + 1, ' ') + elapsed);
  }

  void note(const std::string& text) override {
    lasting("  " + styled(options().terminal, Style::kDim, text));
  }

  void job_changed(const std::string& job_id, const SeenJob& job) override {
    job_id_ = job.status == "SUCCESS" || job.status == "FAIL" ? std::string() : job_id;
    draw();
  }

  void clear() override {
    if (!drawn_) return;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    drawn_ = false;
  }

  const Step* running() const {
    for (auto step = steps().rbegin(); step != steps().rend(); ++step) {
      if (step->status == "running") return &*step;
    }
    return nullptr;
  }

  std::string job_text() const {
    const auto found = jobs().find(job_id_);
    if (found == jobs().end()) return {};
    const SeenJob& job = found->second;
    std::string text = "  job " + job.status;
    if (job.parts > 0) text += fmt::format(", {} of {} sub-jobs done", job.parts_done, job.parts);
    return text;
  }

  // As much as a line holds: the job's id goes first, what is expected next.
  std::string widest(const std::string& start, const std::string& expected) const {
    const std::string job = printable(job_text());
    const std::string id = job.empty() ? std::string() : "  " + printable(job_id_);
    const std::size_t room = terminal_width() - 1;
    std::string usual = start + expected + job;
    std::string whole = usual + id;
    if (display_width(whole) <= room) return whole;
    return display_width(usual) <= room ? usual : fit(start + job, room);
  }

  void draw() {
    const Step* step = running();
    if (options().quiet || step == nullptr) return;
    const char* frame = unicode() ? kSpinner.at(frame_ % kSpinner.size())
                                  : kPlainSpinner.at(frame_ % kPlainSpinner.size());
    const double elapsed = to_seconds(loop().now() - step->started);
    const std::string start = std::string(step->depth * 2, ' ') + frame + " " +
                              printable(step->name) + "  " + format_duration(from_seconds(elapsed));
    std::string expected;
    if (step->expect) {
      expected = " of about " + format_duration(from_seconds(*step->expect));
      if (elapsed > *step->expect) expected += ", late";
    }
    const std::string text = widest(start, expected);
    std::fputs(("\r\x1b[K" + text).c_str(), stderr);
    std::fflush(stderr);
    drawn_ = true;
  }

  void tick() {
    timer_ = loop().after(kFrame, [this] {
      ++frame_;
      if (running() == nullptr) return;
      if (drawn_) draw();
      tick();
    });
  }

  std::string job_id_;
  std::size_t frame_ = 0;
  bool drawn_ = false;
  Loop::Timer timer_;
};

}  // namespace

std::unique_ptr<RunView> make_live_view(Loop& loop, const ViewOptions& options) {
  return std::make_unique<LiveView>(loop, options);
}

}  // namespace neap::app
