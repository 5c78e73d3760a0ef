// The bundled remove_group: everything of a group goes, and never a production server.
#include "cloud/catalog.h"
#include "unit/runbooks/checks.h"

using namespace neap;
using namespace neap::test;
using app::ExitCode;

namespace {

const std::vector<std::string> kDemo = {"--group", "demo"};
constexpr const char* kStop = "stop_protection_group";
constexpr const char* kInstances = "batch_delete_protected_instances";
constexpr const char* kPair = "delete_replication";
constexpr const char* kGroup = "delete_protection_group";

std::size_t rows(Rehearsal& world, const std::string& store) {
  const json::Document state = world.admin(http::Method::kGet, "/state");
  std::size_t count = 0;
  while (state.has("/" + store + "/" + std::to_string(count))) ++count;
  return count;
}

std::size_t sent(Rehearsal& world) {
  return world.arrived(kStop) + world.arrived(kInstances) + world.arrived(kPair) +
         world.arrived(kGroup);
}

// Of the group nothing is left but servers: three of production, and as many DR servers.
void check_gone(Rehearsal& world, const Outcome& outcome, std::size_t servers = 3 + 3 + 4) {
  INFO((outcome.error ? describe(*outcome.error) : ""));
  REQUIRE_FALSE(outcome.error);
  CHECK(changed(outcome));
  CHECK(result_text(outcome, "name") == "demo");
  CHECK(rows(world, "groups") == 0);
  CHECK(rows(world, "instances") == 0);
  CHECK(rows(world, "replications") == 0);
  CHECK(rows(world, "servers") == servers);
}

}  // namespace

TEST_CASE("remove_group takes a group away in order, and names everything before") {
  Rehearsal world;
  check_gone(world, world.run("remove_group", kDemo));
  CHECK(sent(world) == 3);
  REQUIRE(world.op.questions.size() == 1);
  for (const char* named :
       {"Remove group demo (", "with 3 instances: demo-server-1, demo-server-2 and demo-server-3",
        "5 pairs: demo-disk-1", "demo-disk-5", "Their DR servers and DR disks stay",
        "production servers stay"}) {
    CHECK_THAT(world.op.questions[0], Catch::Contains(named));
  }
  CHECK(world.op.texts("step_started", "name") ==
        "find the group\ncheck what is there to be removed\nstop protection\n"
        "delete the instances\ndelete the group\nverify that the production servers are there\n");
  CHECK_THAT(notes(world), Catch::Contains("UNPROTECTED: 3 production servers"));
  CHECK_THAT(notes(world), Catch::Contains("stay, and go on costing"));
}

TEST_CASE("with --delete-dr the DR servers go as well, and say so in the question") {
  Rehearsal world;
  check_gone(world, world.run("remove_group", {"--group", "demo", "--delete-dr"}), 3 + 4);
  CHECK_THAT(world.op.questions[0],
             Catch::Contains("DR servers and DR disks are DELETED with all data"));
}

TEST_CASE("remove_group and create_group are each other's way back, as their reports spell it") {
  Rehearsal world;
  check_done(
      world.run("create_group", {"--name", "fresh", "--servers", "spare-1,spare-2", "--wait"}),
      "protected", "cn-north-4a");
  REQUIRE_FALSE(world.run("remove_group", {"--group", "fresh"}).error);
  const std::string told = notes(world);
  const std::string flag = "create_group --name fresh --servers ";
  const std::size_t begin = told.rfind(flag) + flag.size();
  const std::string servers = told.substr(begin, told.find('\n', begin) - begin);
  // The DR servers that were left have the same names; the ids tell which are meant.
  check_done(world.run("create_group", {"--name", "fresh", "--servers", servers}), "protected",
             "cn-north-4a");
}

TEST_CASE("pairs that are attached to nothing are deleted by themselves") {
  Rehearsal world;
  world.admin(http::Method::kPost, "/groups", R"({"name":"disks","pairs":2})");
  const auto outcome = world.run("remove_group", {"--group", "disks"});
  INFO((outcome.error ? describe(*outcome.error) : ""));
  REQUIRE_FALSE(outcome.error);
  CHECK(world.arrived(kPair) == 2);
  CHECK(world.arrived(kInstances) == 0);
  CHECK(rows(world, "groups") == 1);
}

TEST_CASE("an unprotected, failed-over or empty group is removed without being stopped") {
  for (const char* fields :
       {R"({"status":"available"})", R"({"status":"failed-over","priority_station":"target"})",
        R"({"status":"error-starting"})"}) {
    INFO(fields);
    Rehearsal world;
    world.set_demo(fields);
    check_gone(world, world.run("remove_group", kDemo));
    CHECK(world.arrived(kStop) == 0);
  }
  Rehearsal world;
  world.admin(http::Method::kPost, "/groups", R"({"name":"empty","status":"available"})");
  REQUIRE_FALSE(world.run("remove_group", {"--group", "empty"}).error);
  CHECK(sent(world) == 1);
}

