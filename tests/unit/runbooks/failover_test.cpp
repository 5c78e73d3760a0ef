// The bundled failover against everything that can go wrong, in virtual time.
#include <catch2/catch.hpp>

#include "cloud/catalog.h"
#include "support/rehearsal.h"

using namespace neap;
using namespace neap::app;
using namespace std::chrono_literals;
using test::Rehearsal;

namespace {

const std::vector<std::string> kDemo = {"--group", "demo"};
const std::vector<std::string> kReprotect = {"--group", "demo", "--reprotect"};
constexpr const char* kVerb = "start_failover_protection_group";

std::string result_text(const runs::ScriptRun::Outcome& outcome, const char* field) {
  const auto* result = outcome.value.as<json::Object>();
  return result != nullptr ? result->text(field) : "";
}

bool changed(const runs::ScriptRun::Outcome& outcome) {
  const auto* result = outcome.value.as<json::Object>();
  return result != nullptr && result->flag("changed");
}

void check_moved(const runs::ScriptRun::Outcome& outcome, const char* status = "failed-over") {
  INFO((outcome.error ? describe(*outcome.error) : ""));
  REQUIRE_FALSE(outcome.error);
  CHECK(result_text(outcome, "status") == status);
  CHECK(result_text(outcome, "production") == "cn-north-4b");
  CHECK(result_text(outcome, "recovery") == "cn-north-4a");
  CHECK(changed(outcome));
}

void check_refused(Rehearsal& world, const runs::ScriptRun::Outcome& outcome, const char* why) {
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kPrecondition);
  CHECK_THAT(outcome.error->message, Catch::Contains(why));
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kPreflight);
  CHECK(world.arrived(kVerb) == 0);
}

std::string fault(const std::string& operation, const std::string& rest) {
  return R"({"operation":")" + operation + R"(",)" + rest + "}";
}

}  // namespace

TEST_CASE("failover moves production with one request, verifies it and says what is unprotected") {
  Rehearsal world;
  check_moved(world.run("failover", kDemo));
  CHECK(world.arrived(kVerb) == 1);
  CHECK(world.op.questions ==
        std::vector<std::string>{"Fail group demo over from cn-north-4a to cn-north-4b?"});
  CHECK(world.op.texts("step_started", "name") ==
        "find the group\ncheck that it can fail over\nfail over\nverify\n");
  CHECK(world.op.count("step_done") == 4);
  CHECK(world.op.count("step_failed") == 0);
  const std::string notes = world.op.texts("note", "text");
  CHECK_THAT(notes, Catch::Contains("UNPROTECTED now: 3 instances and 5 pairs"));
  CHECK_THAT(notes, Catch::Contains("neap run reprotect --group demo"));
  CHECK_THAT(notes, Catch::Contains("neap run failback --group demo"));
  CHECK(world.op.texts("job_started", "operation") == std::string(kVerb) + "\n");
}

TEST_CASE("a group is found by its id as well") {
  Rehearsal world;
  const auto by_name = world.run("failover", kDemo);
  check_moved(by_name);
  const auto again = world.run("failover", {"--group", result_text(by_name, "group")});
  REQUIRE_FALSE(again.error);
  CHECK_FALSE(changed(again));
}

TEST_CASE("a group that is failed over already is reported, and nothing is sent") {
  Rehearsal world;
  check_moved(world.run("failover", kDemo));
  world.op.questions.clear();
  const auto again = world.run("failover", kDemo);
  CHECK(Rehearsal::exit_code(again) == ExitCode::kDone);
  CHECK(result_text(again, "status") == "failed-over");
  CHECK(result_text(again, "production") == "cn-north-4b");
  CHECK_FALSE(changed(again));
  CHECK(world.arrived(kVerb) == 1);
  CHECK(world.op.questions.empty());
}

TEST_CASE("a group in any status that does not allow it is refused before anything is sent") {
  std::size_t refused = 0;
  for (const std::string_view status : cloud::statuses("server_group")) {
    if (status == "protected" || status == "failed-over" || status == "error-failing-over" ||
        status == "error-reversing") {
      continue;
    }
    INFO(status);
    Rehearsal world;
    world.set_demo(R"({"status":")" + std::string(status) + R"("})");
    check_refused(world, world.run("failover", kDemo), std::string(status).c_str());
    CHECK(world.op.questions.empty());
    ++refused;
  }
  CHECK(refused >= 10);
}

