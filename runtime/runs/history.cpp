#include "runs/history.h"

#include <algorithm>

#include "runs/run_story.h"

namespace neap::runs {
namespace {

using journal::Kind;
using journal::Logged;

constexpr std::size_t kRunsListed = 500;
constexpr std::size_t kOfName = 20;
constexpr std::size_t kOfOthers = 10;  // for their jobs
// Entries that are read, lest a run wait for what earlier ones teach: some tenths of a second.
constexpr std::int64_t kMostEntries = 10'000;

Duration median(std::vector<Duration> all) {
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
}

struct Span {
  UtcTime from;
  UtcTime to;
};

// How long the run waited for answers within that span.
Duration waited(const RunStory& story, Span span) {
  Duration total{};
  for (const QuestionStory& question : story.questions) {
    if (question.answered == nullptr) continue;
    const UtcTime from = std::max(span.from, question.asked->at);
    const UtcTime to = std::min(span.to, question.answered->at);
    if (to > from) total += to - from;
  }
  return total;
}

Duration worked(const RunStory& story, Span span) {
  return std::max(Duration{}, Duration(span.to - span.from) - waited(story, span));
}

// "start_failover_protection_group" of "sdrs:start_failover_protection_group"
std::string operation_of(const EffectStory& effect) {
  return effect.operation.substr(effect.operation.find(':') + 1);
}

class Learner {
 public:
  void hear(const std::vector<Logged>& log, bool same_runbook) {
    const RunStory story = tell_story(log);
    hear_jobs(story);
    if (!same_runbook || was_resumed(log)) return;
    ++history_.runs;
    wholes_.push_back(worked(story, {log.front().at, log.back().at}));
    for (const StepStory& step : story.steps) {
      if (step.ended == nullptr || !step.good) continue;
      steps_[step.name].push_back(worked(story, {step.begun->at, step.ended->at}));
      if (history_.runs == 1) history_.steps.push_back({step.name, {}, is_top(story, step)});
    }
  }

  History take() {
    if (!wholes_.empty()) history_.whole = median(wholes_);
    for (History::Step& step : history_.steps) step.usual = median(steps_[step.name]);
    for (auto& [operation, all] : jobs_) history_.jobs[operation] = median(all);
    return std::move(history_);
  }

 private:
  static bool was_resumed(const std::vector<Logged>& log) {
    return std::count_if(log.begin(), log.end(),
                         [](const Logged& entry) { return entry.kind == Kind::kStarted; }) > 1;
  }

  static bool is_top(const RunStory& story, const StepStory& step) {
    return std::none_of(story.steps.begin(), story.steps.end(), [&](const StepStory& other) {
      return other.begun->position < step.begun->position && other.ended != nullptr &&
             other.ended->position > step.begun->position;
    });
  }

  void hear_jobs(const RunStory& story) {
    for (const EffectStory& effect : story.effects) {
      const Logged* accepted = nullptr;
      for (const Logged* entry : effect.entries) {
        if (entry->kind == Kind::kAccepted && !entry->body.text("job_id").empty()) accepted = entry;
        if (entry->kind != Kind::kDone || accepted == nullptr || entry->at <= accepted->at)
          continue;
        jobs_[operation_of(effect)].push_back(entry->at - accepted->at);
      }
    }
  }

  History history_;
  std::vector<Duration> wholes_;
  std::map<std::string, std::vector<Duration>> steps_;
  std::map<std::string, std::vector<Duration>> jobs_;
};

}  // namespace

std::optional<Duration> History::step(std::string_view name) const {
  for (const Step& known : steps) {
    if (known.name == name) return known.usual;
  }
  return std::nullopt;
}

History learn_history(journal::Store& store, std::string_view runbook) {
  Learner learner;
  const Result<std::vector<journal::Run>> runs = store.runs(journal::Status::kDone, kRunsListed);
  if (!runs) return learner.take();
  std::size_t same = 0;
  std::size_t others = 0;
  std::int64_t entries = 0;
  for (const journal::Run& run : *runs) {  // the newest first
    const bool of_name = run.name == runbook;
    if ((of_name ? same : others) >= (of_name ? kOfName : kOfOthers)) continue;
    if (entries + run.position > kMostEntries) continue;
    entries += run.position;
    const Result<std::vector<Logged>> log = store.log(run.id);
    if (!log || log->empty()) continue;
    ++(of_name ? same : others);
    learner.hear(*log, of_name);
  }
  return learner.take();
}

}  // namespace neap::runs
