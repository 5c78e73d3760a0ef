#include "app/rewind.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "json/document.h"

namespace neap::app {
namespace {

using journal::Entry;
using journal::Kind;
using journal::Logged;
using journal::Step;

// Steps of a runbook leave these records (stdlib/runbook.lua): their first argument is the step's
// number, their second its name, or whether it went well.
constexpr std::string_view kBeginStep = "host.run.begin_step";
constexpr std::string_view kEndStep = "host.run.end_step";

struct RunbookStep {
  std::int64_t number = 0;
  std::string name;
  std::int64_t begun = 0;  // position of its record
  std::int64_t ended = 0;  // likewise; 0: it has not
  bool good = false;
};

// What the arguments of a recorded call were; a list, short enough never to have been cut.
json::Array arguments_of(const Entry& record) {
  const Result<json::Document> request = json::Document::parse(record.body.text("request"));
  if (!request) return {};
  const json::Value value = request->value();
  const auto* list = value.as<json::Array>();
  return list != nullptr ? *list : json::Array{};
}

// The records that no rewind has undone.
std::vector<const Logged*> standing(const std::vector<Logged>& history) {
  std::vector<const Logged*> records;
  for (const Logged& entry : history) {
    if (entry.kind == Kind::kRewound) {
      const double to = entry.body.number("to").value_or(0);
      std::erase_if(records, [&](const Logged* record) {
        return static_cast<double>(record->position) > to;
      });
    } else if (entry.kind == Kind::kRecord) {
      records.push_back(&entry);
    }
  }
  return records;
}

std::vector<RunbookStep> steps_of(const std::vector<Logged>& history) {
  std::vector<RunbookStep> steps;
  for (const Logged* record : standing(history)) {
    if (record->name != kBeginStep && record->name != kEndStep) continue;
    const json::Array arguments = arguments_of(*record);
    const auto* number = arguments.size() == 2 ? arguments[0].as<std::int64_t>() : nullptr;
    if (number == nullptr) continue;
    if (const auto* name = arguments[1].as<std::string>(); record->name == kBeginStep) {
      steps.push_back({*number, name != nullptr ? *name : "", record->position});
      continue;
    }
    const auto step = std::find_if(steps.begin(), steps.end(),
                                   [&](const RunbookStep& row) { return row.number == *number; });
    if (step == steps.end()) continue;
    step->ended = record->position;
    step->good = arguments[1].as<bool>() != nullptr && *arguments[1].as<bool>();
  }
  return steps;
}

// The innermost step in which the run failed: of the failures that end it, the one that ended
// first.
const RunbookStep* failed_step(const std::vector<RunbookStep>& steps) {
  const RunbookStep* failed = nullptr;
  std::int64_t last_good = 0;
  for (const RunbookStep& step : steps) {
    if (step.good) last_good = std::max(last_good, step.ended);
  }
  for (const RunbookStep& step : steps) {
    if (step.good || step.ended < last_good) continue;
    if (failed == nullptr || step.begun > failed->begun) failed = &step;
  }
  return failed;
}

Result<const RunbookStep*> find_step(const journal::Run& run, const std::vector<RunbookStep>& steps,
                                     const std::string& wanted) {
  std::vector<std::string> names;
  for (const RunbookStep& step : steps) {
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
Result<std::optional<RunbookStep>> target(const journal::Run& run,
                                          const std::vector<RunbookStep>& steps,
                                          const Resumption& resumption) {
  std::optional<RunbookStep> earliest;
  const auto consider = [&](const RunbookStep& step) {
    if (!earliest || step.begun < earliest->begun) earliest = step;
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
    if (const RunbookStep* failed = failed_step(steps)) consider(*failed);
  }
  return earliest;
}

}  // namespace

std::vector<Step> in_doubt(const std::vector<Logged>& history) {
  std::map<Step, Kind> last;
  for (const Logged& entry : history) {
    switch (entry.kind) {
      case Kind::kIntent:
      case Kind::kSent:
      case Kind::kAccepted:
      case Kind::kRefused:
      case Kind::kUnknown:
      case Kind::kObserved:
      case Kind::kProof:
      case Kind::kDone:
      case Kind::kFailed:
      case Kind::kOperator:
      case Kind::kResolved:
        last[entry.step] = entry.kind;
        break;
      default:
        break;
    }
  }
  std::vector<Step> open;
  for (const auto& [step, kind] : last) {
    if (kind == Kind::kSent || kind == Kind::kUnknown || kind == Kind::kObserved ||
        kind == Kind::kOperator) {
      open.push_back(step);
    }
  }
  return open;
}

Result<std::vector<Entry>> edits_of(const journal::Run& run, const std::vector<Logged>& history,
                                    const Resumption& resumption) {
  const auto back = target(run, steps_of(history), resumption);
  if (!back) return tl::unexpected(back.error());
  std::vector<Entry> edits;
  if (*back) {
    const std::vector<Step> open = in_doubt(history);
    if (!open.empty()) {
      return fail(
          ErrorKind::kConflict,
          fmt::format("run {} cannot go back: step {} is in doubt", run.id, to_text(open.front())),
          fmt::format("resume it without --from, or: neap resolve {} {} --happened or "
                      "--did-not",
                      run.id, to_text(open.front())));
    }
    edits.push_back(rewound((*back)->begun - 1, (*back)->name, resumption));
  }
  for (const std::string& step : resumption.skip) {
    edits.push_back(override_of(step, "skip", nullptr, resumption));
  }
  for (const auto& [step, value] : resumption.set) {
    edits.push_back(override_of(step, "set", &value, resumption));
  }
  return edits;
}

}  // namespace neap::app
