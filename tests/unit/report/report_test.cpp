// What a report says of a run, told from its log.
#include <algorithm>

#include <catch2/catch.hpp>

#include "support/report_samples.h"

using namespace neap;
using namespace neap::report;
using namespace neap::test;
using journal::Kind;
using std::chrono::seconds;

namespace {

const Step& step_named(const Report& report, const std::string& name, bool undone = false) {
  const auto found = std::find_if(report.steps.begin(), report.steps.end(), [&](const Step& step) {
    return step.name == name && step.undone == undone;
  });
  REQUIRE(found != report.steps.end());
  return *found;
}

std::vector<const Call*> changes_of(const Report& report) {
  std::vector<const Call*> changes;
  for (const Call& call : report.calls) {
    if (call.changes()) changes.push_back(&call);
  }
  return changes;
}

std::vector<std::string> kinds_of(const Call& call) {
  std::vector<std::string> kinds;
  for (const Event& event : call.events) kinds.push_back(event.kind);
  return kinds;
}

}  // namespace

TEST_CASE("a report says who ran what, where and when") {
  const Report report = eventful_run().report();
  CHECK(report.run.id == "7k2m9qx4ab");
  CHECK(report.command == "neap run failover --group demo");
  CHECK(report.operator_name == "anna@dr-1");
  CHECK(report.endpoint == "https://sdrs.cn-north-4.example.com");
  CHECK_FALSE(report.simulated);
  CHECK(report.summary == "Fail a protection group over to its disaster-recovery site");
  CHECK(format_iso(report.ended) == "2026-01-01T12:47:43.100Z");
  CHECK_FALSE(report.goes_on());
}