TEST_CASE("a failover that failed before may be tried again") {
  for (const char* status : {"error-failing-over", "error-reversing"}) {
    INFO(status);
    Rehearsal world;
    world.set_demo(R"({"status":")" + std::string(status) + R"("})");
    check_moved(world.run("failover", kDemo));
  }
}

TEST_CASE("a broken replication link stops it in preflight") {
  Rehearsal world;
  world.set_demo(R"({"fault_level":"5"})");
  check_refused(world, world.run("failover", kDemo), "fault_level 5");
}

TEST_CASE("lost production disks are what failover is for: it is advised, and works") {
  Rehearsal world;
  world.set_demo(R"({"fault_level":"2"})");
  check_moved(world.run("failover", kDemo));
  CHECK_THAT(world.op.texts("note", "text"), Catch::Contains("5 of 5 pairs have lost their "
                                                             "production disk"));
}

TEST_CASE("a group without pairs has nothing to fail over to") {
  Rehearsal world;
  world.admin(http::Method::kPost, "/groups", R"({"name":"empty"})");
  check_refused(world, world.run("failover", {"--group", "empty"}), "no replication pairs");
}

TEST_CASE("an unknown group is not_found, a name that two carry is a conflict") {
  Rehearsal world;
  const auto unknown = world.run("failover", {"--group", "demoo"});
  REQUIRE(unknown.error);
  CHECK(unknown.error->kind == ErrorKind::kNotFound);
  world.admin(http::Method::kPost, "/groups", R"({"name":"demo"})");
  const auto ambiguous = world.run("failover", kDemo);
  REQUIRE(ambiguous.error);
  CHECK(ambiguous.error->kind == ErrorKind::kConflict);
  CHECK(world.arrived(kVerb) == 0);
}

TEST_CASE("an operator who says no ends it with nothing sent") {
  Rehearsal world;
  world.op.answer = Answer{false, "anna", "not today"};
  check_refused(world, world.run("failover", kDemo), "not confirmed");
  CHECK(world.op.questions.size() == 1);
}

TEST_CASE("a job that fails is reported with the platform's code, and the run fails") {
  Rehearsal world;
  world.plant(fault(kVerb, R"("kind":"job_fail","code":"SDRS.1816","message":"storage is away")"));
  const auto outcome = world.run("failover", kDemo);
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kJobFailed);
  CHECK(outcome.error->code == "SDRS.1816");
  CHECK_FALSE(outcome.error->job_id.empty());
  CHECK_THAT(outcome.error->message, Catch::Contains("storage is away"));
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kFailed);
  CHECK(world.op.count("step_failed") == 1);
}

TEST_CASE("a job that succeeded without moving the group is caught, and is no preflight refusal") {
  for (const char* undone : {R"({"status":"protected","priority_station":"source"})",
                             R"({"status":"failed-over","priority_station":"source"})",
                             R"({"status":"error-failing-over","priority_station":"target"})"}) {
    INFO(undone);
    Rehearsal world;
    world.op.on_event = [&](const test::RecordingOperator::Event& event) {
      const bool verifying = event.name == "step_started" && event.fields.text("name") == "verify";
      if (verifying) world.set_demo(undone);
    };
    const auto outcome = world.run("failover", kDemo);
    REQUIRE(outcome.error);
    CHECK_THAT(outcome.error->message, Catch::Contains("the job succeeded, but"));
    CHECK(Rehearsal::exit_code(outcome) == ExitCode::kFailed);
  }
}

TEST_CASE("a failover whose answer is lost is found under way, and was sent exactly once") {
  for (const char* kind : {R"("kind":"drop_after")", R"("kind":"truncate")", R"("kind":"bad_json")",
                           R"("kind":"delay","seconds":60)"}) {
    INFO(kind);
    Rehearsal world;
    world.plant(fault(kVerb, kind));
    check_moved(world.run("failover", kDemo));
    CHECK(world.arrived(kVerb) == 1);
    CHECK(world.op.count("effect_in_doubt") > 0);
    CHECK(world.world->loop().now() < 15min);
  }
}

TEST_CASE("a failover that did nothing is sent again, once it can take effect no more") {
  for (const char* kind : {R"("kind":"drop_before")", R"("kind":"status","status":500)",
                           R"("kind":"status","status":502)", R"("kind":"status","status":503)",
                           R"("kind":"status","status":504)"}) {
    INFO(kind);
    Rehearsal world;
    world.plant(fault(kVerb, kind));
    check_moved(world.run("failover", kDemo));
    CHECK(world.arrived(kVerb) == 2);
    CHECK(world.world->loop().now() > 15min);
  }
}

