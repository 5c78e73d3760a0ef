// Each row of the tables that decide what became of a call in doubt (reliability.md 2.2).
#include "cloud/reconcile.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "support/fault_points.h"

using namespace neap;
using namespace neap::cloud;
using namespace std::chrono_literals;

namespace {

View group(std::string status, std::string station = "source", std::string updated_at = "t0") {
  View view;
  view.name = "demo";
  view.status = std::move(status);
  view.station = std::move(station);
  view.updated_at = std::move(updated_at);
  return view;
}

View gone() {
  View view;
  view.found = false;
  return view;
}

const Operation& sdrs(std::string_view name) {
  const Operation* operation = find_operation("sdrs", name);
  REQUIRE(operation != nullptr);
  return *operation;
}

Finding judged(std::string_view name, const View& before, const View& now,
               const json::Object& arguments = {}) {
  return judge(sdrs(name), arguments, before, now, false);
}

Verdict failover(const View& now, const View& before = group("protected")) {
  return judged("start_failover_protection_group", before, now).verdict;
}

json::Object towards(std::string_view station) {
  json::Object arguments;
  arguments.set("priority_station", json::Value(station));
  return arguments;
}

}  // namespace

TEST_CASE("failover: each row of the table") {
  CHECK(failover(group("failing-over")) == Verdict::kUnderWay);
  CHECK(failover(group("failing-over", "target", "t1")) == Verdict::kUnderWay);
  CHECK(failover(group("failed-over", "target", "t1")) == Verdict::kHappened);
  CHECK(failover(group("failed-over", "source", "t1")) == Verdict::kUnclear);
  CHECK(failover(group("error-failing-over", "source", "t1")) == Verdict::kFailed);
  CHECK(failover(group("protected", "target", "t1")) == Verdict::kHappened);
  CHECK(failover(group("protected")) == Verdict::kUnchanged);
  CHECK(failover(group("protected", "source", "t1")) == Verdict::kUnclear);
  CHECK(failover(gone()) == Verdict::kUnclear);
}

TEST_CASE("failover: every other status is somebody else's doing") {
  for (const std::string_view status : statuses("server_group")) {
    const std::string known[] = {"failing-over", "failed-over", "error-failing-over", "protected"};
    if (std::find(std::begin(known), std::end(known), status) != std::end(known)) continue;
    for (const char* station : {"source", "target"}) {
      INFO(status << " " << station);
      CHECK(failover(group(std::string(status), station, "t1")) == Verdict::kUnclear);
    }
  }
}

TEST_CASE("failover again after one that failed: the time of the last change tells them apart") {
  const View before = group("error-failing-over");
  CHECK(failover(group("error-failing-over"), before) == Verdict::kUnchanged);
  CHECK(failover(group("error-failing-over", "source", "t1"), before) == Verdict::kFailed);
  CHECK(failover(group("error-failing-over", "target", "t1"), before) == Verdict::kUnclear);
  CHECK(failover(group("failing-over", "source", "t1"), before) == Verdict::kUnderWay);
  CHECK(failover(group("failed-over", "target", "t1"), before) == Verdict::kHappened);
  CHECK(failover(group("protected", "source", "t1"), before) == Verdict::kUnclear);
  const View reversing = group("error-reversing");
  CHECK(failover(group("error-reversing"), reversing) == Verdict::kUnchanged);
  CHECK(failover(group("error-failing-over", "source", "t1"), reversing) == Verdict::kFailed);
}

TEST_CASE("a call that was not allowed when it was sent is never taken for done") {
  const View before = group("available");
  CHECK(failover(group("available"), before) == Verdict::kUnchanged);
  for (const std::string_view status : statuses("server_group")) {
    INFO(status);
    CHECK(failover(group(std::string(status), "target", "t1"), before) == Verdict::kUnclear);
  }
}

TEST_CASE("reverse: production where it was asked to be tells, its status does not") {
  const View before = group("protected");
  const auto reverse = [&](const View& now) {
    return judged("start_reverse_protection_group", before, now, towards("target")).verdict;
  };
  CHECK(reverse(group("reversing")) == Verdict::kUnderWay);
  CHECK(reverse(group("protected")) == Verdict::kUnchanged);
  CHECK(reverse(group("protected", "target", "t1")) == Verdict::kHappened);
  CHECK(reverse(group("protected", "source", "t1")) == Verdict::kUnclear);
  CHECK(reverse(group("error-reversing", "source", "t1")) == Verdict::kFailed);
  CHECK(reverse(group("failed-over", "target", "t1")) == Verdict::kUnclear);
  CHECK(reverse(group("failing-over", "source", "t1")) == Verdict::kUnclear);
  const View there = group("protected", "target");
  CHECK(judged("start_reverse_protection_group", there, group("protected", "target", "t1"),
               towards("target"))
            .verdict == Verdict::kUnclear);
}

