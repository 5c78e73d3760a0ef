// The bundled failback: home from wherever a failover, or a failback that broke off, left a group.
#include "cloud/catalog.h"
#include "unit/runbooks/checks.h"

using namespace neap;
using namespace neap::test;
using app::ExitCode;

namespace {

const std::vector<std::string> kDemo = {"--group", "demo"};
const std::vector<std::string> kPower = {"--group", "demo", "--power"};
constexpr const char* kReprotect = "start_protection_group";
constexpr const char* kSwitch = "start_reverse_protection_group";
constexpr const char* kHome = "cn-north-4a";

void set_away(Rehearsal& world, const std::string& status) {
  world.set_demo(R"({"status":")" + status + R"(","priority_station":"target"})");
}

void check_home(Rehearsal& world, const Outcome& outcome) {
  check_done(outcome, "protected", kHome);
  CHECK(changed(outcome));
  CHECK_THAT(notes(world), Catch::Contains("group demo is home: production is cn-north-4a"));
}

}  // namespace

TEST_CASE("failback is the way back of failover: protected, synchronised and home") {
  Rehearsal world;
  check_done(world.run("failover", kDemo), "failed-over", "cn-north-4b");
  CHECK_THAT(notes(world), Catch::Contains("neap run failback --group demo"));
  world.op.questions.clear();
  check_home(world, world.run("failback", kPower));
  CHECK(world.arrived(kReprotect) == 1);
  CHECK(world.arrived(kSwitch) == 1);
  CHECK(world.op.questions ==
        std::vector<std::string>{"Protect group demo again, from cn-north-4b to cn-north-4a, "
                                 "overwriting the disks in cn-north-4a, and serve from the source "
                                 "site then?"});
  CHECK_THAT(notes(world), Catch::Contains("to do: protect the data again, then switch over"));
}

TEST_CASE("failback goes on from whatever is done already") {
  struct Start {
    const char* status;
    std::size_t reprotects;
  };
  for (const Start& start : {Start{"failed-over", 1}, Start{"error-reprotecting", 1},
                             Start{"protected", 0}, Start{"error-reversing", 0}}) {
    INFO(start.status);
    Rehearsal world;
    set_away(world, start.status);
    check_home(world, world.run("failback", kPower));
    CHECK(world.arrived(kReprotect) == start.reprotects);
    CHECK(world.arrived(kSwitch) == 1);
  }
}

TEST_CASE("a group that is home already is reported, and nothing is sent") {
  Rehearsal world;
  const auto outcome = world.run("failback", kPower);
  check_done(outcome, "protected", kHome);
  CHECK_FALSE(changed(outcome));
  CHECK_THAT(notes(world), Catch::Contains("home already"));
  CHECK(world.arrived(kReprotect) + world.arrived(kSwitch) == 0);
  CHECK(world.op.questions.empty());
}

TEST_CASE("a group that failed over to its home site only has to be protected again") {
  Rehearsal world;
  world.set_demo(R"({"status":"failed-over","priority_station":"source"})");
  check_home(world, world.run("failback", kPower));
  CHECK(world.arrived(kReprotect) == 1);
  CHECK(world.arrived(kSwitch) == 0);
}

TEST_CASE("failover names the way back to where it came from, whichever site that was") {
  Rehearsal world;
  world.set_demo(R"({"priority_station":"target"})");
  check_done(world.run("failover", kDemo), "failed-over", kHome);
  CHECK_THAT(notes(world), Catch::Contains("neap run failback --group demo --to target"));
  const auto outcome = world.run("failback", {"--group", "demo", "--to", "target", "--power"});
  check_done(outcome, "protected", "cn-north-4b");
}

TEST_CASE("--to names another home") {
  Rehearsal world;
  const auto outcome = world.run("failback", {"--group", "demo", "--to", "target", "--power"});
  check_done(outcome, "protected", "cn-north-4b");
  CHECK(world.arrived(kSwitch) == 1);
}

