// The bundled drill: whatever goes wrong, nothing of it is left.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "support/runbook_outcome.h"
#include "support/temporary_directory.h"

using namespace neap;
using namespace neap::app;
using namespace std::chrono_literals;
using test::check_done;
using test::check_failed;
using test::fault;
using test::Rehearsal;
using test::result_of;

namespace {

const std::vector<std::string> kDemo = {"--group", "demo"};
constexpr const char* kCreate = "create_disaster_recovery_drill";
constexpr const char* kDelete = "delete_disaster_recovery_drill";

// The names of all drills that there are now, and the state of each.
std::string drills(Rehearsal& world) {
  const runs::ScriptRun::Outcome outcome = world.run(runs::typed_script(R"(
    local names = {}
    for drill in sdrs.drills:each() do names[#names + 1] = drill.name .. " " .. drill.status end
    return table.concat(names, ", "))"),
                                                     {});
  const auto* text = outcome.value.as<std::string>();
  return text != nullptr ? *text : "?";
}

void make_drill(Rehearsal& world, const std::string& name) {
  const auto made = world.run(runs::typed_script(R"(
    local group = sdrs.groups:find("demo")
    sdrs.drills:create({ server_group_id = group.id, name = ")" +
                                                 name + R"(" }):wait())"),
                              {});
  REQUIRE_FALSE(made.error);
}

// Answers yes until a step begins, then no.
void refuse_from(Rehearsal& world, const char* step) {
  world.op.on_event = [&world, step](const test::RecordingOperator::Event& event) {
    if (event.name == "step_started" && event.fields.text("name") == step) {
      world.op.answer = Answer{false, "anna", "the shop is empty"};
    }
  };
}

// A check of the operator's own, in the directory where the test stands meanwhile.
class OwnCheck {
 public:
  explicit OwnCheck(const std::string& source) : before_(std::filesystem::current_path()) {
    std::filesystem::create_directory(directory_ / "checks");
    std::ofstream(directory_ / "checks/shop.lua") << source;
    std::filesystem::current_path(directory_.path());
  }
  ~OwnCheck() { std::filesystem::current_path(before_); }
  OwnCheck(const OwnCheck&) = delete;
  OwnCheck& operator=(const OwnCheck&) = delete;

 private:
  test::TemporaryDirectory directory_;
  std::filesystem::path before_;
};

const std::vector<std::string> kChecked = {"--group", "demo", "--verify", "checks/shop.lua"};

}  // namespace

TEST_CASE("a drill starts a server for each instance, is looked at, and is gone afterwards") {
  Rehearsal world;
  const auto outcome = world.run("drill", kDemo);
  check_done(outcome, true);
  CHECK(result_of(outcome).text("name") == "demo-drill");
  CHECK(world.arrived(kCreate) == 1);
  CHECK(world.arrived(kDelete) == 1);
  CHECK(drills(world).empty());
  REQUIRE(world.op.questions.size() == 2);
  CHECK_THAT(world.op.questions[1], Catch::Contains("demo-drill is up with 3 servers"));
  CHECK_THAT(world.op.texts("note", "text"), Catch::Contains("the drill passed: servers up after"));
}

TEST_CASE("the operator's own check is given the drill and its servers, and its word is reported") {
  const OwnCheck check(R"(return function(drill, servers, ctx)
    for _, server in ipairs(servers) do ctx:log("%s %s", drill.status, server.status) end
    return #servers .. " servers answer"
  end)");
  Rehearsal world;
  const auto outcome = world.run("drill", kChecked);
  check_done(outcome, true);
  CHECK(result_of(outcome).text("verdict") == "3 servers answer");
  CHECK_THAT(world.op.texts("note", "text"), Catch::Contains("available ACTIVE"));
  CHECK(world.op.questions.size() == 1);
}

TEST_CASE("a check that fails fails the run, and the drill is deleted all the same") {
  for (const char* source : {R"(return function() return false, "no login" end)",
                             R"(return function() error("no login") end)",
                             R"(return function(_, _, ctx) ctx:check(false, "no login") end)"}) {
    INFO(source);
    const OwnCheck check(source);
    Rehearsal world;
    const auto outcome = world.run("drill", kChecked);
    REQUIRE(outcome.error);
    CHECK_THAT(outcome.error->message, Catch::Contains("no login"));
    CHECK(drills(world).empty());
  }
}

TEST_CASE("a check that cannot be used is refused before anything is sent") {
  const OwnCheck check("return 5");
  Rehearsal world;
  check_failed(world.run("drill", kChecked), ErrorKind::kUsage,
               "returned a number, not a function");
  check_failed(world.run("drill", {"--group", "demo", "--verify", "nowhere.lua"}),
               ErrorKind::kNotFound, "nowhere");
  check_failed(world.run("drill", {"--group", "demo", "--verify", "../shop.lua"}),
               ErrorKind::kUsage, "not below the current directory");
  CHECK(world.arrived(kCreate) == 0);
}

TEST_CASE("an operator who finds the servers wanting fails the drill") {
  Rehearsal world;
  refuse_from(world, "check the drill");
  const auto outcome = world.run("drill", kDemo);
  check_failed(outcome, ErrorKind::kConflict, "the shop is empty");
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kFailed);
  CHECK(drills(world).empty());
}

