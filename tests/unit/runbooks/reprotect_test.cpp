// The bundled reprotect: from a failover to a group that has a second copy again.
#include "cloud/catalog.h"
#include "unit/runbooks/checks.h"

using namespace neap;
using namespace neap::test;
using app::ExitCode;

namespace {

const std::vector<std::string> kDemo = {"--group", "demo"};
const std::vector<std::string> kPower = {"--group", "demo", "--power"};
constexpr const char* kVerb = "start_protection_group";
constexpr const char* kAway = "cn-north-4b";

// As a failover leaves it: production has moved, the old servers may be on.
void fail_over(Rehearsal& world, const char* old_servers = "SHUTOFF") {
  world.set_demo(R"({"status":"failed-over","priority_station":"target"})");
  world.power_demo(old_servers);
}

}  // namespace

TEST_CASE("reprotect protects a group again after a failover, with one request") {
  Rehearsal world;
  check_done(world.run("failover", kDemo), "failed-over", kAway);
  world.power_demo("SHUTOFF");
  world.op.questions.clear();
  const auto outcome = world.run("reprotect", kDemo);
  check_done(outcome, "protected", kAway);
  CHECK(changed(outcome));
  CHECK(world.arrived(kVerb) == 1);
  CHECK(world.op.questions ==
        std::vector<std::string>{"Protect group demo again, from cn-north-4b to cn-north-4a? "
                                 "The disks in cn-north-4a are overwritten."});
  CHECK_THAT(notes(world), Catch::Contains("but not before its data is synchronised"));
  CHECK_THAT(notes(world), Catch::Contains("neap run failback --group demo"));
}

TEST_CASE("with --wait reprotect ends when the data is synchronised, and says how far it is") {
  Rehearsal world;
  fail_over(world);
  check_done(world.run("reprotect", {"--group", "demo", "--wait"}), "protected", kAway);
  CHECK_THAT(notes(world), Catch::Contains("demo is synchronised to 7 %"));
  CHECK_THAT(notes(world), Catch::Contains("group demo is protected and synchronised"));
  const auto again = world.run("reprotect", {"--group", "demo", "--wait"});
  CHECK_FALSE(changed(again));
  CHECK(world.arrived(kVerb) == 1);
}

TEST_CASE("a synchronisation that takes longer than --sync-timeout says how far it is") {
  Rehearsal world;
  fail_over(world);
  const auto outcome =
      world.run("reprotect", {"--group", "demo", "--wait", "--sync-timeout", "20s"});
  check_failed(outcome, ErrorKind::kTimeout);
  CHECK_THAT(outcome.error->hint, Catch::Contains("group demo is synchronised to "));
  check_done(world.run("reprotect", {"--group", "demo", "--wait"}), "protected", kAway);
  CHECK(world.arrived(kVerb) == 1);
}

TEST_CASE("a group that is protected already is reported, and nothing is sent") {
  Rehearsal world;
  const auto outcome = world.run("reprotect", kDemo);
  check_done(outcome, "protected", "cn-north-4a");
  CHECK_FALSE(changed(outcome));
  CHECK(world.arrived(kVerb) == 0);
  CHECK(world.op.questions.empty());
}

TEST_CASE("servers of the old site that run stop it, unless it may power them off") {
  Rehearsal world;
  fail_over(world, "ACTIVE");
  check_refused(world.run("reprotect", kDemo), "3 servers are not off");
  CHECK(world.arrived(kVerb) == 0);
  check_done(world.run("reprotect", kPower), "protected", kAway);
  CHECK(world.arrived("batch_stop_servers") == 1);
  CHECK_THAT(notes(world), Catch::Contains("3 of 3 servers changed"));
}

