// What moves on the screen while a run goes on, and what it says at its end.
#include "app/live_block.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "app/run_summary.h"
#include "base/text.h"

using namespace neap;
using namespace neap::app;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// A failover that has run for a minute and five seconds, five of them in the first step.
RunFacts failover() {
  RunFacts facts;
  facts.steps.push_back({.name = "find the group", .status = "done", .elapsed = 5});
  facts.steps.push_back(
      {.name = "fail over", .status = "running", .started = seconds{5}, .expect = 180});
  SeenJob& job = facts.jobs["8ab1"];
  job.operation = "start_failover_protection_group";
  job.status = "RUNNING";
  job.since = seconds{6};
  job.step = 2;
  job.parts = {{"p1", "failoverServer", "SUCCESS", seconds{6}, seconds{40}},
               {"p2", "failoverServer", "RUNNING", seconds{46}, {}},
               {"p3", "attachVolume", "INIT", seconds{46}, {}}};
  facts.changing_calls = 1;
  return facts;
}

void learn(RunFacts& facts) {
  facts.history.runs = 3;
  facts.history.whole = seconds{200};
  facts.history.steps = {{"find the group", seconds{5}, true},
                         {"fail over", seconds{185}, true},
                         {"verify", seconds{10}, true}};
  facts.history.jobs["start_failover_protection_group"] = seconds{170};
}

std::string block(const RunFacts& facts, Instant now, Screen screen = {}) {
  std::string text;
  for (const LiveLine& line : live_block(facts, now, screen)) {
    CHECK(line.width < screen.columns);
    text += line.text + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a step shows its time of what is expected, its job, and the job's parts as a tree") {
  CHECK(block(failover(), seconds{65}) ==
        "⠋ fail over  1m00s of about 3m00s\n"
        "  job RUNNING  59s, 1 of 3 sub-jobs done  8ab1\n"
        "    ✓ failoverServer  40s\n"
        "    ⠋ failoverServer  19s\n"
        "    · attachVolume\n"
        "total 1m05s\n");
  CHECK(block({}, seconds{65}).empty());
}

TEST_CASE("earlier runs tell what is left, and whether the run is on track or late") {
  RunFacts facts = failover();
  learn(facts);
  CHECK_THAT(block(facts, seconds{65}),
             Catch::Contains("fail over  1m00s of about 3m05s\n") &&
                 Catch::Contains("job RUNNING  59s of about 2m50s, 1 of 3 sub-jobs done") &&
                 Catch::EndsWith("total 1m05s, about 2m15s left: on track\n"));
  CHECK_THAT(block(facts, seconds{320}),
             Catch::Contains("fail over  5m15s of about 3m05s, late by 2m10s\n") &&
                 Catch::EndsWith("total 5m20s, about 10s left: late by 2m10s\n"));
}

TEST_CASE("a recovery time objective is what a run is held to") {
  RunFacts facts = failover();
  facts.rto = minutes{15};
  CHECK_THAT(block(facts, seconds{65}), Catch::EndsWith("total 1m05s, RTO 15m00s: on track\n"));
  CHECK_THAT(block(facts, minutes{16}),
             Catch::EndsWith("total 16m00s, RTO 15m00s: late by 1m00s\n"));
  learn(facts);
  facts.rto = minutes{3};  // not over yet, but it will be
  CHECK_THAT(block(facts, seconds{65}),
             Catch::EndsWith("total 1m05s, about 2m15s left, RTO 3m00s: late by 20s\n"));
  facts.before = minutes{10};  // an earlier process began the run
  CHECK_THAT(block(facts, seconds{65}), Catch::Contains("RTO 3m00s: late by 10m20s\n"));
}

TEST_CASE("on a narrow terminal every line keeps what matters most") {
  RunFacts facts = failover();
  learn(facts);
  facts.rto = minutes{15};
  CHECK(block(facts, seconds{65}, {.columns = 20}) ==
        "⠋ fail over  1m00s\n"
        "  job RUNNING  59s\n"
        "    ✓ failoverServ…\n"
        "    ⠋ failoverServ…\n"
        "    · attachVolume\n"
        "1m05s: on track\n");
  facts.steps[1].name = "把保护组切换到另一个可用区";
  CHECK_THAT(block(facts, seconds{65}, {.columns = 20}), Catch::StartsWith("⠋ 把保护组…  1m00s\n"));
}

TEST_CASE("the block never fills the screen, and the lines of the job stay") {
  RunFacts facts = failover();
  for (int i = 0; i < 50; ++i) facts.jobs["8ab1"].parts.push_back(facts.jobs["8ab1"].parts[1]);
  CHECK(live_block(facts, seconds{65}, {}).size() == 12);
  CHECK(live_block(facts, seconds{65}, {.rows = 6}).size() == 5);
  CHECK(live_block(facts, seconds{65}, {.rows = 1}).size() == 2);
}

TEST_CASE("no colours, no characters beyond ASCII where the terminal has none") {
  const std::string text = block(failover(), seconds{65}, {.unicode = false});
  CHECK(printable(text.substr(0, text.find('\n'))) == "| fail over  1m00s of about 3m00s");
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c > 0 && c < 127; }));
  CHECK(block(failover(), seconds{65}, {.color = true}).find("\x1b[") != std::string::npos);
}

TEST_CASE("a step that has ended shows its time, against what is usual where that says something") {
  RunFacts facts = failover();
  learn(facts);
  facts.steps[1].status = "done";
  facts.steps[1].elapsed = 175;
  CHECK(ended_line(facts, facts.steps[0], {}) ==
        "✓ find the group                           5.0s (usually 5.0s)");
  CHECK(ended_line(facts, facts.steps[1], {}) ==
        "✓ fail over                                2m55s (usually 3m05s)");
  facts.steps[1].elapsed = 200;
  CHECK_THAT(ended_line(facts, facts.steps[1], {}),
             Catch::EndsWith("3m20s (usually 3m05s, late by 15s)"));
  const std::string narrow = ended_line(facts, facts.steps[1], {.columns = 20});
  CHECK(narrow == "✓ fail over   3m20s");
  facts.steps[1].status = "failed";
  CHECK_THAT(ended_line(facts, facts.steps[1], {}), Catch::StartsWith("✗ fail over"));
}

TEST_CASE("the summary says how long it took, whether the objective was met, what was changed") {
  RunFacts facts = failover();
  CHECK(summary_line(facts, seconds{185}, true) == "2 steps in 3m05s; 1 changing call, 1 job");
  learn(facts);
  facts.rto = minutes{15};
  CHECK(summary_line(facts, seconds{185}, true) ==
        "2 steps in 3m05s, usually 3m20s; RTO 15m00s met with 11m55s to spare; "
        "1 changing call, 1 job");
  CHECK_THAT(summary_line(facts, minutes{16}, true), Catch::Contains("RTO 15m00s missed by 1m00s"));
  CHECK_THAT(summary_line(facts, minutes{5}, false),
             Catch::Contains("RTO 15m00s, 10m00s left of it"));
  CHECK(summary_line({}, seconds{1}, true).empty());
}
