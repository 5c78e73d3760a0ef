// The tables of the page.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "report/page_view.h"
#include "report/text.h"

namespace neap::report {
namespace {

void set_status(json::Object& row, std::string_view status) {
  const Look look = look_of(status);
  row.set("status", status);
  row.set("look", look.name);
  row.set("glyph", look.sign);
}

// {rows: […]}; nothing when there is none, so that the section is left out.
json::Value section(json::Array rows) {
  if (rows.empty()) return {};
  json::Object object;
  object.set("rows", std::move(rows));
  return object;
}

json::Value steps_view(const Report& report) {
  json::Array rows;
  for (const Step& step : report.steps) {
    json::Object row;
    row.set("number", step.number);
    row.set("name", step.name);
    row.set("depth", static_cast<std::int64_t>(std::min<std::size_t>(step.depth, 4)));
    set_status(row, status_of(step));
    row.set("began", time_view(report, step.span.begin));
    row.set("took", took(step.span, report.ended));
    row.set("expected", step.expect ? format_duration(*step.expect) : "");
    const Duration taken = step.span.end.value_or(report.ended) - step.span.begin;
    row.set("late", step.expect && taken > *step.expect ? took(taken - *step.expect) : "");
    rows.emplace_back(std::move(row));
  }
  return section(std::move(rows));
}

json::Value problems_view(const Report& report) {
  json::Array rows;
  for (const Problem& problem : report.problems) {
    json::Object row;
    row.set("at", time_view(report, problem.at));
    row.set("where", problem.where);
    row.set("kind", problem.kind);
    row.set("code", problem.code);
    row.set("text", problem.text);
    row.set("request_id", problem.request_id);
    row.set("fatal", problem.fatal);
    rows.emplace_back(std::move(row));
  }
  return section(std::move(rows));
}

json::Object said(const Report& report, UtcTime at, const char* look, const char* glyph,
                  const std::string& what, const std::string& text) {
  json::Object row;
  row.set("at", time_view(report, at));
  row.set("look", look);
  row.set("glyph", glyph);
  row.set("what", what);
  row.set("text", text);
  row.set("after", "");
  return row;
}

json::Value people_view(const Report& report) {
  std::vector<std::pair<UtcTime, json::Object>> all;
  for (const Question& question : report.questions) {
    const Look look = look_of(!question.span.end ? "open" : question.yes ? "approved" : "rejected");
    json::Object row =
        said(report, question.span.begin, look.name, look.sign, question.question,
             answer_of(question) + (question.undone ? ", before the run was taken back" : ""));
    if (question.span.end) row.set("after", took(question.span, report.ended));
    all.emplace_back(question.span.begin, std::move(row));
  }
  for (const Decision& decision : report.decisions) {
    all.emplace_back(decision.at,
                     said(report, decision.at, "person", "●", decision.kind, decision.text));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  json::Array rows;
  for (auto& [at, row] : all) rows.emplace_back(std::move(row));
  return section(std::move(rows));
}

const char* effect_words(const std::string& effect) {
  if (effect == "R") return "read";
  if (effect == "I") return "change, repeatable";
  if (effect == "G") return "change, guarded by states";
  if (effect == "C") return "change, makes a thing";
  return "change, leaves no trace";
}

json::Value changes_view(const Report& report) {
  json::Array rows;
  for (const Call& call : report.calls) {
    if (!call.changes()) continue;
    json::Object row;
    row.set("operation", call.operation);
    set_status(row, call.status);
    row.set("summary", call.summary);
    row.set("effect", effect_words(call.effect));
    row.set("where", call.where);
    row.set("step", call.step);
    row.set("request_id", call.request_id);
    row.set("undone", call.undone);
    json::Array events;
    for (const Event& event : call.events) {
      json::Object one;
      one.set("at", time_view(report, event.at));
      one.set("text", event.text);
      events.emplace_back(std::move(one));
    }
    row.set("events", std::move(events));
    rows.emplace_back(std::move(row));
  }
  return section(std::move(rows));
}

json::Object job_row(const Report& report, const SubJob& job, int depth) {
  json::Object row;
  row.set("type", job.type.empty() ? std::string("job") : job.type);
  row.set("id", job.id);
  row.set("depth", depth);
  set_status(row, job.status.empty() ? "accepted" : job.status);
  row.set("began", time_view(report, job.begin));
  row.set("took", job.begin && job.end ? took(*job.end - *job.begin) : "");
  row.set("about", job.about);
  const bool failed = !job.error_code.empty() || !job.reason.empty();
  row.set("reason", failed ? std::string(trim(job.error_code + " " + job.reason)) : "");
  return row;
}

json::Value jobs_view(const Report& report) {
  json::Array rows;
  for (const Job& job : report.jobs) {
    rows.emplace_back(job_row(report, job, 0));
    for (const SubJob& sub_job : job.sub_jobs) rows.emplace_back(job_row(report, sub_job, 1));
  }
  return section(std::move(rows));
}

json::Value notes_view(const Report& report) {
  json::Array rows;
  for (const Note& note : report.notes) {
    json::Object row;
    row.set("at", time_view(report, note.at));
    row.set("text", note.kind == "note" ? note.text : "cleanup failed: " + note.text);
    rows.emplace_back(std::move(row));
  }
  return section(std::move(rows));
}

json::Value lives_view(const Report& report) {
  json::Array rows;
  for (const Life& life : report.lives) {
    json::Object row;
    row.set("owner", life.owner);
    row.set("how", life.how);
    row.set("from", time_view(report, life.span.begin));
    row.set("until", time_view(report, life.span.end));
    row.set("left", life.left.empty() ? "goes on" : life.left);
    rows.emplace_back(std::move(row));
  }
  return section(std::move(rows));
}

json::Object call_row(const Report& report, const Call& call) {
  json::Object row;
  row.set("at", time_view(report, call.asked));
  row.set("operation", call.operation);
  row.set("kind", call.changes() ? "change" : "read");
  row.set("effect", call.changes() ? "change" : "read");
  set_status(row, call.status);
  row.set("http", call.http_status == 0 ? "" : fmt::format("{}", call.http_status));
  row.set("took", call.answered ? took(*call.answered - call.sent.value_or(call.asked)) : "");
  row.set("in_step", name_of(report, call.in_step));
  row.set("where", call.where);
  row.set("step", call.step);
  const std::string code = call.error_code.empty() ? "" : call.error_code + ": ";
  row.set("error", call.error.empty() ? "" : code + call.error);
  return row;
}

json::Value calls_view(const Report& report) {
  json::Array rows;
  for (const Call& call : report.calls) rows.emplace_back(call_row(report, call));
  if (rows.empty()) return {};
  json::Object object;
  object.set("total", static_cast<std::int64_t>(rows.size()));
  object.set("rows", std::move(rows));
  return object;
}

}  // namespace

json::Object tables_view(const Report& report) {
  json::Object object;
  object.set("steps", steps_view(report));
  object.set("problems", problems_view(report));
  object.set("people", people_view(report));
  object.set("changes", changes_view(report));
  object.set("jobs", jobs_view(report));
  object.set("notes", notes_view(report));
  object.set("lives", lives_view(report));
  object.set("calls", calls_view(report));
  return object;
}

}  // namespace neap::report