TEST_CASE("without --power failback stops where servers must be off, and goes on from there") {
  Rehearsal world;
  set_away(world, "failed-over");
  check_refused(world.run("failback", kDemo), "3 servers are not off");
  CHECK(world.arrived(kReprotect) == 0);
  const auto power = [&](const char* site, const char* state) {
    world.admin(http::Method::kPost, "/groups/demo/power",
                std::string(R"({"site":")") + site + R"(","state":")" + state + R"("})");
  };
  power("dr", "SHUTOFF");
  power("production", "ACTIVE");
  const auto interrupted = world.run("failback", kDemo);
  check_refused(interrupted, "3 servers are not off");
  CHECK_THAT(interrupted.error->message, Catch::Contains("run this again"));
  CHECK(world.arrived(kReprotect) == 1);
  CHECK(world.arrived(kSwitch) == 0);
  power("all", "SHUTOFF");
  check_home(world, world.run("failback", kDemo));
  CHECK_THAT(notes(world), Catch::Contains("next: power on the servers in cn-north-4a"));
  CHECK(world.arrived(kReprotect) == 1);
  CHECK(world.arrived(kSwitch) == 1);
}

TEST_CASE("a group in any status from which no way leads home is refused") {
  std::size_t refused = 0;
  for (const std::string_view status : cloud::statuses("server_group")) {
    if (status == "protected" || status == "failed-over" || status == "error-reprotecting" ||
        status == "reprotecting" || status == "error-reversing") {
      continue;
    }
    INFO(status);
    Rehearsal world;
    set_away(world, std::string(status));
    check_refused(world.run("failback", kPower), std::string(status).c_str());
    CHECK(world.arrived(kReprotect) + world.arrived(kSwitch) == 0);
    ++refused;
  }
  CHECK(refused >= 10);
  Rehearsal world;
  world.set_demo(R"({"status":"error-reversing"})");
  check_refused(world.run("failback", kPower), "finish that switchover");
}

TEST_CASE("broken pairs, and an operator's no, stop failback before anything is sent") {
  Rehearsal world;
  set_away(world, "failed-over");
  world.set_demo(R"({"fault_level":"5"})");
  check_refused(world.run("failback", kPower), "fault_level 5");
  world.set_demo(R"({"fault_level":"0"})");
  world.op.answer = Answer{false, "anna", "not today"};
  check_refused(world.run("failback", kPower), "not confirmed");
  CHECK(world.arrived(kReprotect) + world.arrived(kSwitch) + world.arrived("batch_stop_servers") ==
        0);
}

TEST_CASE("each verb of failback that fails says where it left the group, and it goes on there") {
  for (const char* verb : {kReprotect, kSwitch}) {
    INFO(verb);
    Rehearsal world;
    set_away(world, "failed-over");
    world.plant(fault(verb, R"("kind":"job_fail","message":"storage is away")"));
    const auto failed = world.run("failback", kPower);
    check_failed(failed, ErrorKind::kJobFailed);
    CHECK_THAT(failed.error->message, Catch::Contains("storage is away"));
    CHECK_THAT(failed.error->hint, Catch::Contains("group demo is now error-re"));
    check_home(world, world.run("failback", kPower));
    CHECK(world.arrived(kReprotect) + world.arrived(kSwitch) == 3);
  }
}

TEST_CASE("each verb of failback is sent once when its answer is lost, and twice when it was") {
  for (const char* verb : {kReprotect, kSwitch}) {
    for (const std::string& kind : kLostAnswers) {
      INFO(verb << " " << kind);
      Rehearsal world;
      set_away(world, "failed-over");
      world.plant(fault(verb, kind));
      check_home(world, world.run("failback", kPower));
      CHECK(world.arrived(kReprotect) == 1);
      CHECK(world.arrived(kSwitch) == 1);
    }
    for (const std::string& kind : kLostCalls) {
      INFO(verb << " " << kind);
      Rehearsal world;
      set_away(world, "failed-over");
      world.plant(fault(verb, kind));
      check_home(world, world.run("failback", kPower));
      CHECK(world.arrived(verb) == 2);
    }
  }
}

TEST_CASE("failback goes on after servers that would not go off, and after a job that hangs") {
  Rehearsal world;
  set_away(world, "failed-over");
  world.plant(fault("batch_stop_servers", R"("kind":"job_fail")"));
  check_failed(world.run("failback", kPower), ErrorKind::kJobFailed);
  CHECK(world.arrived(kReprotect) == 0);
  world.plant(fault(kReprotect, R"("kind":"throttle")"));
  world.plant(fault(kSwitch, R"("kind":"stuck_job")"));
  const auto stuck = world.run("failback", {"--group", "demo", "--power", "--timeout", "10m"});
  check_failed(stuck, ErrorKind::kTimeout);
  CHECK(Rehearsal::exit_code(stuck) == ExitCode::kGaveUp);
  CHECK(world.arrived(kReprotect) == 2);
  CHECK_THAT(notes(world), Catch::Contains("servers of group demo are OFF"));
  check_refused(world.run("failback", kPower), "a switchover is under way");
  CHECK(world.arrived(kSwitch) == 1);
}

TEST_CASE("wrong parameters of failback are told before anything is read") {
  Rehearsal world;
  for (const std::vector<std::string>& words : {std::vector<std::string>{},
                                                {"--group", "demo", "--to", "home"},
                                                {"--group", "demo", "--timeout", "-1"}}) {
    const auto outcome = world.run("failback", words);
    check_failed(outcome, ErrorKind::kUsage);
    CHECK(Rehearsal::exit_code(outcome) == ExitCode::kUsage);
  }
  CHECK(world.arrived("list_protection_groups") == 0);
}
