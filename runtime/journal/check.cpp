#include "journal/check.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "journal/check_parts.h"
#include "json/writer.h"

namespace neap::journal {
namespace {

void check_chain(std::span<const Logged> log, Findings& findings) {
  std::int64_t position = 0;
  UtcTime last{};
  for (const Logged& entry : log) {
    if (entry.position != ++position) {
      findings.add("I4", entry.position,
                   fmt::format("entry {} stands where {} should", entry.position, position));
      position = entry.position;
    }
    if (entry.at < last) {
      findings.add(
          "I11", entry.position,
          fmt::format("time goes back from {} to {}", format_iso(last), format_iso(entry.at)));
    }
    last = std::max(last, entry.at);
  }
}

// Before a process takes a run, and after its end, only operators write to it.
bool is_an_operators(Kind kind) {
  return kind == Kind::kRewound || kind == Kind::kOverride || kind == Kind::kCancel;
}

void check_epochs(const Run& run, std::span<const Logged> log, Findings& findings) {
  std::int64_t epoch = 0;
  for (const Logged& entry : log) {
    if (entry.kind != Kind::kStarted) continue;
    const auto next = static_cast<std::int64_t>(entry.body.number("epoch").value_or(0));
    if (next <= epoch) {
      findings.add("I7", entry.position,
                   fmt::format("a process took the run in epoch {} after epoch {}", next, epoch));
    }
    epoch = next;
  }
  if (run.epoch < epoch) {
    findings.add("I7", 0, fmt::format("the run is in epoch {}, its log in {}", run.epoch, epoch));
  }
  const auto first = std::find_if(log.begin(), log.end(),
                                  [](const Logged& entry) { return !is_an_operators(entry.kind); });
  if (first != log.end() && first->kind != Kind::kStarted) {
    findings.add("I7", first->position, "the log begins before any process took the run");
  }
}

// Each task learns things in order, each once; what a rewind undid does not count.
void check_records(std::span<const Logged> log, Findings& findings) {
  std::set<Step> seen;
  std::map<std::string, std::vector<const Logged*>> of_task;
  for (const Logged& entry : log) {
    if (entry.kind == Kind::kRewound) {
      const auto to = static_cast<std::int64_t>(entry.body.number("to").value_or(0));
      for (auto& [task, records] : of_task) {
        std::erase_if(records, [&](const Logged* record) { return record->position > to; });
      }
    }
    // An interruption comes from outside, by a step that no call can have.
    if (entry.kind != Kind::kRecord || entry.step.sequence == 0) continue;
    if (!seen.insert(entry.step).second) {
      findings.add("I6", entry.position,
                   fmt::format("step {} was recorded twice", to_text(entry.step)));
      continue;
    }
    auto& records = of_task[entry.step.task];
    const std::uint32_t expected = records.empty() ? 1 : records.back()->step.sequence + 1;
    if (entry.step.sequence != expected) {
      findings.add("I6", entry.position,
                   fmt::format("task {} recorded call {} where {} was due", entry.step.task,
                               entry.step.sequence, expected));
    }
    records.push_back(&entry);
  }
}

// Between a question and its answer the task that asked changes nothing, and it goes on only with
// an answer that is written down.
void check_questions(std::span<const Logged> log, Findings& findings) {
  std::map<std::string, Step> open;
  for (const Logged& entry : log) {
    const auto waiting = open.find(entry.step.task);
    if (entry.kind == Kind::kAsked) open[entry.step.task] = entry.step;
    if (waiting == open.end()) continue;
    const bool same = entry.step == waiting->second;
    if (entry.kind == Kind::kSent) {
      findings.add("I4", entry.position,
                   fmt::format("step {} was sent while question {} was open", to_text(entry.step),
                               to_text(waiting->second)));
    }
    if (!same || (entry.kind != Kind::kAnswered && entry.kind != Kind::kRecord)) continue;
    if (entry.kind == Kind::kRecord && entry.body.object("error") == nullptr) {
      findings.add(
          "I4", entry.position,
          fmt::format("question {} was answered, and nothing says by whom", to_text(entry.step)));
    }
    open.erase(waiting);
  }
}

void check_end(const Run& run, std::span<const Logged> log, const ChangingCalls& changes,
               Findings& findings) {
  const Logged* ended = nullptr;
  for (const Logged& entry : log) {
    if (ended != nullptr && entry.kind != Kind::kStarted && !is_an_operators(entry.kind)) {
      findings.add("I4", entry.position,
                   fmt::format("{} follows the run's end", to_text(entry.kind)));
    }
    if (entry.kind == Kind::kEnded) ended = &entry;
    if (entry.kind == Kind::kStarted) ended = nullptr;
  }
  const std::string status = ended != nullptr ? ended->body.text("status") : std::string();
  if (has_ended(run.status) != (ended != nullptr) ||
      (ended != nullptr && status != to_text(run.status))) {
    findings.add("I4", ended != nullptr ? ended->position : 0,
                 fmt::format("the run is {}, and its log {}", to_text(run.status),
                             ended == nullptr ? "has no end" : "ends with " + status));
  }
  if (run.status != Status::kDone) return;
  for (const auto& [step, change] : changes) {
    if (change.attempts.empty() || change.closing != nullptr) continue;
    const Attempt& last = change.attempts.back();
    const bool open = last.answer == nullptr || last.answer->kind == Kind::kUnknown;
    if (open && !last.happened && !last.without_effect) {
      findings.add("I4", last.sent->position,
                   fmt::format("the run ended well while step {} was in doubt", to_text(step)));
    }
  }
}

void check_secrets(const Run& run, std::span<const Logged> log,
                   const std::vector<std::string>& canaries, Findings& findings) {
  for (const std::string& canary : canaries) {
    const auto holds = [&](std::string_view text) {
      return text.find(canary) != std::string_view::npos;
    };
    for (const Logged& entry : log) {
      if (holds(json::write(json::Value(entry.body))) || holds(entry.name) || holds(entry.where)) {
        findings.add("I10", entry.position, "the entry holds a secret");
      }
    }
    if (holds(json::write(json::Value(run.facts))) || holds(run.error) || holds(run.waiting)) {
      findings.add("I10", 0, "the run's own row holds a secret");
    }
  }
}

}  // namespace

std::vector<Violation> check_run(const Run& run, std::span<const Logged> log,
                                 const Witness& witness) {
  Findings findings;
  check_chain(log, findings);
  check_epochs(run, log, findings);
  check_records(log, findings);
  check_questions(log, findings);
  const ChangingCalls changes = check_changes(log, findings);
  check_receipts(changes, witness.receipts, findings);
  check_end(run, log, changes, findings);
  check_secrets(run, log, witness.canaries, findings);
  std::vector<Violation> found = findings.take();
  std::stable_sort(found.begin(), found.end(),
                   [](const Violation& a, const Violation& b) { return a.position < b.position; });
  return found;
}

}  // namespace neap::journal