TEST_CASE("start: enabling and protecting again are told apart by the status before") {
  const auto start = [](const View& before, const View& now) {
    return judged("start_protection_group", before, now).verdict;
  };
  const View available = group("available");
  CHECK(start(available, group("starting")) == Verdict::kUnderWay);
  CHECK(start(available, group("protected", "source", "t1")) == Verdict::kHappened);
  CHECK(start(available, group("protected", "target", "t1")) == Verdict::kUnclear);
  CHECK(start(available, group("error-starting", "source", "t1")) == Verdict::kFailed);
  CHECK(start(available, group("available")) == Verdict::kUnchanged);
  CHECK(start(available, group("available", "source", "t1")) == Verdict::kUnclear);
  CHECK(start(available, group("reprotecting")) == Verdict::kUnclear);
  const View failed_over = group("failed-over", "target");
  CHECK(start(failed_over, group("reprotecting", "target")) == Verdict::kUnderWay);
  CHECK(start(failed_over, group("protected", "target", "t1")) == Verdict::kHappened);
  CHECK(start(failed_over, group("error-reprotecting", "target", "t1")) == Verdict::kFailed);
  CHECK(start(failed_over, group("starting", "target")) == Verdict::kUnclear);
}

TEST_CASE("stop: available is the sign that it happened") {
  const auto stop = [](const View& now) {
    return judged("stop_protection_group", group("protected"), now).verdict;
  };
  CHECK(stop(group("stopping")) == Verdict::kUnderWay);
  CHECK(stop(group("available", "source", "t1")) == Verdict::kHappened);
  CHECK(stop(group("error-stopping", "source", "t1")) == Verdict::kFailed);
  CHECK(stop(group("protected")) == Verdict::kUnchanged);
  CHECK(stop(group("failing-over")) == Verdict::kUnclear);
}

TEST_CASE("every guarded operation: its own work is adopted, nothing is done in any other") {
  for (const Operation& operation : catalog()) {
    if (operation.effect != Effect::kGuarded) continue;
    for (const Transition& way : operation.transitions) {
      for (const std::string_view from : way.from) {
        INFO(operation.name << " from " << from);
        const View before = group(std::string(from));
        const auto now = [&](std::string_view status) {
          return judge(operation, towards("target"), before,
                       group(std::string(status), "source", status == from ? "t0" : "t1"), false)
              .verdict;
        };
        if (!way.during.empty()) CHECK(now(way.during) == Verdict::kUnderWay);
        CHECK(now(from) == Verdict::kUnchanged);
        if (!way.failure.empty() && from != way.failure) {
          CHECK(now(way.failure) == Verdict::kFailed);
        }
        for (const std::string_view status : statuses(operation.resource)) {
          const bool busy = status.ends_with("ing") && !status.starts_with("error");
          if (busy && status != way.during) CHECK(now(status) == Verdict::kUnclear);
        }
      }
    }
  }
}

TEST_CASE("rename: the name that is read tells") {
  json::Object arguments;
  arguments.set("name", "new");
  View now = group("protected");
  now.set.set("name", "old");
  const auto rename = [&] {
    return judged("update_protection_group_name", group("protected"), now, arguments).verdict;
  };
  CHECK(rename() == Verdict::kUnchanged);
  now.set.set("name", "new");
  CHECK(rename() == Verdict::kHappened);
  now = gone();
  CHECK(rename() == Verdict::kUnclear);
}

TEST_CASE("delete: not there is happened, deleting is under way") {
  for (const char* name : {"delete_protection_group", "delete_replication"}) {
    INFO(name);
    const View before = group("available");
    CHECK(judged(name, before, gone()).verdict == Verdict::kHappened);
    CHECK(judged(name, before, group("deleting")).verdict == Verdict::kUnderWay);
    CHECK(judged(name, before, group("error-deleting")).verdict == Verdict::kFailed);
    CHECK(judged(name, before, before).verdict == Verdict::kUnchanged);
    const View failed = group("error-deleting");
    CHECK(judged(name, failed, failed).verdict == Verdict::kUnchanged);
    CHECK(judged(name, failed, group("error-deleting", "source", "t1")).verdict ==
          Verdict::kFailed);
  }
}

TEST_CASE(
    "creation: the mark tells; without one a new thing of the name is for a person to judge") {
  View before;
  before.ids = {"old"};
  View now = before;
  const auto create = [&](bool marked) {
    return judge(sdrs("create_protection_group"), {}, before, now, marked);
  };
  CHECK(create(true).verdict == Verdict::kUnchanged);
  CHECK(create(false).verdict == Verdict::kUnchanged);
  now.ids = {"old", "new"};
  CHECK(create(true).verdict == Verdict::kUnchanged);
  CHECK(create(false).verdict == Verdict::kUnclear);
  CHECK(create(false).id == "new");
  CHECK(create(false).why.find("new") != std::string::npos);
  now.marked = "new";
  CHECK(create(true).verdict == Verdict::kUnderWay);
  CHECK(create(true).id == "new");
  now.marked.clear();
  now.ids = {"old", "new", "newer"};
  CHECK(create(false).verdict == Verdict::kUnclear);
  CHECK(create(false).id.empty());
}

