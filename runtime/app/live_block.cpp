#include "app/live_block.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::app {
namespace {

using show::Style;

constexpr std::size_t kMostLines = 12;
constexpr std::size_t kNameColumn = 40;  // where the time stands, if names are shorter
constexpr Duration kWorthSaying = std::chrono::seconds{5};  // shorter steps need no expectation

std::string turning(const Screen& screen) {
  constexpr std::array<const char*, 10> kDots = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  constexpr std::array<const char*, 4> kBars = {"|", "/", "-", "\\"};
  return screen.unicode ? kDots.at(screen.frame % kDots.size())
                        : kBars.at(screen.frame % kBars.size());
}

const char* mark_of(std::string_view status, const Screen& screen) {
  if (status == "SUCCESS" || status == "done") return screen.unicode ? "✓" : "+";
  if (status == "FAIL" || status == "failed") return screen.unicode ? "✗" : "x";
  if (status == "skipped") return "-";
  return screen.unicode ? "·" : ".";
}

Style style_of(std::string_view status) {
  if (status == "SUCCESS" || status == "done") return Style::kGood;
  return status == "FAIL" || status == "failed" ? Style::kBad : Style::kDim;
}

std::string_view ellipsis(const Screen& screen) {
  return screen.unicode ? "…" : "~";
}

// The widest of the forms, which get shorter, that has room; if none has, the last.
std::string widest(const std::vector<std::string>& forms, std::size_t room) {
  for (const std::string& form : forms) {
    if (display_width(form) <= room) return form;
  }
  return forms.back();
}

class Block {
 public:
  Block(const RunFacts& facts, Instant now, const Screen& screen)
      : facts_(facts), now_(now), screen_(screen), room_(screen.columns - 1) {}

  std::vector<LiveLine> take() {
    const std::size_t most = std::min(kMostLines, std::max<std::size_t>(screen_.rows, 3) - 1);
    for (const SeenStep& step : facts_.steps) {
      if (step.status == "running") add_step(step);
    }
    if (lines_.empty()) return {};
    const LiveLine total = total_line();
    if (lines_.size() + 1 > most) shorten(most - 1);
    lines_.push_back(total);
    return std::move(lines_);
  }

 private:
  void add(std::string text, Style style = Style::kPlain) {
    lines_.push_back(line_of(std::move(text), style));
  }

  // The innermost steps and their jobs matter most, and they stand last.
  void shorten(std::size_t most) {
    lines_.erase(lines_.begin(),
                 lines_.begin() + static_cast<std::ptrdiff_t>(lines_.size() - most));
  }

  void add_step(const SeenStep& step) {
    const Duration elapsed = now_ - step.started;
    const std::string time = "  " + format_duration(elapsed);
    const std::size_t indent = std::min(step.depth * 2, room_ / 3);
    const std::size_t taken = indent + 2 + display_width(time);
    // Its time is worth more than the end of its name.
    const std::string name =
        show::fit(printable(step.name), room_ > taken ? room_ - taken : 1, ellipsis(screen_));
    const std::string start = std::string(indent, ' ') + turning(screen_) + " " + name + time;
    add(with_expectation(start, elapsed, usual_time(facts_, step)), Style::kBold);
    const auto number = static_cast<std::size_t>(&step - facts_.steps.data()) + 1;
    for (const auto& [id, job] : facts_.jobs) {
      if (job.step == number && !job_has_ended(job.status)) add_job(id, job, indent + 2);
    }
  }

  std::string with_expectation(const std::string& start, Duration elapsed,
                               std::optional<Duration> usual) const {
    if (!usual || *usual < kWorthSaying) return widest({start}, room_);
    const std::string about = start + " of about " + format_duration(*usual);
    if (elapsed <= *usual) return widest({about, start}, room_);
    const std::string late = ", late by " + format_duration(elapsed - *usual);
    return widest({about + late, start + late, start}, room_);
  }