TEST_CASE("a group in any status that does not allow it is refused, with the way there") {
  std::size_t refused = 0;
  for (const std::string_view status : cloud::statuses("server_group")) {
    if (status == "protected" || status == "failed-over" || status == "error-reprotecting" ||
        status == "reprotecting") {
      continue;
    }
    INFO(status);
    Rehearsal world;
    world.power_demo("SHUTOFF");
    world.set_demo(R"({"status":")" + std::string(status) + R"("})");
    check_refused(world.run("reprotect", kDemo), std::string(status).c_str());
    CHECK(world.arrived(kVerb) == 0);
    ++refused;
  }
  CHECK(refused >= 10);
  Rehearsal world;
  world.set_demo(R"({"status":"available"})");
  check_refused(world.run("reprotect", kDemo), "neap run start_protection");
}

TEST_CASE("protecting again that failed is reported with the group's status, and runs again") {
  Rehearsal world;
  fail_over(world);
  world.plant(fault(kVerb, R"("kind":"job_fail","code":"SDRS.1032","message":"no storage")"));
  const auto failed = world.run("reprotect", kDemo);
  check_failed(failed, ErrorKind::kJobFailed);
  CHECK(failed.error->code == "SDRS.1032");
  CHECK_THAT(failed.error->hint, Catch::Contains("group demo is now error-reprotecting"));
  check_done(world.run("reprotect", kDemo), "protected", kAway);
  CHECK(world.arrived(kVerb) == 2);
}

TEST_CASE("a group that somebody is protecting again is waited for") {
  Rehearsal world;
  fail_over(world);
  world.plant(fault(kVerb, R"("kind":"drop_after")"));
  // As a run leaves it that is given up while the job goes on.
  const auto gave_up = world.run("reprotect", {"--group", "demo", "--timeout", "1s"});
  check_failed(gave_up, ErrorKind::kTimeout);
  const auto outcome = world.run("reprotect", kDemo);
  check_done(outcome, "protected", kAway);
  CHECK_FALSE(changed(outcome));
  CHECK(world.arrived(kVerb) == 1);
}

TEST_CASE("protecting again is sent once when its answer is lost, and twice when it was") {
  for (const std::string& kind : kLostAnswers) {
    INFO(kind);
    Rehearsal world;
    fail_over(world);
    world.plant(fault(kVerb, kind));
    check_done(world.run("reprotect", kDemo), "protected", kAway);
    CHECK(world.arrived(kVerb) == 1);
  }
  for (const std::string& kind : kLostCalls) {
    INFO(kind);
    Rehearsal world;
    fail_over(world);
    world.plant(fault(kVerb, kind));
    check_done(world.run("reprotect", kDemo), "protected", kAway);
    CHECK(world.arrived(kVerb) == 2);
  }
}

TEST_CASE("protecting again that is refused, or never ends, ends with its own exit code") {
  Rehearsal world;
  fail_over(world);
  world.plant(fault(kVerb, R"("kind":"status","status":400,"code":"SDRS.1342")"));
  const auto refused = world.run("reprotect", kDemo);
  check_failed(refused, ErrorKind::kConflict);
  CHECK(refused.error->code == "SDRS.1342");
  world.plant(fault(kVerb, R"("kind":"stuck_job")"));
  const auto stuck = world.run("reprotect", {"--group", "demo", "--timeout", "10m"});
  check_failed(stuck, ErrorKind::kTimeout);
  CHECK(Rehearsal::exit_code(stuck) == ExitCode::kGaveUp);
}

TEST_CASE("wrong parameters of reprotect, and an operator's no, change nothing") {
  Rehearsal world;
  fail_over(world);
  for (const std::vector<std::string>& words : {std::vector<std::string>{},
                                                {"--group", "demo", "--wait=maybe"},
                                                {"--group", "demo", "--sync-timeout", "long"}}) {
    check_failed(world.run("reprotect", words), ErrorKind::kUsage);
  }
  world.op.answer = Answer{false, "anna", "not today"};
  check_refused(world.run("reprotect", kPower), "not confirmed");
  CHECK(world.arrived(kVerb) == 0);
}
