// The bundled switchover: the servers' power around it, and everything that can go wrong.
#include "cloud/catalog.h"
#include "unit/runbooks/checks.h"

using namespace neap;
using namespace neap::test;
using app::ExitCode;

namespace {

const std::vector<std::string> kDemo = {"--group", "demo"};
const std::vector<std::string> kPower = {"--group", "demo", "--power"};
const std::vector<std::string> kToTarget = {"--group", "demo", "--to", "target"};
constexpr const char* kVerb = "start_reverse_protection_group";
constexpr const char* kHome = "cn-north-4a";
constexpr const char* kAway = "cn-north-4b";

std::size_t steps_failed(const Rehearsal& world) {
  return world.op.count("step_failed");
}

}  // namespace

TEST_CASE("switchover moves a group whose servers are off with one request, and verifies it") {
  Rehearsal world;
  world.power_demo("SHUTOFF");
  const auto outcome = world.run("switchover", kDemo);
  check_done(outcome, "protected", kAway);
  CHECK(changed(outcome));
  CHECK(world.arrived(kVerb) == 1);
  CHECK(world.arrived("batch_stop_servers") == 0);
  CHECK(world.arrived("batch_start_servers") == 0);
  CHECK(world.op.questions ==
        std::vector<std::string>{"Switch group demo over from cn-north-4a to cn-north-4b?"});
  CHECK_THAT(notes(world), Catch::Contains("next: power on the servers in cn-north-4b"));
  CHECK_THAT(notes(world), Catch::Contains("neap run switchover --group demo --to source"));
}

TEST_CASE("servers that run stop a switchover, by name, unless it may power them off") {
  Rehearsal world;
  const auto refused = world.run("switchover", kDemo);
  check_refused(refused, "3 servers are not off: demo-server-1 (ACTIVE)");
  CHECK(world.arrived(kVerb) == 0);
  CHECK(world.op.questions.empty());
  check_done(world.run("switchover", kPower), "protected", kAway);
  CHECK(world.arrived(kVerb) == 1);
  CHECK(world.arrived("batch_stop_servers") == 1);
  CHECK(world.arrived("batch_start_servers") == 1);
  CHECK(world.op.texts("step_started", "name") ==
        "find the group\ncheck that it can switch over\nfind the group\n"
        "check that it can switch over\npower servers off\nswitch over\npower servers on\n");
}

TEST_CASE("there and back again brings everything to where it was") {
  Rehearsal world;
  check_done(world.run("switchover", kPower), "protected", kAway);
  check_done(world.run("switchover", kPower), "protected", kHome);
  CHECK(world.arrived(kVerb) == 2);
  CHECK(world.arrived("batch_start_servers") == 2);
}

TEST_CASE("a group that serves from --to already is reported, and nothing is sent") {
  Rehearsal world;
  const auto outcome = world.run("switchover", {"--group", "demo", "--to", "source"});
  check_done(outcome, "protected", kHome);
  CHECK_FALSE(changed(outcome));
  CHECK(world.arrived(kVerb) == 0);
  CHECK(world.op.questions.empty());
}

TEST_CASE("a switchover that ended before its servers were on is completed by running it again") {
  Rehearsal world;
  world.plant(fault("batch_start_servers", R"("kind":"job_fail")"));
  const std::vector<std::string> words = {"--group", "demo", "--to", "target", "--power"};
  const auto failed = world.run("switchover", words);
  check_failed(failed, ErrorKind::kJobFailed);
  CHECK_THAT(failed.error->hint, Catch::Contains("still not ACTIVE: demo-server-"));
  const auto again = world.run("switchover", words);
  check_done(again, "protected", kAway);
  CHECK(changed(again));
  CHECK(world.arrived(kVerb) == 1);
  CHECK(world.arrived("batch_start_servers") == 2);
  CHECK_FALSE(changed(world.run("switchover", words)));
}

TEST_CASE("a group in any status that does not allow a switchover is refused") {
  std::size_t refused = 0;
  for (const std::string_view status : cloud::statuses("server_group")) {
    if (status == "protected" || status == "error-reversing") continue;
    INFO(status);
    Rehearsal world;
    world.power_demo("SHUTOFF");
    world.set_demo(R"({"status":")" + std::string(status) + R"("})");
    check_refused(world.run("switchover", kDemo), std::string(status).c_str());
    CHECK(world.arrived(kVerb) == 0);
    ++refused;
  }
  CHECK(refused >= 10);
}

TEST_CASE("a switchover that failed may be tried again, but not towards where production is") {
  Rehearsal world;
  world.power_demo("SHUTOFF");
  world.set_demo(R"({"status":"error-reversing"})");
  check_refused(world.run("switchover", {"--group", "demo", "--to", "source"}),
                "its production is cn-north-4a still");
  check_done(world.run("switchover", kToTarget), "protected", kAway);
  CHECK(world.arrived(kVerb) == 1);
}

