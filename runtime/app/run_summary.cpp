#include "app/run_summary.h"

#include <fmt/format.h>

#include "base/text.h"
#include "journal/error_body.h"

namespace neap::app {
namespace {

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string target_text(const RunFacts& facts, Duration elapsed, bool ended_well) {
  const Duration rto = *facts.rto;
  const std::string name = "RTO " + format_duration(rto);
  if (elapsed > rto) return name + " missed by " + format_duration(elapsed - rto);
  if (!ended_well) return name + ", " + format_duration(rto - elapsed) + " left of it";
  return name + " met with " + format_duration(rto - elapsed) + " to spare";
}

json::Array steps_json(const RunFacts& facts) {
  json::Array steps;
  for (const SeenStep& step : facts.steps) {
    json::Object row;
    row.set("name", step.name);
    row.set("status", step.status);
    row.set("elapsed", step.elapsed);
    if (const std::optional<Duration> usual = usual_time(facts, step)) {
      row.set("expected", to_seconds(*usual));
    }
    if (step.replayed) row.set("replayed", true);
    steps.emplace_back(std::move(row));
  }
  return steps;
}

json::Array parts_json(const SeenJob& job) {
  json::Array parts;
  for (const SeenPart& part : job.parts) {
    json::Object row;
    row.set("job_id", part.id);
    row.set("job_type", part.type);
    row.set("status", part.status);
    parts.emplace_back(std::move(row));
  }
  return parts;
}

json::Array jobs_json(const RunFacts& facts) {
  json::Array jobs;
  for (const auto& [id, job] : facts.jobs) {
    json::Object row;
    row.set("job_id", id);
    row.set("operation", job.operation);
    row.set("job_type", job.type);
    row.set("status", job.status);
    row.set("elapsed", job.took ? json::Value(to_seconds(*job.took)) : json::Value());
    row.set("sub_jobs", parts_json(job));
    jobs.emplace_back(std::move(row));
  }
  return jobs;
}

json::Value target_json(const RunFacts& facts, Duration elapsed, bool ended_well) {
  if (!facts.rto) return {};
  json::Object target;
  target.set("target", to_seconds(*facts.rto));
  target.set("actual", to_seconds(elapsed));
  target.set("met", ended_well && elapsed <= *facts.rto);
  return target;
}

}  // namespace

show::Table steps_table(const RunFacts& facts) {
  show::Table table({{"STEP", 16}, {"TOOK", 6}, {"USUALLY", 7}, {"STATUS", 7}});
  for (const SeenStep& step : facts.steps) {
    const std::optional<Duration> usual = usual_time(facts, step);
    table.add({{std::string(step.depth * 2, ' ') + printable(step.name)},
               {step.status == "running" ? "-" : format_duration(from_seconds(step.elapsed))},
               {usual ? format_duration(*usual) : "-"},
               {step.status}});
  }
  return table;
}

std::string summary_line(const RunFacts& facts, Instant now, bool ended_well) {
  if (facts.steps.empty()) return {};
  const Duration elapsed = facts.elapsed(now);
  std::string text = counted(facts.steps.size(), "step") + " in " + format_duration(elapsed);
  if (facts.history.whole) text += ", usually " + format_duration(*facts.history.whole);
  if (facts.rto) text += "; " + target_text(facts, elapsed, ended_well);
  text += "; " + counted(facts.changing_calls, "changing call");
  if (!facts.jobs.empty()) text += ", " + counted(facts.jobs.size(), "job");
  return text;
}

json::Object run_end_document(const RunFacts& facts, Instant now, const RunEnd& end) {
  const runs::ScriptRun::Outcome& outcome = end.outcome;
  const bool ended_well = !outcome.error.has_value();
  const Duration elapsed = facts.elapsed(now);
  json::Object all;
  all.set("format", "neap.run/1");
  all.set("runbook", end.name);
  all.set("run", end.run.empty() ? json::Value() : json::Value(end.run));
  all.set("ok", ended_well);
  all.set("exit_code", static_cast<int>(end.code));
  all.set("elapsed", to_seconds(now - facts.started));
  all.set("expected",
          facts.history.whole ? json::Value(to_seconds(*facts.history.whole)) : json::Value());
  all.set("rto", target_json(facts, elapsed, ended_well));
  all.set("changing_calls", static_cast<std::int64_t>(facts.changing_calls));
  all.set("result", outcome.value);
  all.set("error", outcome.error ? json::Value(journal::body_of(*outcome.error)) : json::Value());
  all.set("steps", steps_json(facts));
  all.set("jobs", jobs_json(facts));
  return all;
}

}  // namespace neap::app
