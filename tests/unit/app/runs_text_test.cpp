// What neap runs show, logs and ls say, word for word.
#include "app/runs_text.h"

#include <cstdlib>
#include <ctime>

#include <catch2/catch.hpp>

#include "app/open_journal.h"
#include "unit/app/sample_run.h"

using namespace neap;
using namespace neap::app;
using journal::Kind;
using journal::Status;

namespace {

constexpr auto kMinute = std::chrono::minutes{1};
constexpr const char* kFailover = "start_failover_protection_group";

// Times are shown as the operator's clock has them; here that is UTC.
std::string shown(SampleRun& sample, UtcTime now = kNoon + kMinute) {
  setenv("TZ", "UTC0", 1);
  tzset();
  return run_text(sample.run(), sample.log(), now);
}

// What follows the run's heading.
std::string story(SampleRun& sample, UtcTime now = kNoon + kMinute) {
  const std::string text = shown(sample, now);
  const std::size_t end = text.find("\n\n");
  return end == std::string::npos ? std::string() : text.substr(end + 2);
}

}  // namespace

TEST_CASE("the heading says what runs, where, with what, by whom and since when") {
  SampleRun sample;
  CHECK(shown(sample) ==
        "run         7k2m9qx4ab\n"
        "runbook     failover\n"
        "status      running since 2026-01-01 12:00:00 (1m00s ago)\n"
        "parameters  --group demo\n"
        "started     2026-01-01 12:00:00 (1m00s ago) by anna@dr-1\n"
        "executed by anna@dr-1 (pid 4711)\n"
        "where       https://sdrs.example.com, region cn-north-4, project p1\n"
        "script      0123456789abcdef\n");
}

TEST_CASE("a call in doubt says what was sent and seen, how long it stays open, what can be done") {
  SampleRun sample;
  sample.lose_failover();
  sample.add(Kind::kObserved, "0#12", kFailover,
             R"({"attempt":1,"verdict":"unchanged",
                 "state":{"name":"demo","status":"protected","priority_station":"source"}})");
  CHECK(story(sample) ==
        "changing calls\n"
        "  0#12  start_failover_protection_group, failover.lua:12: in doubt\n"
        "       2026-01-01 12:00:01  intended; before it group demo is protected, production is "
        "source\n"
        "       2026-01-01 12:00:02  sent; it can take effect until 2026-01-01 12:15:00\n"
        "       2026-01-01 12:00:03  its outcome is unknown: the answer was lost (the connection "
        "was closed)\n"
        "       2026-01-01 12:00:04  looked: group demo is protected, production is source - as "
        "before it was sent\n"
        "       Whether it happened is not known. It may still take effect until 2026-01-01 "
        "12:15:00 (in 14m00s).\n"
        "       neap resume 7k2m9qx4ab\n"
        "         looks at the cloud again\n"
        "       neap resolve 7k2m9qx4ab 0#12 --happened --why \"…\"\n"
        "         you have seen that it happened\n"
        "       neap resolve 7k2m9qx4ab 0#12 --did-not --why \"…\"\n"
        "         you have seen, after 2026-01-01 12:15:00, that it did not: it may be sent "
        "again\n");
}

TEST_CASE("once a call can take effect no more, that is said, and it is still not known") {
  SampleRun sample;
  sample.lose_failover();
  sample.add(Kind::kOperator, "0#12", kFailover, R"({"attempt":1,"question":"look yourself"})");
  const std::string text = story(sample, kNoon + 20 * kMinute);
  CHECK_THAT(text, Catch::Contains(": an operator must say\n"));
  CHECK_THAT(text, Catch::Contains("left to an operator: look yourself\n"));
  CHECK_THAT(text,
             Catch::Contains("Looking has not told; the run goes on with your word alone.\n"));
  CHECK_THAT(text, !Catch::Contains("neap resume") && Catch::Contains("neap resolve 7k2m9qx4ab"));
  CHECK_THAT(text, Catch::Contains("Since 2026-01-01 12:15:00 it can take effect no more; it may "
                                   "have before.\n"));
}

