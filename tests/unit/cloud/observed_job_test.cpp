// Jobs that are made up of what is seen in the cloud.
#include "cloud/observed_job.h"

#include <catch2/catch.hpp>

#include "cloud/check.h"
#include "effect_world.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

const Operation& sdrs(std::string_view name) {
  return *find_operation("sdrs", name);
}

View seen(std::string status, std::string station) {
  View view;
  view.status = std::move(status);
  view.station = std::move(station);
  return view;
}

std::string failover_job(Progress progress = Progress::kUnderWay) {
  return observed_job_id(sdrs(EffectWorld::kFailover), "g-1", progress,
                         seen("protected", "source"));
}

Result<http::Response> ask(EffectWorld& world, std::string job_id) {
  std::optional<Result<http::Response>> result;
  json::Object arguments;
  arguments.set("job_id", std::move(job_id));
  const Owner owner = world.client.call(sdrs("show_job_status"), std::move(arguments),
                                        [&](Result<http::Response> r) { result = std::move(r); });
  CHECK_FALSE(result);
  world.loop.run();
  REQUIRE(result);
  return *std::move(result);
}

std::string field(const Result<http::Response>& answer, std::string_view pointer) {
  if (!answer) return "error: " + std::string(to_text(answer.error().kind));
  const auto document = json::Document::parse(answer->body);
  REQUIRE(document);
  return std::string(document->text(pointer).value_or("none"));
}

std::string status_of(EffectWorld& world, const std::string& job_id) {
  return field(ask(world, job_id), "/status");
}

}  // namespace

TEST_CASE("an observed failover is a job like any other: type, entities, end") {
  EffectWorld world;
  const std::string id = failover_job();
  CHECK(id == "observed:start_failover_protection_group:g-1:protected,source");
  CHECK(is_observed_job(id));
  CHECK_FALSE(is_observed_job("ff8080826adfae02016ae2d123fc05ed"));
  world.set("failing-over");
  const auto answer = ask(world, id);
  CHECK(field(answer, "/job_id") == id);
  CHECK(field(answer, "/status") == "RUNNING");
  CHECK(field(answer, "/job_type") == "failoverProtectionGroupNoCG");
  CHECK(field(answer, "/entities/server_group_id") == "g-1");
  world.set("failed-over", "target");
  CHECK(status_of(world, id) == "SUCCESS");
  world.set("reprotecting");
  CHECK(status_of(world, id) == "SUCCESS");
  world.set("protected");
  CHECK(status_of(world, id) == "SUCCESS");
}

TEST_CASE("a failure tells the reason that the platform gives") {
  EffectWorld world;
  world.set("error-failing-over");
  for (const Progress progress : {Progress::kUnderWay, Progress::kFailed}) {
    const auto answer = ask(world, failover_job(progress));
    CHECK(field(answer, "/status") == "FAIL");
    CHECK(field(answer, "/error_code") == "SDRS.1030");
    CHECK(field(answer, "/fail_reason") == "no quorum");
  }
}

TEST_CASE("a failure of which the platform tells nothing is told by what is seen") {
  EffectWorld world;
  world.set("error-stopping");
  const std::string id = observed_job_id(sdrs("stop_protection_group"), "g-1", Progress::kUnderWay,
                                         seen("protected", "source"));
  const auto answer = ask(world, id);
  CHECK(field(answer, "/status") == "FAIL");
  CHECK(field(answer, "/fail_reason") == "group demo is error-stopping, production is source");
}

TEST_CASE("what has happened stays so, whatever the thing looks like by then") {
  EffectWorld world;
  world.set("stopping");
  CHECK(status_of(world, failover_job(Progress::kHappened)) == "SUCCESS");
  CHECK(world.reads == 0);
}

TEST_CASE("what fits no end of the call is in doubt, not failed") {
  EffectWorld world;
  world.set("stopping");
  const auto answer = ask(world, failover_job());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kInDoubt);
  CHECK(answer.error().message.find("group demo is stopping") != std::string::npos);
  world.exists = false;
  CHECK(ask(world, failover_job()).error().kind == ErrorKind::kInDoubt);
}

