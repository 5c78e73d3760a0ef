#include "report/timeline.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "report/objective.h"
#include "report/text.h"
#include "report/timeline_rows.h"

namespace neap::report {
namespace {

constexpr std::size_t kMostRows = 200;
constexpr std::size_t kMostSubJobs = 24;  // of one job, in rows of their own

// How much is drawn together, the finest first.
enum class Grain { kAll, kStepsAndChanges, kTopSteps, kOneRowForEach };

using Parent = std::optional<std::size_t>;  // a step

// Rows that belong together, in the order of their beginnings.
struct Branch {
  UtcTime begin{};
  std::vector<Row> rows;
  Parent step;  // whose own branches follow
};

class Drawing {
 public:
  Drawing(const Report& report, const Scale& scale, Grain grain)
      : report_(report), make_(report, scale), grain_(grain) {}

  std::vector<Row> draw() {
    add_steps();
    add_changes();
    add_questions();
    add_jobs();
    add_reads();
    add_waits();
    rows_.push_back(make_.processes());
    emit(std::nullopt, 0);
    return std::move(rows_);
  }

 private:
  // The step in whose branch things of `step` stand; what happens outside of steps has none.
  Parent home(Parent step) const {
    if (grain_ == Grain::kOneRowForEach) return std::nullopt;
    if (grain_ == Grain::kTopSteps) {
      while (step && report_.steps[*step].parent) step = report_.steps[*step].parent;
    }
    return step;
  }

  void add(Parent parent, UtcTime begin, std::vector<Row> rows, Parent step = {}) {
    branches_[parent].push_back({begin, std::move(rows), step});
  }

  void add_steps() {
    std::vector<Row> packed;
    for (std::size_t i = 0; i < report_.steps.size(); ++i) {
      const Step& step = report_.steps[i];
      if (home(i) == Parent(i)) {
        add(step.parent, step.span.begin, {make_.step(step)}, i);
      } else {
        packed.push_back(make_.step(step));
      }
    }
    if (!packed.empty()) pack({}, report_.steps.front().span.begin, "step", "steps", packed);
  }

  void add_changes() {
    std::vector<Row> rows;
    for (const Call& call : report_.calls) {
      if (!call.changes()) continue;
      if (grain_ != Grain::kOneRowForEach) {
        add(home(call.in_step), call.asked, {make_.change(call)});
      } else {
        rows.push_back(make_.change(call));
      }
    }
    pack({}, report_.run.created, "change", "changing calls", rows);
  }

  void add_questions() {
    std::vector<Row> rows;
    for (const Question& question : report_.questions) {
      if (grain_ != Grain::kOneRowForEach) {
        add(home(question.in_step), question.span.begin, {make_.question(question)});
      } else {
        rows.push_back(make_.question(question));
      }
    }
    pack({}, report_.run.created, "question", "questions", rows);
  }

  void add_jobs() {
    std::vector<Row> all;
    for (const Job& job : report_.jobs) {
      std::vector<Row> rows{make_.job(job)};
      std::vector<Row> parts;
      for (const SubJob& one : job.sub_jobs) parts.push_back(make_.sub_job(job, one));
      if (grain_ == Grain::kOneRowForEach) {
        all.push_back(std::move(rows.front()));
        continue;
      }
      if (grain_ != Grain::kAll || parts.size() > kMostSubJobs) {
        if (!parts.empty()) rows.push_back(make_.together("subjob", "sub-jobs", std::move(parts)));
      } else {
        std::move(parts.begin(), parts.end(), std::back_inserter(rows));
      }
      for (std::size_t i = 1; i < rows.size(); ++i) rows[i].depth = 1;
      add(home(job.in_step), job.span.begin, std::move(rows));
    }
    pack({}, report_.run.created, "job", "jobs", all);
  }

  void add_reads() {
    std::map<Parent, std::pair<UtcTime, std::vector<Row>>> reads;
    for (const Call& call : report_.calls) {
      if (call.changes()) continue;
      auto& [begin, rows] = reads[reads_home(call.in_step)];
      if (rows.empty()) begin = call.asked;
      rows.push_back(make_.read(call));
    }
    for (auto& [step, group] : reads) pack(step, group.first, "calls", "reads", group.second);
  }