TEST_CASE("a call that ended says how, and offers nothing") {
  SampleRun sample;
  sample.lose_failover();
  SECTION("adopted and done") {
    sample.add(Kind::kAccepted, "0#12", kFailover, R"({"attempt":1,"job_id":"j1","adopted":true})");
    sample.add(Kind::kDone, "0#12", kFailover, R"({"attempt":1,"evidence":"job j1 is SUCCESS"})");
    CHECK_THAT(story(sample), Catch::Contains(": done\n") &&
                                  Catch::Contains("found under way in the cloud, job j1\n") &&
                                  Catch::Contains("done: job j1 is SUCCESS\n"));
  }
  SECTION("resolved by a person") {
    sample.add(Kind::kResolved, "0#12", kFailover,
               R"({"attempt":1,"happened":false,"by":"bob@b","why":"looked"})");
    sample.add(Kind::kProof, "0#12", kFailover, R"({"attempt":1,"proof":"P4"})");
    CHECK_THAT(story(sample),
               Catch::Contains("bob@b said that it did not happen: looked\n") &&
                   Catch::Contains("had no effect (P4): an operator said so; it may be sent "
                                   "again\n"));
  }
  SECTION("refused") {
    sample.add(Kind::kRefused, "0#12", kFailover,
               R"({"attempt":1,"proof":"P2","error":{"message":"quota exceeded"}})");
    CHECK_THAT(story(sample), Catch::Contains("refused: quota exceeded\n"));
  }
  CHECK_THAT(story(sample), !Catch::Contains("neap resolve"));
}

TEST_CASE("a run that waits shows its question, until when, and how to answer") {
  SampleRun sample;
  sample.ask();
  CHECK(story(sample) ==
        "waits for an answer\n"
        "  Fail demo over?\n"
        "  asked 2026-01-01 12:00:01 (59s ago)\n"
        "  Without an answer until 2026-01-01 12:30:00 (in 29m00s) it counts as denied.\n"
        "    neap approve 7k2m9qx4ab --comment \"…\"\n"
        "    neap reject 7k2m9qx4ab --comment \"…\"\n");
  CHECK_THAT(story(sample, kNoon + 31 * kMinute),
             Catch::Contains("Nobody answered until 2026-01-01 12:30:00: denied.\n"));
}

TEST_CASE("steps show how they went, and decisions who took them and why") {
  SampleRun sample;
  sample.add(Kind::kRecord, "0#1", "host.run.begin_step",
             R"({"request":"[1,\"find the group\"]"})");
  sample.add(Kind::kRecord, "0#2", "host.run.end_step", R"({"request":"[1,true]"})");
  sample.add(Kind::kRecord, "0#3", "host.run.begin_step", R"({"request":"[2,\"fail over\"]"})");
  sample.add(Kind::kRecord, "0#4", "host.run.end_step", R"({"request":"[2,false]"})");
  sample.add(Kind::kRewound, "", "", R"({"to":2,"step":"fail over","by":"bob@b","why":"fixed"})");
  sample.add(Kind::kRecord, "0#3~1", "host.run.begin_step", R"({"request":"[2,\"fail over\"]"})");
  sample.add(Kind::kOverride, "", "",
             R"({"step":"tidy","action":"set","value":{"n":1},"by":"bob@b","why":"by hand"})");
  sample.add(Kind::kAsked, "0#5~1", "host.run.ask", R"({"question":"Sure?"})");
  sample.add(Kind::kAnswered, "0#5~1", "host.run.ask",
             R"({"yes":true,"by":"anna@a","comment":"go"})");
  CHECK(story(sample) ==
        "steps\n"
        "    1  done   find the group  1.0s\n"
        "    2  begun  fail over\n"
        "\n"
        "decisions\n"
        "  2026-01-01 12:00:09  \"Sure?\" approved by anna@a: go\n"
        "  2026-01-01 12:00:05  bob@b took the run back to the start of \"fail over\": fixed\n"
        "  2026-01-01 12:00:07  bob@b set the result of \"tidy\" to {\"n\":1}: by hand\n");
}

