#include "runs/rewind.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "runs/run_story.h"

namespace neap::runs {
namespace {

using journal::Entry;
using journal::Kind;
using journal::Logged;

// The innermost step in which the run failed: of the failures that end it, the one that ended
// first.
const StepStory* failed_step(const std::vector<StepStory>& steps) {
  const StepStory* failed = nullptr;
  std::int64_t last_good = 0;
  for (const StepStory& step : steps) {
    if (step.good) last_good = std::max(last_good, step.ended->position);
  }
  for (const StepStory& step : steps) {
    const std::int64_t ended = step.ended != nullptr ? step.ended->position : 0;
    if (step.good || ended < last_good) continue;
    if (failed == nullptr || step.begun->position > failed->begun->position) failed = &step;
  }
  return failed;
}

Result<const StepStory*> find_step(const journal::Run& run, const std::vector<StepStory>& steps,
                                   const std::string& wanted) {
  std::vector<std::string> names;
  for (const StepStory& step : steps) {
    if (step.name == wanted || std::to_string(step.number) == wanted) return &step;
    names.push_back(step.name);
  }
  return fail(ErrorKind::kUsage,
              fmt::format("run {} has begun no step \"{}\"{}", run.id, printable(wanted),
                          did_you_mean(wanted, names)),
              "neap runs show " + run.id + " lists its steps");
}

Entry rewound(std::int64_t to, const std::string& step, const Resumption& resumption) {
  Entry entry;
  entry.kind = Kind::kRewound;
  entry.body.set("to", to);
  entry.body.set("step", step);
  entry.body.set("by", resumption.operator_name);
  entry.body.set("why", resumption.why);
  return entry;
}

Entry override_of(const std::string& step, const char* action, const json::Value* value,
                  const Resumption& resumption) {
  Entry entry;
  entry.kind = Kind::kOverride;
  entry.body.set("step", step);
  entry.body.set("action", action);
  if (value != nullptr) entry.body.set("value", *value);
  entry.body.set("by", resumption.operator_name);
  entry.body.set("why", resumption.why);
  return entry;
}

// How far back the run goes: before the earliest step that is to be done over or differently, or
// before the one that failed. Nothing: it goes on where it stands.
Result<std::optional<StepStory>> target(const journal::Run& run,
                                        const std::vector<StepStory>& steps,
                                        const Resumption& resumption) {
  std::optional<StepStory> earliest;
  const auto consider = [&](const StepStory& step) {
    if (!earliest || step.begun->position < earliest->begun->position) earliest = step;
  };
  if (!resumption.from.empty()) {
    const auto step = find_step(run, steps, resumption.from);
    if (!step) return tl::unexpected(step.error());
    consider(**step);
  }
  std::vector<std::string> overridden = resumption.skip;
  for (const auto& [name, value] : resumption.set) overridden.push_back(name);
  for (const std::string& name : overridden) {
    // A step that has not begun yet is met on the way; its name cannot be checked.
    const auto step = find_step(run, steps, name);
    if (step) consider(**step);
  }
  if (run.status == journal::Status::kFailed) {
    if (const StepStory* failed = failed_step(steps)) consider(*failed);
  }
  return earliest;
}

}  // namespace

Result<std::vector<Entry>> edits_of(const journal::Run& run, const std::vector<Logged>& history,
                                    const Resumption& resumption) {
  const RunStory story = tell_story(history);
  const auto back = target(run, story.steps, resumption);
  if (!back) return tl::unexpected(back.error());
  std::vector<Entry> edits;
  if (*back) {
    const std::vector<const EffectStory*> open = story.open_effects();
    if (!open.empty()) {
      const std::string step = to_text(open.front()->step);
      return fail(ErrorKind::kConflict,
                  fmt::format("run {} cannot go back: step {} is in doubt", run.id, step),
                  fmt::format("resume it without --from, or: neap resolve {} {} --happened or "
                              "--did-not",
                              run.id, step));
    }
    edits.push_back(rewound((*back)->begun->position - 1, (*back)->name, resumption));
  }
  for (const std::string& step : resumption.skip) {
    edits.push_back(override_of(step, "skip", nullptr, resumption));
  }
  for (const auto& [step, value] : resumption.set) {
    edits.push_back(override_of(step, "set", &value, resumption));
  }
  return edits;
}

}  // namespace neap::runs
