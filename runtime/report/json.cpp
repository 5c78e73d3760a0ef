// A report as a JSON document; names and shapes are fixed (docs/guide/report.md).
#include "json/value.h"
#include "report/report.h"

namespace neap::report {
namespace {

json::Value time(const std::optional<UtcTime>& at) {
  return at ? json::Value(format_iso(*at)) : json::Value();
}

json::Value seconds(const std::optional<Duration>& duration) {
  return duration ? json::Value(to_seconds(*duration)) : json::Value();
}

json::Value number(const std::optional<std::size_t>& index) {
  return index ? json::Value(static_cast<std::int64_t>(*index)) : json::Value();
}

void set_span(json::Object& object, const Span& span) {
  object.set("begin", time(span.begin));
  object.set("end", time(span.end));
}

template <class T, class ToJson>
json::Array list_of(const std::vector<T>& things, ToJson to_json) {
  json::Array list;
  for (const T& thing : things) list.emplace_back(to_json(thing));
  return list;
}

json::Object life_json(const Life& life) {
  json::Object object;
  object.set("epoch", life.epoch);
  object.set("owner", life.owner);
  object.set("how", life.how);
  set_span(object, life.span);
  object.set("left", life.left);
  return object;
}

json::Object step_json(const Step& step) {
  json::Object object;
  object.set("number", step.number);
  object.set("name", step.name);
  object.set("depth", static_cast<std::int64_t>(step.depth));
  object.set("parent", number(step.parent));
  set_span(object, step.span);
  object.set("status", step.status);
  object.set("expect", seconds(step.expect));
  object.set("undone", step.undone);
  return object;
}

json::Object event_json(const Event& event) {
  json::Object object;
  object.set("at", time(event.at));
  object.set("kind", event.kind);
  object.set("text", event.text);
  return object;
}

json::Object error_json(const Call& call) {
  json::Object object;
  object.set("kind", call.error_kind);
  object.set("code", call.error_code);
  object.set("message", call.error);
  return object;
}

json::Object call_json(const Call& call) {
  json::Object object;
  object.set("step", call.step);
  object.set("in_step", number(call.in_step));
  object.set("service", call.service);
  object.set("operation", call.operation);
  object.set("effect", call.effect);
  object.set("asked", time(call.asked));
  object.set("sent", time(call.sent));
  object.set("answered", time(call.answered));
  object.set("status", call.status);
  object.set("http_status", call.http_status == 0 ? json::Value() : json::Value(call.http_status));
  object.set("request_id", call.request_id);
  const bool failed = !call.error.empty() || !call.error_kind.empty();
  object.set("error", failed ? json::Value(error_json(call)) : json::Value());
  object.set("attempts", call.attempts);
  object.set("job", call.job);
  object.set("where", call.where);
  object.set("request", call.request);
  object.set("undone", call.undone);
  object.set("events", list_of(call.events, event_json));
  return object;
}

json::Object sub_job_json(const SubJob& job) {
  json::Object object;
  object.set("id", job.id);
  object.set("type", job.type);
  object.set("status", job.status);
  object.set("platform_begin", time(job.begin));
  object.set("platform_end", time(job.end));
  object.set("error_code", job.error_code);
  object.set("reason", job.reason);
  object.set("about", job.about);
  return object;
}

json::Object job_json(const Job& job) {
  json::Object object = sub_job_json(job);
  object.set("operation", job.operation);
  object.set("in_step", number(job.in_step));
  set_span(object, job.span);
  object.set("same_clock", job.same_clock);
  object.set("sub_jobs", list_of(job.sub_jobs, sub_job_json));
  return object;
}

json::Object wait_json(const Wait& wait) {
  json::Object object;
  object.set("what", wait.what);
  object.set("in_step", number(wait.in_step));
  set_span(object, wait.span);
  object.set("outcome", wait.outcome);
  object.set("error", wait.error);
  object.set("undone", wait.undone);
  return object;
}

json::Object question_json(const Question& question) {
  json::Object object;
  object.set("step", question.step);
  object.set("question", question.question);
  object.set("in_step", number(question.in_step));
  object.set("asked", time(question.span.begin));
  object.set("deadline", time(question.deadline));
  object.set("answered", time(question.span.end));
  object.set("yes", question.span.end ? json::Value(question.yes) : json::Value());
  object.set("by", question.by);
  object.set("comment", question.comment);
  object.set("undone", question.undone);
  return object;
}

json::Object decision_json(const Decision& decision) {
  json::Object object;
  object.set("at", time(decision.at));
  object.set("kind", decision.kind);
  object.set("by", decision.by);
  object.set("text", decision.text);
  return object;
}

json::Object note_json(const Note& note) {
  json::Object object;
  object.set("at", time(note.at));
  object.set("kind", note.kind);
  object.set("text", note.text);
  object.set("in_step", number(note.in_step));
  return object;
}

json::Object problem_json(const Problem& problem) {
  json::Object object;
  object.set("at", time(problem.at));
  object.set("where", problem.where);
  object.set("kind", problem.kind);
  object.set("code", problem.code);
  object.set("message", problem.text);
  object.set("request_id", problem.request_id);
  object.set("fatal", problem.fatal);
  return object;
}

json::Object objective_json(const Objective& objective) {
  json::Object object;
  object.set("target", seconds(objective.target));
  object.set("actual", seconds(objective.actual));
  object.set("verdict", objective.verdict);
  object.set("waiting_for_people", seconds(objective.people));
  object.set("without_process", seconds(objective.nobody));
  object.set("platform", seconds(objective.platform));
  object.set("rest", seconds(objective.rest));
  return object;
}

json::Object integrity_json(const Integrity& integrity) {
  const auto text = [](const std::string& line) { return json::Value(line); };
  json::Object object;
  object.set("verifies", integrity.verifies);
  object.set("head", integrity.head);
  object.set("entries", integrity.entries);
  object.set("damage", list_of(integrity.damage, text));
  object.set("broken_rules", list_of(integrity.broken_rules, text));
  return object;
}

void set_facts(json::Object& object, const Report& report) {
  object.set("id", report.run.id);
  object.set("runbook", report.run.name);
  object.set("summary", report.summary);
  object.set("status", to_text(report.run.status));
  object.set("waiting", report.run.waiting);
  object.set("error", report.run.error);
  object.set("command", report.command);
  object.set("operator", report.operator_name);
  object.set("owner", report.run.owner);
  object.set("started", time(report.run.created));
  object.set("ended", report.goes_on() ? json::Value() : time(report.ended));
  object.set("made", time(report.made));
  object.set("endpoint", report.endpoint);
  object.set("region", report.region);
  object.set("project", report.project);
  object.set("profile", report.profile);
  object.set("simulated", report.simulated);
  object.set("script", report.script);
  object.set("result", report.result);
}

}  // namespace

json::Object to_json(const Report& report) {
  json::Object object;
  object.set("format", "neap.report/1");
  set_facts(object, report);
  object.set("objective", objective_json(report.objective));
  object.set("lives", list_of(report.lives, life_json));
  object.set("steps", list_of(report.steps, step_json));
  object.set("calls", list_of(report.calls, call_json));
  object.set("jobs", list_of(report.jobs, job_json));
  object.set("waits", list_of(report.waits, wait_json));
  object.set("questions", list_of(report.questions, question_json));
  object.set("decisions", list_of(report.decisions, decision_json));
  object.set("notes", list_of(report.notes, note_json));
  object.set("problems", list_of(report.problems, problem_json));
  object.set("integrity", integrity_json(report.integrity));
  return object;
}

}  // namespace neap::report