TEST_CASE("pairs that are synchronising, or broken, stop a switchover before anything is sent") {
  Rehearsal world;
  world.power_demo("SHUTOFF");
  world.set_demo(R"({"fault_level":"2"})");
  check_refused(world.run("switchover", kDemo), "fault_level 2");
  world.set_demo(R"({"fault_level":"0","status":"failed-over","priority_station":"target"})");
  check_done(world.run("reprotect", kDemo), "protected", kAway);
  check_refused(world.run("switchover", kDemo), "SDRS.1830");
  CHECK(world.arrived(kVerb) == 0);
}

TEST_CASE("an operator who says no to a switchover keeps the servers running") {
  Rehearsal world;
  world.op.answer = Answer{false, "anna", "not today"};
  check_refused(world.run("switchover", kPower), "not confirmed");
  CHECK(world.arrived(kVerb) == 0);
  CHECK(world.arrived("batch_stop_servers") == 0);
}

TEST_CASE("a switchover that fails says in which status it left the group, and what is off") {
  Rehearsal world;
  world.plant(fault(kVerb, R"("kind":"job_fail","code":"SDRS.1816","message":"storage is away")"));
  const auto outcome = world.run("switchover", kPower);
  check_failed(outcome, ErrorKind::kJobFailed);
  CHECK(outcome.error->code == "SDRS.1816");
  CHECK_THAT(outcome.error->hint, Catch::Contains("group demo is now error-reversing"));
  CHECK_THAT(notes(world), Catch::Contains("servers of group demo are OFF"));
  CHECK(steps_failed(world) == 1);
  CHECK(world.arrived("batch_start_servers") == 0);
  check_done(world.run("switchover", kPower), "protected", kAway);
  CHECK(world.arrived(kVerb) == 2);
}

TEST_CASE("servers that do not shut down end it before the switchover, and --hard cuts them off") {
  Rehearsal world;
  world.plant(fault("batch_stop_servers", R"("kind":"job_fail")"));
  const auto outcome = world.run("switchover", kPower);
  check_failed(outcome, ErrorKind::kJobFailed);
  CHECK_THAT(outcome.error->hint, Catch::Contains("still not SHUTOFF"));
  CHECK(world.arrived(kVerb) == 0);
  check_done(world.run("switchover", {"--group", "demo", "--power", "--hard"}), "protected", kAway);
}

TEST_CASE("a switchover whose answer is lost is found under way, and was sent exactly once") {
  for (const std::string& kind : kLostAnswers) {
    INFO(kind);
    Rehearsal world;
    world.power_demo("SHUTOFF");
    world.plant(fault(kVerb, kind));
    check_done(world.run("switchover", kToTarget), "protected", kAway);
    CHECK(world.arrived(kVerb) == 1);
    CHECK(world.op.count("effect_in_doubt") > 0);
  }
}

TEST_CASE("a switchover that did nothing is sent again, once it can take effect no more") {
  for (const std::string& kind : kLostCalls) {
    INFO(kind);
    Rehearsal world;
    world.power_demo("SHUTOFF");
    world.plant(fault(kVerb, kind));
    check_done(world.run("switchover", kToTarget), "protected", kAway);
    CHECK(world.arrived(kVerb) == 2);
  }
}

TEST_CASE("power calls whose answers are lost are not repeated either") {
  for (const char* operation : {"batch_stop_servers", "batch_start_servers"}) {
    INFO(operation);
    Rehearsal world;
    world.plant(fault(operation, R"("kind":"drop_after")"));
    check_done(world.run("switchover", kPower), "protected", kAway);
    CHECK(world.arrived(operation) == 1);
    CHECK(world.arrived(kVerb) == 1);
  }
}

TEST_CASE("a switchover that is refused, or never ends, ends with its own exit code") {
  Rehearsal world;
  world.power_demo("SHUTOFF");
  world.plant(fault(kVerb, R"("kind":"status","status":400,"code":"SDRS.1319")"));
  check_failed(world.run("switchover", kDemo), ErrorKind::kConflict);
  world.plant(fault(kVerb, R"("kind":"stuck_job")"));
  const auto stuck = world.run("switchover", {"--group", "demo", "--timeout", "10m"});
  check_failed(stuck, ErrorKind::kTimeout);
  CHECK_FALSE(stuck.error->job_id.empty());
  CHECK(Rehearsal::exit_code(stuck) == ExitCode::kGaveUp);
  CHECK(world.arrived(kVerb) == 2);
}

TEST_CASE("wrong parameters of a switchover are told before anything is read") {
  Rehearsal world;
  for (const std::vector<std::string>& words : {std::vector<std::string>{},
                                                {"--group"},
                                                {"--group", "demo", "--to", "north"},
                                                {"--group", "demo", "--powr"},
                                                {"--group", "demo", "--timeout", "soon"}}) {
    const auto outcome = world.run("switchover", words);
    check_failed(outcome, ErrorKind::kUsage);
    CHECK(Rehearsal::exit_code(outcome) == ExitCode::kUsage);
  }
  CHECK(world.arrived("list_protection_groups") == 0);
}