TEST_CASE("an endpoint on this machine is a simulator") {
  CHECK(SampleLog("failover", R"({"endpoint":"http://127.0.0.1:8780"})").report().simulated);
  CHECK(SampleLog("failover", R"({"endpoint":"http://[::1]:8780"})").report().simulated);
  CHECK_FALSE(
      SampleLog("failover", R"({"endpoint":"https://127.0.0.1.example.com"})").report().simulated);
  CHECK_FALSE(SampleLog("failover").report().simulated);
}

TEST_CASE("steps stand in their order, nested, with what they were expected to take") {
  const Report report = eventful_run().report();
  const Step& check = step_named(report, "check that it can fail over");
  const Step& inner = step_named(report, "look at the pairs");
  CHECK(check.depth == 0);
  CHECK(inner.depth == 1);
  REQUIRE(inner.parent.has_value());
  CHECK(report.steps[*inner.parent].name == check.name);
  CHECK(*inner.span.end - inner.span.begin == std::chrono::milliseconds{1200});
  CHECK(step_named(report, "fail over").expect == seconds{180});
  CHECK_FALSE(inner.expect.has_value());
}

TEST_CASE("a step that was taken back is told beside the one that was done over") {
  const Report report = eventful_run().report();
  CHECK(step_named(report, "fail over", true).status == "failed");
  CHECK(step_named(report, "fail over", false).status == "done");
  CHECK(step_named(report, "warm the caches").status == "skipped");
  CHECK(std::count_if(report.steps.begin(), report.steps.end(),
                      [](const Step& step) { return step.undone; }) == 1);
}

TEST_CASE("a changing call tells of its doubt and of how it ended") {
  const Report report = eventful_run().report();
  const auto changes = changes_of(report);
  REQUIRE(changes.size() == 2);
  const Call& lost = *changes[0];
  CHECK(lost.undone);
  CHECK(lost.status == "failed");
  CHECK(kinds_of(lost) ==
        std::vector<std::string>{"intent", "sent", "unknown", "observed", "accepted", "failed"});
  CHECK(lost.events[3].text ==
        "looked: group demo is failing-over, production is source - it happened, and goes on");
  const Call& good = *changes[1];
  CHECK_FALSE(good.undone);
  CHECK(good.service == "sdrs");
  CHECK(good.effect == "G");
  CHECK(good.status == "done");
  CHECK(good.http_status == 200);
  CHECK(good.request_id == "c0ffee5a12");
  CHECK(good.attempts == 1);
  CHECK(good.job == "ff80bb02");
  REQUIRE(good.in_step.has_value());
  CHECK(report.steps[*good.in_step].name == "fail over");
  CHECK_FALSE(report.steps[*good.in_step].undone);
}

TEST_CASE("a read was asked for when its task learnt the last thing before") {
  const Report report = eventful_run().report();
  REQUIRE(report.calls.size() == 7);
  const Call& first = report.calls[0];
  CHECK(first.operation == "list_protection_groups");
  CHECK(first.effect == "R");
  CHECK(format_iso(first.asked) == "2026-01-01T12:00:00.100Z");
  CHECK(format_iso(*first.answered) == "2026-01-01T12:00:00.900Z");
  const Call& throttled = report.calls[1];
  CHECK(throttled.status == "failed");
  CHECK(throttled.error_code == "APIGW.0308");
  CHECK(throttled.http_status == 429);
  CHECK(throttled.request_id == "99fdf734ac5daf40");
}

TEST_CASE("jobs have their parts, with the platform's own times") {
  const Report report = eventful_run().report();
  REQUIRE(report.jobs.size() == 2);
  const Job& failed = report.jobs[0];
  CHECK(failed.status == "FAIL");
  CHECK(failed.reason == "a sub-job failed");
  CHECK(failed.operation == "start_failover_protection_group");
  REQUIRE(failed.sub_jobs.size() == 2);
  CHECK(failed.sub_jobs[1].reason == "the disk could not be attached");
  CHECK(failed.sub_jobs[1].about == "replication_pair_id pair-aa2");
  const Job& good = report.jobs[1];
  CHECK(good.status == "SUCCESS");
  CHECK(format_iso(*good.begin) == "2026-01-01T12:45:01.000Z");
  CHECK(*good.sub_jobs[2].end - *good.sub_jobs[2].begin == seconds{147});
  CHECK(format_iso(good.span.begin) == "2026-01-01T12:45:00.900Z");
  CHECK(format_iso(*good.span.end) == "2026-01-01T12:47:42.000Z");
  CHECK(good.same_clock);
}

TEST_CASE("a platform in quick motion is told from one with the run's own clock") {
  SampleLog log;
  const std::string step = log.next_step();
  log.at(1).add(Kind::kBegun, step, "sdrs:show_job_status", R"({"request":"[\"j1\",60]"})");
  log.at(5).add(Kind::kRecord, step, "sdrs:show_job_status",
                R"({"request":"[\"j1\",60]","values":[{"job_id":"j1","status":"SUCCESS",
                    "begin_time":"2026-01-01T12:03:00.000Z",
                    "end_time":"2026-01-01T12:09:00.000Z"},3]})");
  const Report report = log.report();
  REQUIRE(report.jobs.size() == 1);
  CHECK_FALSE(report.jobs[0].same_clock);
}

TEST_CASE("questions name who answered, and when") {
  const Report report = eventful_run().report();
  REQUIRE(report.questions.size() == 1);
  const Question& question = report.questions[0];
  CHECK(question.question == "Fail group demo over from cn-north-4a to cn-north-4b?");
  CHECK(question.yes);
  CHECK(question.by == "ben@dr-2");
  CHECK(question.comment == "production is down");
  CHECK(format_iso(question.span.begin) == "2026-01-01T12:00:03.300Z");
  CHECK(format_iso(*question.span.end) == "2026-01-01T12:40:00.000Z");
}

TEST_CASE("what operators decided stands there with their reasons") {
  const Report report = eventful_run().report();
  REQUIRE(report.decisions.size() == 2);
  CHECK(report.decisions[0].kind == "rewound");
  CHECK(report.decisions[0].text ==
        "ben@dr-2 took the run back to the start of \"fail over\": the disk is attached again");
  CHECK(report.decisions[1].kind == "override");
  const Report cancelled = cancelled_run().report();
  REQUIRE(cancelled.decisions.size() == 1);
  CHECK(cancelled.decisions[0].by == "carla@dr-1");
  CHECK(cancelled.questions[0].span.end.has_value());
  CHECK(cancelled.questions[0].by.empty());
  CHECK(step_named(cancelled, "find the group").status == "done");
}

TEST_CASE("every process that had the run is told, and how it left") {
  const Report report = eventful_run().report();
  REQUIRE(report.lives.size() == 4);
  CHECK(report.lives[0].left == "waiting");
  CHECK(report.lives[1].left == "died");
  CHECK(format_iso(*report.lives[1].span.end) == "2026-01-01T12:40:16.000Z");
  CHECK(report.lives[2].left == "ended");
  CHECK(report.lives[3].left == "ended");
  CHECK(report.lives[3].owner == "ben@dr-2 (pid 1204)");
}

TEST_CASE("errors are told in order, and which one ended the run") {
  const Report report = eventful_run().report();
  std::vector<std::string> kinds;
  for (const Problem& problem : report.problems) kinds.push_back(problem.kind);
  CHECK(kinds == std::vector<std::string>{"throttled", "in_doubt", "job_failed", "job_failed",
                                          "job_failed"});
  CHECK(std::none_of(report.problems.begin(), report.problems.end(),
                     [](const Problem& problem) { return problem.fatal; }));
  const Report failed = hostile_run().report();
  CHECK(failed.problems.back().fatal);
}

TEST_CASE("every moment of the actual time counts once") {
  const Objective objective = eventful_run().report().objective;
  CHECK(objective.target == std::chrono::minutes{15});
  CHECK(objective.verdict == "missed");
  CHECK(objective.actual == std::chrono::milliseconds{2'863'100});
  CHECK(objective.people == std::chrono::milliseconds{2'396'700});
  // From the approval to the resumption, from the kill to the next, from the failure to the next;
  // that the job went on meanwhile does not count twice.
  CHECK(objective.nobody == std::chrono::milliseconds{1000 + 24'000 + 188'000});
  CHECK(objective.platform == std::chrono::milliseconds{72'000 + 161'100});
  CHECK(objective.people + objective.nobody + objective.platform + objective.rest ==
        objective.actual);
}

TEST_CASE("a run that goes on is told as such") {
  SampleLog log = running_run();
  const Report report = log.report();
  CHECK(report.goes_on());
  CHECK(step_named(report, "fail over").status == "running");
  CHECK(report.jobs[0].status.empty());
  CHECK_FALSE(report.jobs[0].span.end.has_value());
  CHECK(report.lives[0].left.empty());
  CHECK(report.objective.verdict == "under way");
  CHECK(report.objective.actual == seconds{100});
  log.at(901);
  CHECK(log.report().objective.verdict == "late");
}

TEST_CASE("a run that was cancelled has not reached its objective") {
  CHECK(cancelled_run().report().objective.verdict == "not reached");
}

TEST_CASE("a run of before headers were noted states no objective") {
  SampleLog log;
  log.at(5).add(Kind::kEnded, R"({"status":"done"})").change(journal::Status::kDone);
  CHECK(log.report().objective.verdict == "none");
}

TEST_CASE("a log that is damaged is told to be, and is still reported") {
  SampleLog log = eventful_run();
  const Report whole = log.report();
  CHECK(whole.integrity.verifies);
  CHECK(whole.integrity.broken_rules.empty());
  CHECK(whole.integrity.head == log.run().hash);
  const Report damaged =
      make_report(log.run(), log.log(), {"entry 7: the hash does not match"}, log.now());
  CHECK_FALSE(damaged.integrity.verifies);
  CHECK(damaged.steps.size() == whole.steps.size());
  CHECK(to_html(damaged).find("the hash does not match") != std::string::npos);
}

TEST_CASE("a run that broke its rules is told to have") {
  SampleLog log;
  log.add(Kind::kEnded, R"({"status":"done"})");
  log.add(Kind::kNoted, "", "note", R"({"text":"after the end"})").change(journal::Status::kDone);
  REQUIRE(log.report().integrity.broken_rules.size() == 1);
  CHECK(log.report().integrity.broken_rules[0] == "I4: noted follows the run's end");
}
