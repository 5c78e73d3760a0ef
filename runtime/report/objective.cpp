#include "report/objective.h"

#include <algorithm>

namespace neap::report {
namespace {

Interval of(const Span& span, const Report& report) {
  return {span.begin, span.end.value_or(report.ended)};
}

std::string verdict(const Report& report, const Objective& objective) {
  if (!objective.target) return "none";
  const bool in_time = objective.actual <= *objective.target;
  if (report.goes_on()) return in_time ? "under way" : "late";
  if (report.run.status != journal::Status::kDone) return "not reached";
  return in_time ? "met" : "missed";
}

}  // namespace

Interval whole(const Report& report) {
  return {report.run.created, std::max(report.ended, report.run.created)};
}

Intervals waiting_for_people(const Report& report) {
  Intervals set;
  for (const Question& question : report.questions) set.push_back(of(question.span, report));
  return as_set(std::move(set));
}

Intervals without_process(const Report& report) {
  Intervals lives;
  for (const Life& life : report.lives) lives.push_back(of(life.span, report));
  return without(as_set({whole(report)}), as_set(std::move(lives)));
}

Intervals with_jobs(const Report& report) {
  Intervals set;
  for (const Job& job : report.jobs) set.push_back(of(job.span, report));
  return as_set(std::move(set));
}

Objective judge(const Report& report, std::string_view rto) {
  Objective objective;
  if (const Result<Duration> target = parse_duration(rto); target && !rto.empty()) {
    objective.target = *target;
  }
  const Intervals all = as_set({whole(report)});
  const Intervals not_people = without(all, waiting_for_people(report));
  const Intervals not_nobody = without(not_people, without_process(report));
  const Intervals rest = without(not_nobody, with_jobs(report));
  objective.actual = total(all);
  objective.people = objective.actual - total(not_people);
  objective.nobody = total(not_people) - total(not_nobody);
  objective.platform = total(not_nobody) - total(rest);
  objective.rest = total(rest);
  objective.verdict = verdict(report, objective);
  return objective;
}

}  // namespace neap::report