TEST_CASE("an operator who says no at first starts nothing") {
  Rehearsal world;
  world.op.answer = Answer{false, "anna", "not today"};
  check_failed(world.run("drill", kDemo), ErrorKind::kPrecondition, "not confirmed");
  CHECK(world.arrived(kCreate) == 0);
  CHECK(world.arrived(kDelete) == 0);
}

TEST_CASE("a drill of that name that is there already is refused, used, or removed") {
  Rehearsal world;
  make_drill(world, "demo-drill");
  check_failed(world.run("drill", kDemo), ErrorKind::kPrecondition, "--reuse");
  CHECK(drills(world) == "demo-drill available");
  check_done(world.run("drill", {"--group", "demo", "--reuse"}), true);
  CHECK(world.arrived(kCreate) == 1);
  CHECK(drills(world).empty());
  make_drill(world, "demo-drill");
  make_drill(world, "demo-drill-2");
  check_done(world.run("drill", {"--group", "demo", "--remove"}), true);
  check_done(world.run("drill", {"--group", "demo", "--remove"}), false);
  CHECK(drills(world) == "demo-drill-2 available");
}

TEST_CASE("a group that cannot be drilled is refused before anything is sent") {
  Rehearsal world;
  world.set_demo(R"({"status":"starting"})");
  check_failed(world.run("drill", kDemo), ErrorKind::kPrecondition, "is starting");
  world.admin(http::Method::kPost, "/groups", R"({"name":"empty"})");
  check_failed(world.run("drill", {"--group", "empty"}), ErrorKind::kPrecondition,
               "no protected instances");
  check_failed(world.run("drill", {"--group", "demoo"}), ErrorKind::kNotFound, "demo");
  CHECK(world.arrived(kCreate) == 0);
}

TEST_CASE("a drill in the group's own VPC is refused") {
  Rehearsal world;
  const auto vpc =
      world.run(runs::typed_script("return sdrs.groups:find(\"demo\").source_vpc_id"), {});
  check_failed(world.run("drill", {"--group", "demo", "--vpc", *vpc.value.as<std::string>()}),
               ErrorKind::kPrecondition, "SDRS.1907");
  check_failed(world.run("drill", {"--group", "demo", "--vpc", "nonsense"}), ErrorKind::kUsage,
               "is no id");
  CHECK(world.arrived(kCreate) == 0);
}

