// The bundled stop_protection and start_protection: each the way back of the other.
#include "cloud/catalog.h"
#include "unit/runbooks/checks.h"

using namespace neap;
using namespace neap::test;
using app::ExitCode;

namespace {

const std::vector<std::string> kDemo = {"--group", "demo"};
constexpr const char* kHome = "cn-north-4a";

struct Direction {
  const char* runbook;
  const char* verb;
  const char* from;
  const char* failed;
  const char* to;
};
constexpr Direction kStop{"stop_protection", "stop_protection_group", "protected", "error-stopping",
                          "available"};
constexpr Direction kStart{"start_protection", "start_protection_group", "available",
                           "error-starting", "protected"};

void set_status(Rehearsal& world, const std::string& status) {
  world.set_demo(R"({"status":")" + status + R"("})");
}

}  // namespace

TEST_CASE("stopping says loudly what is unprotected, and starting is the way back") {
  Rehearsal world;
  const auto stopped = world.run("stop_protection", kDemo);
  check_done(stopped, "available", kHome);
  CHECK(changed(stopped));
  CHECK(
      world.op.questions ==
      std::vector<std::string>{
          "Stop the protection of group demo? 3 instances and 5 pairs will have no second copy."});
  CHECK_THAT(notes(world), Catch::Contains("UNPROTECTED now: 3 instances and 5 pairs"));
  CHECK_THAT(notes(world), Catch::Contains("NO FAILOVER is possible"));
  CHECK_THAT(notes(world), Catch::Contains("neap run start_protection --group demo"));
  check_refused(world.run("failover", kDemo), "group demo is available");
  const auto started = world.run("start_protection", {"--group", "demo", "--wait"});
  check_done(started, "protected", kHome);
  CHECK(changed(started));
  CHECK_THAT(notes(world), Catch::Contains("group demo is protected and synchronised"));
  CHECK(world.arrived(kStop.verb) == 1);
  CHECK(world.arrived(kStart.verb) == 1);
}

TEST_CASE("a group that is stopped, or protected, already is reported, and nothing is sent") {
  for (const Direction& direction : {kStop, kStart}) {
    INFO(direction.runbook);
    Rehearsal world;
    set_status(world, direction.to);
    const auto outcome = world.run(direction.runbook, kDemo);
    check_done(outcome, direction.to, kHome);
    CHECK_FALSE(changed(outcome));
    CHECK(world.arrived(direction.verb) == 0);
    CHECK(world.op.questions.empty());
  }
}

TEST_CASE("a group in any status that does not allow it is neither stopped nor started") {
  for (const Direction& direction : {kStop, kStart}) {
    std::size_t refused = 0;
    for (const std::string_view status : cloud::statuses("server_group")) {
      if (status == direction.from || status == direction.failed || status == direction.to) {
        continue;
      }
      INFO(direction.runbook << " " << status);
      Rehearsal world;
      set_status(world, std::string(status));
      check_refused(world.run(direction.runbook, kDemo), std::string(status).c_str());
      CHECK(world.arrived(direction.verb) == 0);
      ++refused;
    }
    CHECK(refused >= 10);
  }
}

TEST_CASE("while data is synchronised a stop is refused with the code and the way to wait") {
  Rehearsal world;
  set_status(world, "available");
  check_done(world.run("start_protection", kDemo), "protected", kHome);
  CHECK_THAT(notes(world), Catch::Contains("but not before its data is synchronised"));
  const auto refused = world.run("stop_protection", kDemo);
  check_refused(refused, "SDRS.1830");
  CHECK_THAT(refused.error->message,
             Catch::Contains("neap run start_protection --group demo --wait"));
  CHECK(world.arrived(kStop.verb) == 0);
  check_done(world.run("start_protection", {"--group", "demo", "--wait"}), "protected", kHome);
  check_done(world.run("stop_protection", kDemo), "available", kHome);
}

TEST_CASE("a group without pairs can be neither stopped nor started") {
  for (const Direction& direction : {kStop, kStart}) {
    Rehearsal world;
    world.admin(http::Method::kPost, "/groups",
                std::string(R"({"name":"empty","status":")") + direction.from + R"("})");
    check_refused(world.run(direction.runbook, {"--group", "empty"}), "no replication pairs");
    CHECK(world.arrived(direction.verb) == 0);
  }
}

TEST_CASE("a job that fails leaves the group where it is told, and the runbook may run again") {
  for (const Direction& direction : {kStop, kStart}) {
    INFO(direction.runbook);
    Rehearsal world;
    set_status(world, direction.from);
    world.plant(fault(direction.verb, R"("kind":"job_fail","message":"storage is away")"));
    const auto failed = world.run(direction.runbook, kDemo);
    check_failed(failed, ErrorKind::kJobFailed);
    CHECK_THAT(failed.error->message, Catch::Contains("storage is away"));
    CHECK_THAT(failed.error->hint,
               Catch::Contains(std::string("group demo is now ") + direction.failed));
    check_done(world.run(direction.runbook, kDemo), direction.to, kHome);
    CHECK(world.arrived(direction.verb) == 2);
  }
}

TEST_CASE("each is sent once when its answer is lost, and again when the call was") {
  for (const Direction& direction : {kStop, kStart}) {
    const auto sent_for = [&](const std::string& kind) {
      INFO(direction.runbook << " " << kind);
      Rehearsal world;
      set_status(world, direction.from);
      world.plant(fault(direction.verb, kind));
      check_done(world.run(direction.runbook, kDemo), direction.to, kHome);
      return world.arrived(direction.verb);
    };
    for (const std::string& kind : kLostAnswers) CHECK(sent_for(kind) == 1);
    for (const std::string& kind : kLostCalls) CHECK(sent_for(kind) == 2);
    CHECK(sent_for(R"("kind":"throttle")") == 2);
  }
}

TEST_CASE("a job of either that never ends is given up on with exit 5") {
  for (const Direction& direction : {kStop, kStart}) {
    Rehearsal world;
    set_status(world, direction.from);
    world.plant(fault(direction.verb, R"("kind":"stuck_job")"));
    const auto stuck = world.run(direction.runbook, {"--group", "demo", "--timeout", "10m"});
    check_failed(stuck, ErrorKind::kTimeout);
    CHECK(Rehearsal::exit_code(stuck) == ExitCode::kGaveUp);
  }
}

TEST_CASE("wrong parameters of either, and an operator's no, change nothing") {
  for (const Direction& direction : {kStop, kStart}) {
    Rehearsal world;
    set_status(world, direction.from);
    check_failed(world.run(direction.runbook, {}), ErrorKind::kUsage);
    check_failed(world.run(direction.runbook, {"--grup", "demo"}), ErrorKind::kUsage);
    check_failed(world.run(direction.runbook, {"--group", "nope"}), ErrorKind::kNotFound);
    world.op.answer = Answer{false, "anna", "not today"};
    check_refused(world.run(direction.runbook, kDemo), "not confirmed");
    CHECK(world.arrived(direction.verb) == 0);
  }
}