  // A wait for a job says no more than the job's own row, unless it failed.
  void add_waits() {
    std::map<Parent, std::pair<UtcTime, std::vector<Row>>> waits;
    for (const Wait& wait : report_.waits) {
      if (wait.for_job && wait.outcome != "failed") continue;
      auto& [begin, rows] = waits[reads_home(wait.in_step)];
      if (rows.empty()) begin = wait.span.begin;
      rows.push_back(make_.wait(wait));
    }
    for (auto& [step, group] : waits) pack(step, group.first, "wait", "waits", group.second);
  }

  void pack(Parent parent, UtcTime begin, const char* kind, const char* what,
            std::vector<Row>& rows) {
    if (!rows.empty()) add(parent, begin, {make_.together(kind, what, std::move(rows))});
  }

  Parent reads_home(Parent step) const { return grain_ == Grain::kAll ? step : std::nullopt; }

  void emit(Parent parent, std::size_t depth) {
    std::vector<Branch>& branches = branches_[parent];
    std::stable_sort(branches.begin(), branches.end(),
                     [](const Branch& a, const Branch& b) { return a.begin < b.begin; });
    for (Branch& branch : branches) {
      for (Row& row : branch.rows) {
        row.depth = depth + (branch.step ? 0 : row.depth);
        rows_.push_back(std::move(row));
      }
      if (branch.step) emit(branch.step, depth + 1);
    }
  }

  const Report& report_;
  RowMaker make_;
  Grain grain_;
  std::map<Parent, std::vector<Branch>> branches_;
  std::vector<Row> rows_;
};

std::string grouped_text(Grain grain, const Report& report) {
  const auto many = std::any_of(report.jobs.begin(), report.jobs.end(),
                                [](const Job& job) { return job.sub_jobs.size() > kMostSubJobs; });
  switch (grain) {
    case Grain::kAll:
      return many ? "Many sub-jobs share a row; the tables below list each." : "";
    case Grain::kStepsAndChanges:
      return "Much happened: reads, waits and sub-jobs share rows; the tables below list each.";
    case Grain::kTopSteps:
      return "Much happened: steps within steps share a row, and so do reads, waits and sub-jobs; "
             "the tables below list each.";
    case Grain::kOneRowForEach:
      return "Much happened: there is one row for each kind of thing; the tables below list each.";
  }
  return {};
}

std::string cut_text(const Report& report, const Interval& cut) {
  const Intervals people = waiting_for_people(report);
  const Duration apart = total(without({cut}, people));
  const char* who =
      apart * 2 < Duration(cut.end - cut.begin) ? "waiting for a person" : "nobody ran it";
  return fmt::format("{} {}", who, took(cut.end - cut.begin));
}

Intervals idle_of(const Report& report) {
  Intervals idle = waiting_for_people(report);
  for (const Interval& one : without_process(report)) idle.push_back(one);
  return without(as_set(std::move(idle)), with_jobs(report));
}

}  // namespace

Timeline draw(const Report& report) {
  const Scale scale(whole(report), idle_of(report));
  Timeline timeline;
  for (const Grain grain :
       {Grain::kAll, Grain::kStepsAndChanges, Grain::kTopSteps, Grain::kOneRowForEach}) {
    timeline.rows = Drawing(report, scale, grain).draw();
    timeline.grouped = grouped_text(grain, report);
    if (timeline.rows.size() <= kMostRows) break;
  }
  timeline.ticks = scale.ticks();
  for (const Interval& cut : scale.cuts()) {
    const double x = scale.at(cut.begin);
    timeline.cuts.push_back({x, scale.at(cut.end) - x, cut_text(report, cut)});
  }
  timeline.begin = report.run.created;
  timeline.start = format_iso(report.run.created).substr(0, 10);
  return timeline;
}

}  // namespace neap::report