TEST_CASE("a drill that fails to start is deleted, and the platform's code is told") {
  Rehearsal world;
  world.plant(fault(kCreate, R"("kind":"job_fail","code":"SDRS.1922","message":"no capacity")"));
  const auto outcome = world.run("drill", kDemo);
  check_failed(outcome, ErrorKind::kJobFailed, "no capacity");
  CHECK(outcome.error->code == "SDRS.1922");
  CHECK(drills(world).empty());
}

TEST_CASE("a deletion that fails is tried again at the end, and told") {
  Rehearsal world;
  world.plant(fault(kDelete, R"("kind":"job_fail","message":"a disk is busy")"));
  check_failed(world.run("drill", kDemo), ErrorKind::kJobFailed, "a disk is busy");
  CHECK(world.arrived(kDelete) == 2);
  CHECK(drills(world).empty());
}

// Names of drills need not be unique, so nothing proves whose drill it is that is there now.
TEST_CASE("a drill whose answer is lost is in doubt, was sent once, and does not stay behind") {
  for (const char* kind :
       {R"("kind":"drop_after")", R"("kind":"truncate")", R"("kind":"bad_json")"}) {
    INFO(kind);
    Rehearsal world;
    world.plant(fault(kCreate, kind));
    check_failed(world.run("drill", kDemo), ErrorKind::kInDoubt, "drill");
    CHECK(world.arrived(kCreate) == 1);
    CHECK(drills(world).empty());
  }
}

TEST_CASE("a deletion whose answer is lost is found under way, and was sent exactly once") {
  for (const char* kind :
       {R"("kind":"drop_after")", R"("kind":"truncate")", R"("kind":"delay","seconds":60)"}) {
    INFO(kind);
    Rehearsal world;
    world.plant(fault(kDelete, kind));
    check_done(world.run("drill", kDemo), true);
    CHECK(world.arrived(kDelete) == 1);
    CHECK(drills(world).empty());
  }
}

TEST_CASE("a drill that did not start is asked for again, once it can take effect no more") {
  for (const char* kind : {R"("kind":"drop_before")", R"("kind":"status","status":503)"}) {
    INFO(kind);
    Rehearsal world;
    world.plant(fault(kCreate, kind));
    check_done(world.run("drill", kDemo), true);
    CHECK(world.arrived(kCreate) == 2);
    CHECK(world.world->loop().now() > 15min);
    CHECK(drills(world).empty());
  }
}

TEST_CASE("a drill that the platform refuses leaves nothing to clean up") {
  Rehearsal world;
  world.plant(fault(kCreate, R"("kind":"status","status":400,"code":"SDRS.1929")"));
  const auto outcome = world.run("drill", kDemo);
  REQUIRE(outcome.error);
  CHECK(outcome.error->code == "SDRS.1929");
  CHECK(world.arrived(kDelete) == 0);
}

TEST_CASE("a drill that never gets ready is given up on, and what could not be deleted is told") {
  Rehearsal world;
  world.plant(fault(kCreate, R"("kind":"stuck_job")"));
  const auto outcome = world.run("drill", {"--group", "demo", "--timeout", "10m"});
  check_failed(outcome, ErrorKind::kTimeout, "");
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kGaveUp);
  CHECK(world.op.count("cleanup_failed") == 1);
  CHECK(world.arrived(kCreate) == 1);
}

TEST_CASE("reads of a drill that fail for a while are tried again") {
  for (const char* operation :
       {"list_disaster_recovery_drills", "show_disaster_recovery_drill", "show_server"}) {
    for (const char* kind : {R"("kind":"status","status":503,"count":2)", R"("kind":"throttle")",
                             R"("kind":"drop_before","count":2)"}) {
      INFO(operation << " " << kind);
      Rehearsal world;
      world.plant(fault(operation, kind));
      check_done(world.run("drill", kDemo), true);
      CHECK(world.arrived(kCreate) == 1);
      CHECK(drills(world).empty());
    }
  }
}
