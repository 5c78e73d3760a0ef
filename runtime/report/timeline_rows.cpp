#include "report/timeline_rows.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "report/text.h"

namespace neap::report {
namespace {

constexpr double kTouching = 0.25;  // per cent: bars that are nearer to each other look like one
constexpr double kLeast = 0.05;     // likewise: a bar without any width is not drawn

std::string clock(UtcTime time) {
  return format_iso(time).substr(11, 12);
}

std::string from_to(const Interval& time) {
  return fmt::format("{} to {} UTC, {}", clock(time.begin), clock(time.end),
                     took(time.end - time.begin));
}

std::string with(std::string_view lead, const std::string& text) {
  return text.empty() ? text : std::string(lead) + text;
}

std::string look_of_step(const Step& step) {
  if (step.undone) return "taken-back";
  if (step.status == "failed" || step.status == "broken off") return "failed";
  return step.status == "running" ? "open" : "done";
}

std::string look_of_call(const Call& call) {
  if (call.undone) return "taken-back";
  if (call.status == "in doubt" || call.status == "an operator must say") return "doubt";
  if (call.status == "sent" || call.status == "accepted") return "open";
  const bool bad = call.status == "failed" || call.status == "refused";
  return bad ? "failed" : "done";
}

std::string look_of_job(const std::string& status) {
  if (status == "FAIL") return "failed";
  return status == "SUCCESS" ? "done" : "open";
}

std::string state_of(const std::string& status) {
  return status.empty() ? "accepted" : status;
}

}  // namespace

Interval RowMaker::interval(const Span& span) const {
  return {span.begin, std::max(span.begin, span.end.value_or(report_.ended))};
}

Bar RowMaker::bar(const Interval& time, std::string look, std::string detail) const {
  const double x = std::min(scale_.at(time.begin), 100 - kLeast);
  return {x, std::max(scale_.at(time.end) - x, kLeast), std::move(look), std::move(detail)};
}

Row RowMaker::processes() const {
  Row row{"process", "processes", "", "", 0, {}};
  for (const Life& life : report_.lives) {
    const Interval time = interval(life.span);
    row.bars.push_back(bar(time, life.left == "died" ? "failed" : "done",
                           fmt::format("{} ({}): {}{}", life.owner, life.how, from_to(time),
                                       with(", left: ", life.left))));
  }
  row.took = took(report_.objective.actual);
  return row;
}

Row RowMaker::step(const Step& step) const {
  const Interval time = interval(step.span);
  const std::string expected =
      step.expect ? ", expected " + format_duration(*step.expect) : std::string();
  return {"step",
          step.name,
          took(step.span, report_.ended),
          status_of(step),
          step.depth,
          {bar(time, look_of_step(step),
               fmt::format("step {} \"{}\" {}: {}{}", step.number, step.name, status_of(step),
                           from_to(time), expected))}};
}

Row RowMaker::change(const Call& call) const {
  const Interval time = interval({call.sent.value_or(call.asked), call.answered});
  Row row{"change", call.operation, took(time.end - time.begin), call.status, 0, {}};
  row.bars.push_back(bar(time, look_of_call(call),
                         fmt::format("{} {}: {}{}{}", call.operation, call.status, from_to(time),
                                     with(", job ", call.job), with(": ", call.error))));
  add_doubts(row, call);
  return row;
}

// From when the answer was lost until something told what had become of the call.
void RowMaker::add_doubts(Row& row, const Call& call) const {
  std::optional<UtcTime> since;
  const auto add = [&](UtcTime until) {
    const Interval time{*since, std::max(*since, until)};
    row.bars.push_back(bar(time, "doubt", "in doubt: " + from_to(time)));
    since.reset();
  };
  for (const Event& event : call.events) {
    if (event.kind == "unknown") since = event.at;
    if (since && event.kind != "unknown" && event.kind != "observed") add(event.at);
  }
  if (since) add(report_.ended);
}

Row RowMaker::question(const Question& question) const {
  const Interval time = interval(question.span);
  const char* status = !question.span.end ? "open" : question.yes ? "approved" : "rejected";
  return {
      "question",
      question.question,
      took(question.span, report_.ended),
      status,
      0,
      {bar(time, question.undone ? "taken-back" : "person",
           fmt::format("\"{}\" {}: {}", question.question, answer_of(question), from_to(time)))}};
}

Row RowMaker::job(const Job& job) const {
  const Interval time = interval(job.span);
  Row row{"job",
          job.type.empty() ? "job " + job.id : job.type,
          took(job.span, report_.ended),
          state_of(job.status),
          0,
          {}};
  row.bars.push_back(bar(time, look_of_job(job.status),
                         fmt::format("job {} {} {}: {}{}", job.id, job.type, state_of(job.status),
                                     from_to(time), with(": ", job.reason))));
  return row;
}

// Where the platform's clock is not the run's, in proportion between the job's ends.
Interval RowMaker::place_of(const Job& job, const SubJob& sub_job) const {
  const Interval whole = interval(job.span);
  if (!sub_job.begin) return {whole.begin, whole.begin};
  const UtcTime end = sub_job.end.value_or(job.end.value_or(*sub_job.begin));
  if (job.same_clock) return {*sub_job.begin, sub_job.end.value_or(whole.end)};
  if (!job.begin || !job.end || *job.end <= *job.begin) return whole;
  const double factor = to_seconds(whole.end - whole.begin) / to_seconds(*job.end - *job.begin);
  const auto place = [&](UtcTime time) {
    const Duration since = from_seconds(to_seconds(time - *job.begin) * factor);
    return std::clamp(whole.begin + std::chrono::floor<std::chrono::milliseconds>(since),
                      whole.begin, whole.end);
  };
  return {place(*sub_job.begin), place(end)};
}

Row RowMaker::sub_job(const Job& job, const SubJob& sub_job) const {
  const std::string time =
      sub_job.begin && sub_job.end ? took(*sub_job.end - *sub_job.begin) : std::string();
  const std::string when =
      sub_job.begin && sub_job.end ? from_to({*sub_job.begin, *sub_job.end}) : "no times";
  Row row{"subjob", sub_job.type, time, state_of(sub_job.status), 0, {}};
  row.bars.push_back(bar(place_of(job, sub_job), look_of_job(sub_job.status),
                         fmt::format("sub-job {} {} {}: {} by the platform's clock{}{}", sub_job.id,
                                     sub_job.type, state_of(sub_job.status), when,
                                     with(", ", sub_job.about), with(": ", sub_job.reason))));
  return row;
}

Row RowMaker::read(const Call& call) const {
  const Interval time = interval({call.asked, call.answered});
  Row row{"calls", call.operation, took(time.end - time.begin), "", 0, {}};
  row.bars.push_back(bar(time, look_of_call(call),
                         fmt::format("{} {}: {}{}", call.operation, call.status, from_to(time),
                                     with(": ", call.error))));
  return row;
}

Row RowMaker::wait(const Wait& wait) const {
  const Interval time = interval(wait.span);
  const char* look = wait.undone ? "taken-back" : wait.outcome == "failed" ? "failed" : "done";
  Row row{"wait", wait.what, took(wait.span, report_.ended), "", 0, {}};
  row.bars.push_back(
      bar(time, look, fmt::format("{}: {}{}", wait.what, from_to(time), with(": ", wait.error))));
  return row;
}

Row RowMaker::together(const char* kind, const char* what, std::vector<Row> rows) const {
  Row row{kind, fmt::format("{} {}", rows.size(), what), "", "", 0, {}};
  if (rows.size() == 1) row.label = rows.front().label;
  std::vector<Bar> bars;
  for (Row& one : rows) {
    for (Bar& made : one.bars) bars.push_back(std::move(made));
  }
  std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.x < b.x; });
  std::size_t merged = 1;
  for (Bar& next : bars) {
    Bar* last = row.bars.empty() ? nullptr : &row.bars.back();
    const bool joins =
        last != nullptr && next.look == last->look && next.x - (last->x + last->width) < kTouching;
    if (!joins) {
      merged = 1;
      row.bars.push_back(std::move(next));
      continue;
    }
    last->width = std::max(last->width, next.x + next.width - last->x);
    last->detail = fmt::format("{} {}", ++merged, what);
  }
  return row;
}

}  // namespace neap::report
