// Puts a report together: who, where and when here, the rest by the readers of each kind.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "http/url.h"
#include "journal/check.h"
#include "journal/error_body.h"
#include "json/writer.h"
#include "report/calls.h"
#include "report/jobs.h"
#include "report/objective.h"
#include "report/people.h"
#include "report/report.h"
#include "report/steps.h"

namespace neap::report {
namespace {

using journal::Kind;
using journal::Logged;

const Logged* last_end(std::span<const Logged> log) {
  const auto found = std::find_if(log.rbegin(), log.rend(), [](const Logged& entry) {
    return entry.kind == Kind::kEnded || entry.kind == Kind::kStarted;
  });
  return found != log.rend() && found->kind == Kind::kEnded ? &*found : nullptr;
}

bool on_this_machine(const std::string& endpoint) {
  const Result<http::Url> url = http::parse_url(endpoint);
  return url && http::is_loopback(url->host);
}

std::string command_of(const journal::Run& run) {
  std::string command = "neap run " + run.name;
  for (const json::Value& word : run.facts.list("words")) {
    const auto* text = word.as<std::string>();
    command += " " + (text != nullptr ? *text : json::write(word));
  }
  return command;
}

void take_facts(Report& report) {
  const json::Object& facts = report.run.facts;
  report.command = command_of(report.run);
  report.operator_name = facts.text("operator");
  report.endpoint = facts.text("endpoint");
  report.region = facts.text("region");
  report.project = facts.text("project");
  report.profile = facts.text("profile");
  report.script = facts.text("script");
  report.simulated = on_this_machine(report.endpoint);
}

// The header as the run noted it; runs of before have none.
json::Object header_of(std::span<const Logged> log) {
  const auto found = std::find_if(log.begin(), log.end(), [](const Logged& entry) {
    return entry.kind == Kind::kNoted && entry.name == "header";
  });
  return found != log.end() ? found->body : json::Object();
}

void add_problems_of_calls(Report& report) {
  for (const Call& call : report.calls) {
    for (const Event& event : call.events) {
      if (event.kind != to_text(Kind::kUnknown)) continue;
      report.problems.push_back(
          {event.at, call.operation + " " + call.step, "in_doubt", "", event.text, "", false});
    }
    if (call.error.empty() && call.error_kind.empty()) continue;
    if (call.error_kind == "job_failed") continue;  // its job tells more
    report.problems.push_back({call.answered.value_or(call.sent.value_or(call.asked)),
                               call.operation + " " + call.step, call.error_kind, call.error_code,
                               call.error, call.request_id, false});
  }
}

void add_problems_of_jobs(Report& report) {
  const auto add = [&](const SubJob& job, UtcTime at, const char* what) {
    if (job.status != "FAIL") return;
    report.problems.push_back({at, std::string(what) + " " + job.id, "job_failed", job.error_code,
                               job.reason, "", false});
  };
  for (const Job& job : report.jobs) {
    const UtcTime at = job.span.end.value_or(report.ended);
    add(job, at, "job");
    for (const SubJob& sub_job : job.sub_jobs) add(sub_job, at, "sub-job");
  }
}

// A run that failed and was taken up again has ended more than once.
void add_ends(Report& report, std::span<const Logged> log, const Logged* last) {
  for (const Logged& entry : log) {
    const json::Object* body = entry.kind == Kind::kEnded ? entry.body.object("error") : nullptr;
    if (body == nullptr) continue;
    const Error error = journal::error_of(*body);
    report.problems.push_back({entry.at, error.where, std::string(to_text(error.kind)), error.code,
                               error.message, error.request_id, &entry == last});
  }
}

void add_problems(Report& report, std::span<const Logged> log, const Logged* end) {
  add_problems_of_calls(report);
  add_problems_of_jobs(report);
  for (const Note& note : report.notes) {
    if (note.kind == "note") continue;
    report.problems.push_back({note.at, "cleanup", "cleanup_failed", "", note.text, "", false});
  }
  add_ends(report, log, end);
  std::stable_sort(report.problems.begin(), report.problems.end(),
                   [](const Problem& a, const Problem& b) { return a.at < b.at; });
}

Integrity integrity_of(const journal::Run& run, std::span<const Logged> log,
                       const std::vector<std::string>& damage) {
  Integrity integrity;
  integrity.head = run.hash;
  integrity.entries = run.position;
  integrity.damage = damage;
  integrity.verifies = damage.empty();
  if (!integrity.verifies) return integrity;  // what is not whole cannot be held to its rules
  for (const journal::Violation& broken : journal::check_run(run, log)) {
    integrity.broken_rules.push_back(broken.rule + ": " + broken.sentence);
  }
  return integrity;
}

}  // namespace

Report make_report(const journal::Run& run, std::span<const Logged> log,
                   const std::vector<std::string>& damage, UtcTime now) {
  Report report;
  report.run = run;
  report.made = now;
  const Logged* end = has_ended(run.status) ? last_end(log) : nullptr;
  report.ended = end != nullptr ? end->at : std::max(now, run.changed);
  if (has_ended(run.status) && end == nullptr) report.ended = run.changed;
  take_facts(report);
  const json::Object header = header_of(log);
  report.summary = header.text("summary");
  if (end != nullptr && end->body.find("result") != nullptr)
    report.result = *end->body.find("result");
  Reading reading =
      read_steps(run, log, report.goes_on() ? std::nullopt : std::optional(report.ended));
  report.lives = read_lives(run, log);
  report.calls = read_calls(log, reading.contexts);
  report.jobs = read_jobs(log, reading.contexts);
  report.waits = read_waits(log, reading.contexts);
  report.questions = read_questions(log, reading.contexts);
  report.decisions = read_decisions(log);
  report.notes = read_notes(log, reading.contexts);
  report.steps = std::move(reading.steps);
  add_problems(report, log, end);
  report.integrity = integrity_of(run, log, damage);
  report.objective = judge(report, header.text("rto"));
  return report;
}

}  // namespace neap::report