TEST_CASE("DR servers are not deleted while production is on them") {
  Rehearsal world;
  world.set_demo(R"({"status":"failed-over","priority_station":"target"})");
  check_refused(world.run("remove_group", {"--group", "demo", "--delete-dr"}), "SDRS.1330");
  CHECK(sent(world) == 0);
}

TEST_CASE("a group that is busy, synchronising or has drills is not removed") {
  std::size_t refused = 0;
  for (const std::string_view status : cloud::statuses("server_group")) {
    if (!status.ends_with("ing") && status != "failing-over") continue;
    if (status.starts_with("error")) continue;
    INFO(status);
    Rehearsal world;
    world.set_demo(R"({"status":")" + std::string(status) + R"("})");
    check_refused(world.run("remove_group", kDemo), std::string(status).c_str());
    CHECK(sent(world) == 0);
    ++refused;
  }
  CHECK(refused >= 6);
  Rehearsal world;
  world.set_demo(R"({"status":"available"})");
  check_done(world.run("start_protection", kDemo), "protected", "cn-north-4a");
  check_refused(world.run("remove_group", kDemo), "SDRS.1830");
  check_done(world.run("start_protection", {"--group", "demo", "--wait"}), "protected",
             "cn-north-4a");
  const runs::Script script{.name = "drill", .source = R"(return { name = "drill", summary = "One",
      needs = { "sdrs:list_protection_groups", "sdrs:create_disaster_recovery_drill",
        "sdrs:show_job_status" },
      run = function() sdrs.groups:find("demo").drills:create { name = "fire" }:wait() end })"};
  const auto drilled = world.run(script, {});
  INFO((drilled.error ? describe(*drilled.error) : ""));
  REQUIRE_FALSE(drilled.error);
  const auto outcome = world.run("remove_group", kDemo);
  check_refused(outcome, "group demo has 1 drills: fire");
  CHECK(sent(world) == 0);
}

TEST_CASE("wrong parameters of remove_group, and an operator's no, remove nothing") {
  Rehearsal world;
  check_failed(world.run("remove_group", {}), ErrorKind::kUsage);
  check_failed(world.run("remove_group", {"--group", "demo", "--delete-production"}),
               ErrorKind::kUsage);
  const auto unknown = world.run("remove_group", {"--group", "demoo"});
  check_failed(unknown, ErrorKind::kNotFound);
  CHECK_THAT(unknown.error->message, Catch::Contains("demo"));
  world.op.answer = Answer{false, "anna", "not today"};
  check_refused(world.run("remove_group", kDemo), "not confirmed");
  CHECK(sent(world) == 0);
}

TEST_CASE("each step of a removal that fails is told, and run again it removes the rest") {
  for (const char* operation : {kStop, kInstances, kGroup}) {
    INFO(operation);
    Rehearsal world;
    world.plant(fault(operation, R"("kind":"job_fail","message":"storage is away")"));
    const auto failed = world.run("remove_group", kDemo);
    check_failed(failed, ErrorKind::kJobFailed);
    CHECK_THAT(failed.error->hint, Catch::Contains("run this again"));
    check_gone(world, world.run("remove_group", kDemo));
    // From error-stopping everything can be deleted, so that it is not stopped again.
    CHECK(world.arrived(operation) == (operation == kStop ? 1 : 2));
  }
}

TEST_CASE("whichever answer of a removal is lost, the group is gone in the end") {
  for (const char* operation : {kStop, kInstances, kGroup}) {
    for (const std::string& kind : kLostAnswers) {
      INFO(operation << " " << kind);
      Rehearsal world;
      world.plant(fault(operation, kind));
      check_gone(world, world.run("remove_group", kDemo));
    }
    for (const std::string& kind : kLostCalls) {
      INFO(operation << " " << kind);
      Rehearsal world;
      world.plant(fault(operation, kind));
      check_gone(world, world.run("remove_group", kDemo));
      CHECK(world.arrived(operation) == 2);
    }
  }
}

TEST_CASE("a removal that was given up is gone on with, also while its jobs still run") {
  Rehearsal world;
  check_failed(world.run("remove_group", {"--group", "demo", "--timeout", "20s"}),
               ErrorKind::kTimeout);
  CHECK(world.arrived(kInstances) == 1);
  check_gone(world, world.run("remove_group", kDemo));
  CHECK(world.arrived(kInstances) == 1);
}

TEST_CASE("a removal that never ends is given up on with exit 5, and a throttled one goes on") {
  Rehearsal world;
  world.plant(fault(kStop, R"("kind":"throttle","count":2)"));
  world.plant(fault(kGroup, R"("kind":"stuck_job")"));
  const auto stuck = world.run("remove_group", {"--group", "demo", "--timeout", "10m"});
  check_failed(stuck, ErrorKind::kTimeout);
  CHECK(Rehearsal::exit_code(stuck) == ExitCode::kGaveUp);
  CHECK(world.arrived(kStop) == 3);
}