TEST_CASE("a run whose process is gone says so, and how to go on") {
  SampleRun sample;
  Result<Owner> executing = sample.store().claim(sample.id());
  CHECK(with_fate(sample.store(), sample.run()).waiting.empty());
  executing->reset();
  const journal::Run left = with_fate(sample.store(), sample.run());
  CHECK_THAT(run_text(left, sample.log(), kNoon),
             Catch::EndsWith("to be resumed: its process is gone\n"
                             "To go on: neap resume 7k2m9qx4ab\n"));
}

TEST_CASE("a failed run says what it failed of and how to go on after a fix") {
  SampleRun sample;
  sample.change(Status::kFailed, "", "the group is gone");
  CHECK_THAT(shown(sample), Catch::Contains("error       the group is gone\n") &&
                                Catch::Contains("from the step that failed: neap resume "
                                                "7k2m9qx4ab\n"));
}

TEST_CASE("what comes from outside cannot move the cursor or begin a line of its own") {
  SampleRun sample("evil\x1b[2J\nname");
  sample.ask("0#7", "Sure?\\u001b[31m\\nneap approve everything");
  sample.add(Kind::kIntent, "0#8", "cloud:\x1b]0;x\x07", "{}");
  const std::string text = shown(sample) +
                           show::draw(runs_table(std::vector{sample.run()}, kNoon), {}) +
                           entry_line(sample.log().front());
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(text.find("\nname") == std::string::npos);
  CHECK(text.find("\nneap approve everything") == std::string::npos);
}

TEST_CASE("an entry of the log takes one line, however much it holds") {
  SampleRun sample;
  sample.add(Kind::kRecord, "0.2#14", "sdrs:show_job_status",
             R"({"values":[{"status":"RUNNING","text":")" + std::string(500, 'x') + R"("}]})");
  const std::string line = entry_line(sample.log().front());
  CHECK_THAT(line, Catch::StartsWith("2026-01-01 12:00:01     1  0.2#14   record    "
                                     "sdrs:show_job_status  values=[{\"status\":\"RUNNING\""));
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(line.size() < 200);
}

TEST_CASE("the table of runs says who, since when and what each waits for") {
  SampleRun sample;
  sample.ask();
  setenv("TZ", "UTC0", 1);
  tzset();
  CHECK(show::draw(runs_table(std::vector{sample.run()}, kNoon + kMinute), {.width = 200}) ==
        "RUN         RUNBOOK   STATUS   SINCE                          WHO        WAITS FOR\n"
        "7k2m9qx4ab  failover  waiting  2026-01-01 12:00:01 (59s ago)  anna@dr-1  waits for "
        "approval: Fail demo over?\n");
  CHECK(show::draw(runs_table({}, kNoon), {}).empty());
}

TEST_CASE("the document of a run names its format, its calls, its questions and its entries") {
  SampleRun sample;
  sample.lose_failover();
  sample.ask();
  const json::Object document = run_document(sample.run(), sample.log(), true);
  CHECK(document.text("format") == "neap.run/1");
  CHECK(document.text("id") == "7k2m9qx4ab");
  CHECK(document.list("entries").size() == 4);
  const json::Object& effect = *document.list("effects").front().as<json::Object>();
  CHECK(effect.text("standing") == "in doubt");
  CHECK(effect.flag("open"));
  CHECK(effect.text("open_until") == "2026-01-01T12:15:00.000Z");
  const json::Object& question = *document.list("questions").front().as<json::Object>();
  CHECK(question.text("question") == "Fail demo over?");
  CHECK(question.find("answer")->is_null());
}