  void add_job(const std::string& id, const SeenJob& job, std::size_t indent) {
    const std::string begin = std::string(indent, ' ') + "job " + printable(job.status);
    const std::string time = "  " + format_duration(now_ - job.since);
    const std::optional<Duration> usual = usual_time(facts_, job);
    const std::string about = usual ? " of about " + format_duration(*usual) : std::string();
    const std::string done = job.parts.empty() ? std::string()
                                               : fmt::format(", {} of {} sub-jobs done",
                                                             job.parts_done(), job.parts.size());
    const std::string named = "  " + printable(id);
    add(widest({begin + time + about + done + named, begin + time + about + done,
                begin + time + done, begin + done, begin + time, begin},
               room_));
    for (const SeenPart& part : job.parts) add_part(part, indent + 2);
  }

  void add_part(const SeenPart& part, std::size_t indent) {
    const bool runs = part.status == "RUNNING";
    const std::string mark = runs ? turning(screen_) : mark_of(part.status, screen_);
    const std::string what = printable(part.type.empty() ? part.id : part.type);
    std::string time;
    if (part.took || runs) time = "  " + format_duration(part.took.value_or(now_ - part.since));
    const std::string start = std::string(indent, ' ') + mark + " " + what;
    add(widest({start + time, start}, room_), runs ? Style::kPlain : style_of(part.status));
  }

  LiveLine total_line() const {
    const Outlook outlook = outlook_of(facts_, now_);
    const std::string time = format_duration(outlook.elapsed);
    std::string text = "total " + time;
    if (outlook.left) text += ", about " + format_duration(*outlook.left) + " left";
    if (facts_.rto) text += ", RTO " + format_duration(*facts_.rto);
    if (!facts_.rto && !facts_.history.whole)
      return line_of(widest({text, time}, room_), Style::kDim);
    const bool late = outlook.late > Duration::zero();
    const std::string verdict = late ? ": late by " + format_duration(outlook.late) : ": on track";
    text = widest({text + verdict, "total " + time + verdict, time + verdict, verdict.substr(2)},
                  room_);
    return line_of(std::move(text), late ? Style::kBad : Style::kGood);
  }

  LiveLine line_of(std::string text, Style style) const {
    text = show::fit(text, room_, ellipsis(screen_));
    const std::size_t width = display_width(text);
    return {show::styled(screen_.color, style, text), width};
  }

  const RunFacts& facts_;
  Instant now_;
  const Screen& screen_;
  std::size_t room_;
  std::vector<LiveLine> lines_;
};

}  // namespace

std::vector<LiveLine> live_block(const RunFacts& facts, Instant now, const Screen& screen) {
  return Block(facts, now, screen).take();
}

std::string ended_line(const RunFacts& facts, const SeenStep& step, const Screen& screen) {
  const std::string indent(std::min(step.depth * 2, screen.columns / 3), ' ');
  const Duration took = from_seconds(step.elapsed);
  std::string time = format_duration(took);
  const std::string brief = time;
  const std::optional<Duration> usual = usual_time(facts, step);
  if (usual && *usual >= kWorthSaying && step.status == "done") {
    const std::string late =
        took > *usual ? ", late by " + format_duration(took - *usual) : std::string();
    time += " (usually " + format_duration(*usual) + late + ")";
  }
  const auto rest = [&](const std::string& text) {
    const std::size_t taken = indent.size() + 2 + display_width(text) + 2;
    return screen.columns > taken ? screen.columns - taken : 0;
  };
  if (rest(time) < std::min(display_width(step.name), kNameColumn / 2)) time = brief;
  const std::size_t room = std::max<std::size_t>(rest(time), 4);
  const std::string name = show::fit(printable(step.name), room, ellipsis(screen));
  return indent + show::styled(screen.color, style_of(step.status), mark_of(step.status, screen)) +
         " " + show::padded(name, std::min(room, kNameColumn)) + " " + time;
}

}  // namespace neap::app
