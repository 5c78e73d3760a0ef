#include "report/steps.h"

#include <algorithm>
#include <map>
#include <utility>

#include "json/document.h"

namespace neap::report {
namespace {

using journal::Kind;
using journal::Logged;

// What steps leave in the log (stdlib/context.lua): the first argument is the number of the step,
// the second its name, or whether it went well.
constexpr std::string_view kBeginStep = "host.run.begin_step";
constexpr std::string_view kEndStep = "host.run.end_step";

std::vector<bool> find_counting(std::span<const Logged> log) {
  std::vector<bool> counts(log.size(), true);
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind == Kind::kRewound) journal::take_back(log.first(i), log[i], counts);
  }
  return counts;
}

json::Array request_of(const Logged& record) {
  const Result<json::Document> parsed = json::Document::parse(record.body.text("request"));
  const json::Value value = parsed ? parsed->value() : json::Value();
  const auto* list = value.as<json::Array>();
  return list != nullptr && list->size() == 2 ? *list : json::Array();
}

// What an operator had put in the place of the step: skip, set; empty when it was done.
std::string replaced_by(const Logged& begun) {
  const json::Array& values = begun.body.list("values");
  const auto* override = values.empty() ? nullptr : values.front().as<json::Object>();
  if (override == nullptr) return {};
  return override->text("action") == "set" ? "set" : "skipped";
}

bool is_within(std::string_view task, std::string_view ancestor) {
  return task == ancestor || (task.starts_with(ancestor) && task.size() > ancestor.size() &&
                              task[ancestor.size()] == '.');
}

// The task that started this one; empty for a root.
std::string parent_of(const std::string& task) {
  const std::size_t dot = task.rfind('.');
  return dot == std::string::npos ? std::string() : task.substr(0, dot);
}

class StepReader {
 public:
  StepReader(const journal::Run& run, std::span<const Logged> log, std::optional<UtcTime> ended)
      : log_(log), counts_(find_counting(log)), ended_(ended), began_(run.created) {}

  Reading read() {
    for (std::size_t i = 0; i < log_.size(); ++i) {
      const Logged& entry = log_[i];
      counted_ = counts_[i];
      if (entry.kind == Kind::kStarted) began_ = entry.at;
      if (entry.kind == Kind::kRewound) take_back();
      if (entry.kind == Kind::kNoted) hear_note(entry);
      reading_.contexts.push_back({step_of(entry), since(entry), counted_});
      if (entry.kind == Kind::kRecord) hear_record(entry);
    }
    close_all();
    return std::move(reading_);
  }

 private:
  struct Open {
    std::size_t step = 0;
    std::string task;
  };

  // Of several the one in the task nearest to this one, begun last.
  std::optional<std::size_t> innermost(const std::string& task) const {
    const Open* found = nullptr;
    for (const Open& open : open_) {
      if (!is_within(task, open.task)) continue;
      if (found == nullptr || open.task.size() >= found->task.size()) found = &open;
    }
    return found != nullptr ? std::optional(found->step) : std::nullopt;
  }

  // Notes do not say who made them; the step that was begun last is the best guess.
  std::optional<std::size_t> step_of(const Logged& entry) const {
    if (entry.kind != Kind::kNoted) return innermost(entry.step.task);
    return open_.empty() ? std::nullopt : std::optional(open_.back().step);
  }

  UtcTime since(const Logged& entry) const {
    for (std::string task = entry.step.task; !task.empty(); task = parent_of(task)) {
      const auto last = last_.find(task);
      if (last != last_.end()) return std::min(std::max(last->second, began_), entry.at);
    }
    return std::min(began_, entry.at);
  }

  void hear_record(const Logged& record) {
    last_[record.step.task] = record.at;
    if (record.name == kBeginStep) begin(record);
    if (record.name == kEndStep) end(record);
  }

  void begin(const Logged& record) {
    const json::Array request = request_of(record);
    const auto* number = request.empty() ? nullptr : request[0].as<std::int64_t>();
    if (number == nullptr) return;
    const auto* name = request[1].as<std::string>();
    Step step;
    step.number = *number;
    step.name = name != nullptr ? *name : "";
    step.parent = innermost(record.step.task);
    step.depth = step.parent ? reading_.steps[*step.parent].depth + 1 : 0;
    step.span.begin = record.at;
    step.undone = !counted_;
    step.status = replaced_by(record);
    if (!step.status.empty()) {
      step.span.end = record.at;
    } else {
      open_.push_back({reading_.steps.size(), record.step.task});
    }
    reading_.steps.push_back(std::move(step));
  }

  // An end that was taken back leaves a step that was not still open.
  void end(const Logged& record) {
    const json::Array request = request_of(record);
    const auto* number = request.empty() ? nullptr : request[0].as<std::int64_t>();
    if (number == nullptr) return;
    const auto open = std::find_if(open_.rbegin(), open_.rend(), [&](const Open& one) {
      const Step& step = reading_.steps[one.step];
      return step.number == *number && step.undone != counted_;
    });
    if (open == open_.rend()) return;
    Step& step = reading_.steps[open->step];
    const auto* good = request[1].as<bool>();
    step.status = good != nullptr && *good ? "done" : "failed";
    step.span.end = record.at;
    open_.erase(std::next(open).base());
  }

  // Steps that a rewind found open are begun anew.
  void take_back() {
    std::erase_if(open_, [&](const Open& open) {
      Step& step = reading_.steps[open.step];
      if (!step.undone) return false;
      break_off(step, last_.empty() ? began_ : latest());
      return true;
    });
  }

  // What the step is expected to take is told right after it has begun.
  void hear_note(const Logged& note) {
    if (note.name != "step_started") return;
    const auto number = static_cast<std::int64_t>(note.body.number("index").value_or(0));
    const auto expect = note.body.number("expect");
    const auto step = std::find_if(reading_.steps.rbegin(), reading_.steps.rend(),
                                   [&](const Step& one) { return one.number == number; });
    if (expect && step != reading_.steps.rend()) step->expect = from_seconds(*expect);
  }

  void close_all() {
    for (const Open& open : open_) {
      Step& step = reading_.steps[open.step];
      if (ended_) {
        break_off(step, *ended_);
      } else {
        step.status = "running";
      }
    }
  }

  static void break_off(Step& step, UtcTime at) {
    step.status = "broken off";
    step.span.end = std::max(at, step.span.begin);
  }

  UtcTime latest() const {
    UtcTime latest = began_;
    for (const auto& [task, at] : last_) latest = std::max(latest, at);
    return latest;
  }

  std::span<const Logged> log_;
  std::vector<bool> counts_;
  std::optional<UtcTime> ended_;
  UtcTime began_;        // of the process whose entries are read
  bool counted_ = true;  // the entry that is read
  std::vector<Open> open_;
  std::map<std::string, UtcTime> last_;  // of each task, what it learnt last
  Reading reading_;
};

}  // namespace

Reading read_steps(const journal::Run& run, std::span<const Logged> log,
                   std::optional<UtcTime> ended) {
  return StepReader(run, log, ended).read();
}

}  // namespace neap::report