TEST_CASE("what is seen decides at once, except that nothing has changed") {
  const Standing standing{.effect = Effect::kGuarded, .valid_until = UtcTime{16min}};
  CHECK(decide(Verdict::kUnderWay, standing) == Next::kAdopt);
  CHECK(decide(Verdict::kHappened, standing) == Next::kAdopt);
  CHECK(decide(Verdict::kFailed, standing) == Next::kAdopt);
  CHECK(decide(Verdict::kUnclear, standing) == Next::kAsk);
}

TEST_CASE("unchanged is proof after two reads past the fence, ten seconds apart") {
  for (const Effect effect : {Effect::kGuarded, Effect::kCreate}) {
    Standing standing{.effect = effect, .valid_until = UtcTime{16min}};
    const auto next = [&] { return decide(Verdict::kUnchanged, standing); };
    standing.read_at = UtcTime{16min} - 1ms;
    CHECK(next() == Next::kLookAgain);
    CHECK_FALSE(past_fence(standing));
    standing.read_at = UtcTime{16min};
    CHECK(past_fence(standing));
    CHECK(next() == Next::kLookAgain);
    standing.found_before = UtcTime{16min};
    CHECK(next() == Next::kLookAgain);
    standing.read_at = UtcTime{16min} + 10s - 1ms;
    CHECK(next() == Next::kLookAgain);
    standing.read_at = UtcTime{16min} + 10s;
    CHECK(next() == Next::kSendAgain);
    standing.proved = 2;
    CHECK(next() == Next::kAsk);
  }
}

TEST_CASE(
    "a server that was touched since, in the status from before, is looked at on, then asked") {
  const Operation& start = *find_operation("ecs", "batch_start_servers");
  View before;
  before.rows = {{.name = "web-1", .status = "SHUTOFF", .updated_at = "2026-01-01T00:00:00Z"}};
  View now = before;
  CHECK_FALSE(judge(start, {}, before, now, false).touched);
  now.rows.front().updated_at = "2026-01-01T00:01:00Z";
  const Finding finding = judge(start, {}, before, now, false);
  CHECK(finding.verdict == Verdict::kUnchanged);
  CHECK(finding.touched);
  Standing standing{
      .effect = Effect::kGuarded, .valid_until = UtcTime{16min}, .touched = finding.touched};
  standing.read_at = UtcTime{16min} - 1ms;
  CHECK(decide(finding.verdict, standing) == Next::kLookAgain);
  standing.read_at = UtcTime{16min};
  CHECK(decide(finding.verdict, standing) == Next::kAsk);
}

TEST_CASE(
    "without a fence nothing proves that it will not happen: after a minute a person is asked") {
  Standing standing{.effect = Effect::kGuarded, .sent_at = UtcTime{0ms}};
  standing.read_at = UtcTime{60s} - 1ms;
  CHECK(decide(Verdict::kUnchanged, standing) == Next::kLookAgain);
  standing.read_at = UtcTime{60s};
  CHECK(decide(Verdict::kUnchanged, standing) == Next::kAsk);
}

TEST_CASE("what is idempotent goes out again after one read, three times at most") {
  Standing standing{.effect = Effect::kIdempotent};
  CHECK(decide(Verdict::kUnchanged, standing) == Next::kSendAgain);
  standing.proved = 2;
  CHECK(decide(Verdict::kUnchanged, standing) == Next::kAsk);
}

TEST_CASE("each bug of the decision changes it") {
  const View before = group("protected");
  const Standing early{.effect = Effect::kGuarded, .valid_until = UtcTime{16min}};
  Standing once = early;
  once.read_at = UtcTime{17min};
  const auto with = [](const char* bug, auto decision) {
    fault::plant(bug);
    const auto result = decision();
    CHECK(fault::asked() > 0);
    fault::reset();
    return result;
  };
  const auto unchanged = [](const Standing& standing) {
    return [&standing] { return decide(Verdict::kUnchanged, standing); };
  };
  const auto judging = [&](View now) { return [now] { return failover(now); }; };
  CHECK(with("effect.ignore_fence", unchanged(early)) == Next::kSendAgain);
  CHECK(with("effect.one_read", unchanged(once)) == Next::kSendAgain);
  CHECK(with("effect.adopt_nothing", unchanged(early)) == Next::kAdopt);
  CHECK(with("effect.status_proves_nothing_happened", unchanged(early)) == Next::kSendAgain);
  const View aba = group("protected", "target", "t1");
  CHECK(with("effect.status_proves_nothing_happened", judging(aba)) == Verdict::kUnchanged);
  CHECK(with("effect.ignore_station", judging(aba)) == Verdict::kUnchanged);
  CHECK(with("effect.ignore_updated_at", judging(group("protected", "source", "t1"))) ==
        Verdict::kUnchanged);
  CHECK(with("effect.other_actor_as_ours", judging(group("stopping"))) == Verdict::kUnderWay);
}