TEST_CASE("starting and protecting again are jobs of their own types") {
  EffectWorld world;
  const auto type = [&](const char* status) {
    return field(ask(world, observed_job_id(sdrs("start_protection_group"), "g-1",
                                            Progress::kHappened, seen(status, "source"))),
                 "/job_type");
  };
  const auto under_way = [&](const char* before, const char* now) {
    world.set(now);
    return field(ask(world, observed_job_id(sdrs("start_protection_group"), "g-1",
                                            Progress::kUnderWay, seen(before, "source"))),
                 "/job_type");
  };
  CHECK(type("available") == "startProtectionGroupNoCG");
  CHECK(under_way("available", "starting") == "startProtectionGroupNoCG");
  CHECK(under_way("failed-over", "reprotecting") == "reprotectProtectionGroupNoCG");
}

TEST_CASE("a deletion succeeds when the thing is gone, a creation when it is there") {
  EffectWorld world;
  const std::string deletion = observed_job_id(sdrs("delete_protection_group"), "g-1",
                                               Progress::kUnderWay, seen("available", "source"));
  world.set("deleting");
  CHECK(status_of(world, deletion) == "RUNNING");
  world.exists = false;
  CHECK(status_of(world, deletion) == "SUCCESS");
  world.exists = true;
  world.set("error-deleting");
  CHECK(status_of(world, deletion) == "FAIL");
  const std::string creation =
      observed_job_id(sdrs("create_protection_group"), "g-1", Progress::kUnderWay, View{});
  world.set("creating");
  CHECK(status_of(world, creation) == "RUNNING");
  world.set("starting");
  CHECK(status_of(world, creation) == "SUCCESS");
  CHECK(field(ask(world, creation), "/entities/server_group_id") == "g-1");
  world.set("error");
  CHECK(status_of(world, creation) == "FAIL");
}

TEST_CASE("an id that is not well-formed is an argument error and nothing is read") {
  EffectWorld world;
  for (const char* id : {"observed:", "observed:x:g-1:done", "observed:show_quota:g-1:done",
                         "observed:start_failover_protection_group::done",
                         "observed:start_failover_protection_group:g-1", "observed:a:b:c:d"}) {
    INFO(id);
    CHECK(status_of(world, id) == "error: argument");
  }
  CHECK(world.reads == 0);
}

TEST_CASE("the poller waits for an observed job as for any") {
  EffectWorld world;
  world.set("failing-over");
  Log quiet{LogLevel::kOff};
  JobPoller poller(world.loop, world.random, quiet, world.client);
  const auto done = world.loop.after(40s, [&] { world.set("failed-over", "target"); });
  std::vector<std::string> statuses;
  const Owner waiting = poller.watch(failover_job(), [&](Result<const JobReport*> report) {
    REQUIRE(report);
    statuses.emplace_back((*report)->status);
  });
  world.loop.run();
  CHECK(statuses == std::vector<std::string>{"RUNNING", "SUCCESS"});
  CHECK(world.loop.now() > 40s);
}

TEST_CASE("an adopted failover is waited for to its end") {
  EffectWorld world;
  world.fates = {Fate::kAnswerLost};
  world.perform();
  REQUIRE(world.result->has_value());
  const auto document = json::Document::parse((*world.result)->body);
  const std::string id(*document->text("/job_id"));
  CHECK(status_of(world, id) == "SUCCESS");
  CHECK(world.station == "target");
}

TEST_CASE("dropping the Owner ends the inquiry at any point") {
  EffectWorld world;
  for (const Duration delay : {Duration(0ms), Duration(2ms), Duration(7ms)}) {
    world.set("error-failing-over");
    bool called = false;
    json::Object arguments;
    arguments.set("job_id", failover_job());
    Owner owner = world.client.call(sdrs("show_job_status"), std::move(arguments),
                                    [&](auto) { called = true; });
    const auto timer = world.loop.after(delay, [&] { owner.reset(); });
    world.loop.run();
    CHECK_FALSE(called);
  }
}
