// A report as Markdown.
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "report/markdown_table.h"
#include "report/report.h"
#include "report/text.h"

namespace neap::report {
namespace {

std::string section(const std::string& title, const std::string& body) {
  return body.empty() ? body : fmt::format("\n## {}\n\n{}", title, body);
}

std::string section(const std::string& title, const MarkdownTable& table) {
  return table.empty() ? std::string() : section(title, table.text());
}

std::string fact(std::string_view label, const std::string& text) {
  return text.empty() ? std::string() : fmt::format("- **{}**: {}\n", label, in_markdown(text));
}

std::string place_of(const Report& report) {
  std::vector<std::string> parts;
  if (!report.endpoint.empty()) parts.push_back(report.endpoint);
  if (report.simulated) parts.emplace_back("a simulator");
  if (!report.region.empty()) parts.push_back("region " + report.region);
  if (!report.project.empty()) parts.push_back("project " + report.project);
  if (!report.profile.empty()) parts.push_back("profile " + report.profile);
  return join(parts, ", ");
}

std::string breakdown(const Objective& objective) {
  return fmt::format(
      "waiting for people {}, no process had the run {}, jobs of the platform {}, the rest {}",
      took(objective.people), took(objective.nobody), took(objective.platform),
      took(objective.rest));
}

std::string heading(const Report& report) {
  std::string text = fmt::format("# {}: run {}\n\n", in_markdown(report.run.name), report.run.id);
  if (!report.summary.empty()) text += in_markdown(report.summary) + ".\n\n";
  text += fact("outcome", outcome_sentence(report));
  text += fact("error", report.run.error);
  text += fact("objective", objective_sentence(report));
  text += fact("time", breakdown(report.objective));
  text += fact("command", report.command);
  text += fact("started", utc_time(report.run.created) +
                              (report.operator_name.empty() ? "" : " by " + report.operator_name));
  text += fact("ended", report.goes_on() ? "not yet" : utc_time(report.ended));
  text += fact("where", place_of(report));
  text += fact("integrity", integrity_sentence(report));
  return text;
}

MarkdownTable lives_table(const Report& report) {
  MarkdownTable table({"process", "how", "from", "until", "left"});
  for (const Life& life : report.lives) {
    table.add({in_markdown(life.owner), in_markdown(life.how), utc_time(life.span.begin),
               life.span.end ? utc_time(*life.span.end) : "-",
               life.left.empty() ? "goes on" : life.left});
  }
  return table;
}

MarkdownTable steps_table(const Report& report) {
  MarkdownTable table({"#", "step", "status", "began", "took", "expected"});
  for (const Step& step : report.steps) {
    std::string name;
    for (std::size_t i = 0; i < step.depth; ++i) name += "· ";
    table.add({fmt::format("{}", step.number), name + in_markdown(step.name), status_of(step),
               utc_time(step.span.begin), took(step.span, report.ended),
               step.expect ? format_duration(*step.expect) : "-"});
  }
  return table;
}

std::string changes_text(const Report& report) {
  std::string text;
  for (const Call& call : report.calls) {
    if (!call.changes()) continue;
    text += fmt::format("- **{}** {}, {}: {}{}\n", in_markdown(call.operation), call.step,
                        in_markdown(call.where), call.status,
                        call.undone ? " (before the run was taken back)" : "");
    for (const Event& event : call.events) {
      text += fmt::format("  - {} {}\n", utc_time(event.at), in_markdown(event.text));
    }
    if (!call.request_id.empty()) text += "  - request id " + in_markdown(call.request_id) + "\n";
  }
  return text;
}

std::string platform_span(const SubJob& job) {
  if (!job.begin) return "-";
  return job.end ? took(*job.end - *job.begin) : "not ended";
}

MarkdownTable jobs_table(const Report& report) {
  MarkdownTable table({"job", "type", "status", "began", "took", "reason"});
  const auto add = [&](const SubJob& job, const char* lead) {
    const std::string reason = join(std::vector<std::string>{job.error_code, job.reason}, " ");
    table.add({lead + in_markdown(job.id), in_markdown(job.type),
               job.status.empty() ? "accepted" : in_markdown(job.status),
               job.begin ? utc_time(*job.begin) : "-", platform_span(job),
               reason == " " ? "-" : in_markdown(reason)});
  };
  for (const Job& job : report.jobs) {
    add(job, "");
    for (const SubJob& sub_job : job.sub_jobs) add(sub_job, "· ");
  }
  return table;
}

std::string decisions_text(const Report& report) {
  std::string text;
  for (const Question& question : report.questions) {
    text += fmt::format("- {} \"{}\" {}{}\n", utc_time(question.span.begin),
                        in_markdown(question.question), in_markdown(answer_of(question)),
                        question.span.end ? " after " + took(question.span, report.ended) : "");
  }
  for (const Decision& decision : report.decisions) {
    text += fmt::format("- {} {}\n", utc_time(decision.at), in_markdown(decision.text));
  }
  return text;
}

std::string problems_text(const Report& report) {
  std::string text;
  for (const Problem& problem : report.problems) {
    text += fmt::format("- {} {}{}: {}{}{}\n", utc_time(problem.at),
                        problem.fatal ? "**the run ended**: " : "", in_markdown(problem.kind),
                        in_markdown(problem.text),
                        problem.code.empty() ? "" : " (" + in_markdown(problem.code) + ")",
                        problem.where.empty() ? "" : ", " + in_markdown(problem.where));
  }
  return text;
}

std::string notes_text(const Report& report) {
  std::string text;
  for (const Note& note : report.notes) {
    if (note.kind == "note") {
      text += fmt::format("- {} {}\n", utc_time(note.at), in_markdown(note.text));
    }
  }
  return text;
}

// Reads that failed stand among the errors; those that succeeded are many and alike.
std::string reads_text(const Report& report) {
  std::map<std::string, std::size_t> counts;
  std::size_t all = 0;
  for (const Call& call : report.calls) {
    if (call.changes() || call.status != "answered") continue;
    ++counts[call.operation];
    ++all;
  }
  MarkdownTable table({"reads that were answered", "times"});
  for (const auto& [operation, count] : counts) {
    table.add({in_markdown(operation), fmt::format("{}", count)});
  }
  if (table.empty()) return {};
  return table.text() +
         fmt::format("\nEach of the {} stands in the HTML and the JSON report.\n", all);
}

}  // namespace

std::string to_markdown(const Report& report) {
  std::string text = heading(report);
  text += section("Steps", steps_table(report));
  text += section("Changing calls", changes_text(report));
  text += section("Jobs (the platform's own times)", jobs_table(report));
  text += section("Approvals and decisions", decisions_text(report));
  text += section("Errors", problems_text(report));
  text += section("What the run said", notes_text(report));
  text += section("Reads", reads_text(report));
  text += section("Processes", lives_table(report));
  text += fmt::format("\nReport made {}; script {}; head of the chain {}.\n", utc_time(report.made),
                      report.script.substr(0, 16), report.integrity.head);
  return text;
}

}  // namespace neap::report
