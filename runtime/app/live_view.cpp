// The view for a terminal: finished steps as lines, and below them a few that move.
#include <algorithm>
#include <cstdio>

#include "app/live_block.h"
#include "app/output.h"
#include "app/run_view.h"
#include "base/text.h"

namespace neap::app {
namespace {

constexpr Duration kFrame = std::chrono::milliseconds{120};

class LiveView final : public RunView {
 public:
  using RunView::RunView;
  ~LiveView() override { LiveView::clear(); }

 private:
  // As it is now: a terminal may change its size at any time.
  Screen screen() const {
    const show::Terminal& terminal = options().terminal;
    return {show::terminal_width(), show::terminal_height(), terminal.color, terminal.unicode,
            frame_};
  }

  // A line that stays, above those that move.
  void lasting(const std::string& text) {
    clear();
    line(text);
    draw();
  }

  void step_started(const SeenStep&) override {
    draw();
    tick();
  }

  void step_ended(const SeenStep& step) override { lasting(ended_line(facts(), step, screen())); }

  void note(const std::string& text) override {
    lasting("  " + show::styled(options().terminal.color, show::Style::kDim, text));
  }

  void job_changed(const std::string&, const SeenJob&) override { draw(); }

  void clear() override {
    if (!drawn_.empty()) put(stderr, erase());
  }

  // Back to the first of the lines, wherever the terminal has put it since: one that became
  // narrower shows a line that was drawn before as two. Line by line: to erase a whole screen at
  // once would make some terminals keep a copy of it.
  std::string erase() {
    const std::size_t columns = show::terminal_width();
    std::size_t rows = 0;
    for (const std::size_t width : drawn_) {
      rows += std::max<std::size_t>(1, (width + columns - 1) / columns);
    }
    drawn_.clear();
    std::string text;
    for (std::size_t row = 0; row < rows; ++row) text += row == 0 ? "\r\x1b[2K" : "\x1b[A\x1b[2K";
    return text;
  }

  void draw() {
    if (options().quiet || asking()) return;
    std::string text = erase();
    for (const LiveLine& line : live_block(facts(), loop().now(), screen())) {
      if (!drawn_.empty()) text += "\n";
      text += line.text;
      drawn_.push_back(line.width);
    }
    put(stderr, text);
  }

  void tick() {
    timer_ = loop().after(kFrame, [this] {
      ++frame_;
      if (facts().running() == nullptr) return;
      if (!drawn_.empty()) draw();
      tick();
    });
  }

  std::size_t frame_ = 0;
  std::vector<std::size_t> drawn_;  // the widths of the lines that move
  Loop::Timer timer_;
};

}  // namespace

std::unique_ptr<RunView> make_live_view(Loop& loop, const ViewOptions& options) {
  return std::make_unique<LiveView>(loop, options);
}

}  // namespace neap::app