TEST_CASE("a documented refusal of the failover is no doubt") {
  Rehearsal world;
  world.plant(fault(kVerb, R"("kind":"status","status":400,"code":"SDRS.1002")"));
  const auto outcome = world.run("failover", kDemo);
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kConflict);
  CHECK(outcome.error->code == "SDRS.1002");
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kFailed);
  CHECK(world.arrived(kVerb) == 1);
}

TEST_CASE("a failover that is throttled did nothing, and is sent again when there is room") {
  Rehearsal world;
  world.plant(fault(kVerb, R"("kind":"throttle","count":2)"));
  check_moved(world.run("failover", kDemo));
  CHECK(world.arrived(kVerb) == 3);
  CHECK(world.world->loop().now() < 15min);
}

TEST_CASE("reads that fail for a while are tried again, and the failover is sent once") {
  for (const char* operation :
       {"list_protection_groups", "show_protection_group", "list_replications",
        "list_protected_instances", "show_job_status"}) {
    for (const char* kind :
         {R"("kind":"status","status":503,"count":2)", R"("kind":"throttle","count":2)",
          R"("kind":"drop_before","count":2)", R"("kind":"truncate","count":1)"}) {
      const bool spoilt = std::string_view(kind).find("truncate") != std::string_view::npos;
      // A body that is cut short is not retried, except by who polls.
      if (spoilt && std::string_view(operation) != "show_job_status") continue;
      INFO(operation << " " << kind);
      Rehearsal world;
      world.plant(fault(operation, kind));
      check_moved(world.run("failover", kDemo));
      CHECK(world.arrived(kVerb) == 1);
    }
  }
}

TEST_CASE("a job that never ends is given up on after --timeout, with exit 5 and its id") {
  Rehearsal world;
  world.plant(fault(kVerb, R"("kind":"stuck_job")"));
  const auto outcome = world.run("failover", {"--group", "demo", "--timeout", "10m"});
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kTimeout);
  CHECK_FALSE(outcome.error->job_id.empty());
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kGaveUp);
  CHECK(world.world->loop().now() < 11min);
}

TEST_CASE("--reprotect goes on to protect the data again once the old servers are off") {
  Rehearsal world;
  world.power_demo("SHUTOFF");
  check_moved(world.run("failover", kReprotect), "protected");
  CHECK(world.arrived(kVerb) == 1);
  CHECK(world.arrived("start_protection_group") == 1);
  CHECK_THAT(world.op.texts("note", "text"), Catch::Contains("group demo is protected again"));
}

TEST_CASE(
    "--reprotect with the old servers running fails after the failover, and can go on later") {
  Rehearsal world;
  const auto outcome = world.run("failover", kReprotect);
  REQUIRE(outcome.error);
  CHECK(outcome.error->code == "SDRS.1342");
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kFailed);
  world.power_demo("SHUTOFF");
  world.op.questions.clear();
  check_moved(world.run("failover", kReprotect), "protected");
  CHECK(world.arrived(kVerb) == 1);
  CHECK(world.op.questions ==
        std::vector<std::string>{"Protect group demo again, from cn-north-4b to cn-north-4a?"});
}

TEST_CASE("an operator who stops the run keeps the answer of the failover that is under way") {
  Rehearsal world;
  world.plant(fault(kVerb, R"("kind":"delay","seconds":20)"));
  world.op.on_event = [&](const test::RecordingOperator::Event& event) {
    if (event.name != "effect_sent") return;
    world.world->loop().post([&] {
      if (world.running != nullptr) world.running->stop();
    });
  };
  const auto outcome = world.run("failover", kDemo);
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kCancelled);
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kInterrupted);
  CHECK(world.op.count("job_started") == 1);
  CHECK(world.arrived(kVerb) == 1);
}

TEST_CASE("the same seed fails over in the same time, with the same jobs") {
  const auto trace = [](std::uint64_t seed) {
    Rehearsal world(seed);
    check_moved(world.run("failover", kDemo));
    return world.op.texts("job_progress", "job_id") + world.op.texts("note", "text") +
           std::to_string(world.world->loop().now().count());
  };
  for (std::uint64_t seed = 1; seed <= 5; ++seed) CHECK(trace(seed) == trace(seed));
  CHECK(trace(1) != trace(2));
}
