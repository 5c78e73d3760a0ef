// The bundled resizing: each of the documented ways, and what stands in the way.
#include <catch2/catch.hpp>

#include "support/runbook_outcome.h"

using namespace neap;
using namespace neap::app;
using test::check_done;
using test::check_failed;
using test::fault;
using test::Rehearsal;

namespace {

constexpr const char* kResize = "resize_protected_instance";
constexpr const char* kStop = "batch_stop_servers";
constexpr const char* kStart = "batch_start_servers";

using Words = std::vector<std::string>;

Words demo(const Words& more) {
  Words words{"--instance", "demo-server-1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

const Words kBoth = demo({"--flavor", "s3.xlarge.2"});
const Words kPowered = demo({"--flavor", "s3.xlarge.2", "--power"});

// What a line of Lua with the servers of demo-server-1 gives.
std::string ask(Rehearsal& world, const std::string& expression) {
  const auto outcome = world.run(runs::typed_script(R"(
    local instance = sdrs.instances:find("demo-server-1")
    local production = ecs.servers:get(instance.source_server)
    local dr = ecs.servers:get(instance.target_server)
    return )" + expression),
                                 {});
  INFO((outcome.error ? describe(*outcome.error) : ""));
  REQUIRE_FALSE(outcome.error);
  const auto* text = outcome.value.as<std::string>();
  return text != nullptr ? *text : "?";
}

std::string flavors(Rehearsal& world) {
  return ask(world, R"(production.flavor.id .. " " .. dr.flavor.id)");
}

std::string states(Rehearsal& world) {
  return ask(world, R"(production.status .. " " .. dr.status)");
}

void put_on_host(Rehearsal& world, const char* server, const std::string& host) {
  world.admin(http::Method::kPost, "/servers/" + ask(world, std::string(server) + ".id") + "/set",
              R"({"dedicated_host_id":")" + host + R"("})");
}

// The id of the dedicated host in the first zone, or in the second.
std::string host(Rehearsal& world, int index) {
  const auto hosts = world.admin(http::Method::kGet, "/dedicated-hosts");
  return std::string(hosts.text("/dedicated_hosts/" + std::to_string(index) + "/id").value_or("?"));
}

}  // namespace

TEST_CASE("both servers, either one, or each with its own flavor: the documented examples") {
  struct Example {
    Words words;
    std::string flavors;
  };
  const Example examples[] = {
      {{"--flavor", "s3.xlarge.2"}, "s3.xlarge.2 s3.xlarge.2"},
      {{"--production-flavor", "s3.medium.2", "--dr-flavor", "s3.xlarge.2"},
       "s3.medium.2 s3.xlarge.2"},
      {{"--production-flavor", "s3.xlarge.2"}, "s3.xlarge.2 s3.large.2"},
      {{"--dr-flavor", "s3.xlarge.2"}, "s3.large.2 s3.xlarge.2"},
  };
  for (const Example& example : examples) {
    INFO(example.flavors);
    Rehearsal world;
    world.power_demo("SHUTOFF");
    check_done(world.run("resize", demo(example.words)), true);
    CHECK(flavors(world) == example.flavors);
    CHECK(world.arrived(kResize) == 1);
    CHECK(world.arrived(kStop) == 0);
    CHECK(states(world) == "SHUTOFF SHUTOFF");
    CHECK_THAT(world.op.texts("note", "text"), Catch::Contains("the way back: neap run resize"));
  }
}

TEST_CASE("servers on dedicated hosts are resized with the host that is named") {
  for (const bool is_production : {true, false}) {
    INFO(is_production);
    Rehearsal world;
    world.power_demo("SHUTOFF");
    const std::string id = host(world, is_production ? 0 : 1);
    put_on_host(world, is_production ? "production" : "dr", id);
    const std::string side = is_production ? "--production-" : "--dr-";
    const auto refused = world.run("resize", demo({side + "flavor", "s3.xlarge.2"}));
    REQUIRE(refused.error);
    CHECK(refused.error->code == (is_production ? "SDRS.1370" : "SDRS.1369"));
    check_done(world.run("resize", demo({side + "flavor", "s3.xlarge.2", side + "host", id})),
               true);
    CHECK(flavors(world) == (is_production ? "s3.xlarge.2 s3.large.2" : "s3.large.2 s3.xlarge.2"));
  }
}

TEST_CASE("a server that has the flavor already is left alone") {
  Rehearsal world;
  check_done(world.run("resize", demo({"--flavor", "s3.large.2"})), false);
  CHECK(world.arrived(kResize) == 0);
  world.power_demo("SHUTOFF");
  check_done(world.run("resize", demo({"--dr-flavor", "s3.xlarge.2"})), true);
  check_done(world.run("resize", kBoth), true);
  CHECK(flavors(world) == "s3.xlarge.2 s3.xlarge.2");
  CHECK(world.op.questions.back() == "Resize demo-server-1: production s3.large.2 -> s3.xlarge.2?");
  check_done(world.run("resize", kBoth), false);
  CHECK(world.arrived(kResize) == 2);
}

TEST_CASE("words that do not go together are refused before anything is sent") {
  Rehearsal world;
  check_failed(world.run("resize", demo({})), ErrorKind::kUsage, "no flavor is given");
  check_failed(world.run("resize", demo({"--flavor", "a", "--dr-flavor", "b"})), ErrorKind::kUsage,
               "--flavor is for both servers");
  check_failed(world.run("resize", demo({"--dr-flavor", "b", "--production-host", "c"})),
               ErrorKind::kUsage, "no flavor for that server");
  check_failed(world.run("resize", {"--instance", "demo-server-9", "--flavor", "s3.xlarge.2"}),
               ErrorKind::kNotFound, "demo-server");
  check_failed(world.run("resize", {"--group", "demo", "--instance", "nobody", "--flavor", "x"}),
               ErrorKind::kNotFound, "nobody");
  CHECK(world.arrived(kResize) == 0);
}

TEST_CASE("a flavor that is unknown or not to be had is refused with those that are") {
  Rehearsal world;
  check_failed(world.run("resize", demo({"--flavor", "z9.large"})), ErrorKind::kPrecondition,
               "it can be to");
  check_failed(world.run("resize", demo({"--flavor", "s2.large.2"})), ErrorKind::kPrecondition,
               "sellout");
  CHECK(world.arrived(kResize) == 0);
}

TEST_CASE("a server paid by the month is refused") {
  Rehearsal world;
  world.admin(http::Method::kPost, "/servers/" + ask(world, "production.id") + "/set",
              R"({"charging_mode":"1"})");
  check_failed(world.run("resize", kBoth), ErrorKind::kPrecondition, "SDRS.1376");
  CHECK(world.arrived(kResize) == 0);
}

TEST_CASE("an instance or a group in another status is refused") {
  Rehearsal world;
  world.admin(http::Method::kPost, "/instances/demo-server-1/set", R"({"status":"attaching"})");
  check_failed(world.run("resize", kBoth), ErrorKind::kPrecondition, "is attaching");
  world.set_demo(R"({"status":"failed-over"})");
  check_failed(world.run("resize", kBoth), ErrorKind::kPrecondition, "is failed-over");
  CHECK(world.arrived(kResize) == 0);
}

TEST_CASE("running servers are refused, or powered off and on again with --power") {
  Rehearsal world;
  check_failed(world.run("resize", kBoth), ErrorKind::kPrecondition, "--power");
  CHECK(world.arrived(kStop) == 0);
  check_done(world.run("resize", kPowered), true);
  CHECK(flavors(world) == "s3.xlarge.2 s3.xlarge.2");
  CHECK(states(world) == "ACTIVE SHUTOFF");
  CHECK(world.arrived(kStop) == 1);
  CHECK(world.arrived(kStart) == 1);
}

TEST_CASE("an operator who says no to a resizing ends it with nothing sent") {
  Rehearsal world;
  world.op.answer = Answer{false, "anna", "not today"};
  check_failed(world.run("resize", kPowered), ErrorKind::kPrecondition, "not confirmed");
  CHECK(world.arrived(kStop) == 0);
  CHECK(world.arrived(kResize) == 0);
}

TEST_CASE("a resizing that fails powers the server on again and says what may be done") {
  Rehearsal world;
  world.plant(fault(kResize, R"("kind":"job_fail","code":"SDRS.1329","message":"no stock")"));
  const auto outcome = world.run("resize", kPowered);
  check_failed(outcome, ErrorKind::kJobFailed, "error-resizing it may be resized again");
  CHECK(outcome.error->code == "SDRS.1329");
  CHECK(states(world) == "ACTIVE SHUTOFF");
  check_done(world.run("resize", kPowered), true);
  CHECK(flavors(world) == "s3.xlarge.2 s3.xlarge.2");
}

TEST_CASE("a resizing whose answer is lost is found under way, and was sent exactly once") {
  for (const char* kind : {R"("kind":"drop_after")", R"("kind":"truncate")", R"("kind":"bad_json")",
                           R"("kind":"delay","seconds":60)"}) {
    INFO(kind);
    Rehearsal world;
    world.plant(fault(kResize, kind));
    check_done(world.run("resize", kPowered), true);
    CHECK(world.arrived(kResize) == 1);
    CHECK(flavors(world) == "s3.xlarge.2 s3.xlarge.2");
    CHECK(states(world) == "ACTIVE SHUTOFF");
  }
}

TEST_CASE("a resizing that did nothing is sent again, once it can take effect no more") {
  for (const char* kind : {R"("kind":"drop_before")", R"("kind":"status","status":502)"}) {
    INFO(kind);
    Rehearsal world;
    world.plant(fault(kResize, kind));
    check_done(world.run("resize", kPowered), true);
    CHECK(world.arrived(kResize) == 2);
  }
}

TEST_CASE("servers that cannot be powered off stop the resizing before it is sent") {
  Rehearsal world;
  world.plant(fault(kStop, R"("kind":"job_fail","message":"the guest hangs")"));
  check_failed(world.run("resize", kPowered), ErrorKind::kJobFailed, "still not SHUTOFF");
  CHECK(world.arrived(kResize) == 0);
}

TEST_CASE("a server that cannot be powered on again fails the run after the resizing") {
  Rehearsal world;
  world.plant(fault(kStart, R"("kind":"job_fail","message":"no host","count":2)"));
  check_failed(world.run("resize", kPowered), ErrorKind::kJobFailed, "still not ACTIVE");
  CHECK(flavors(world) == "s3.xlarge.2 s3.xlarge.2");
  CHECK(world.op.count("cleanup_failed") == 1);
}

TEST_CASE("a job that succeeded without a new flavor is caught") {
  Rehearsal world;
  world.power_demo("SHUTOFF");
  const std::string id = ask(world, "dr.id");
  world.op.on_event = [&](const test::RecordingOperator::Event& event) {
    if (event.name != "step_started" || event.fields.text("name") != "verify") return;
    world.admin(http::Method::kPost, "/servers/" + id + "/set", R"({"flavor":"s3.large.2"})");
  };
  check_failed(world.run("resize", kBoth), ErrorKind::kConflict, "still has flavor s3.large.2");
}

TEST_CASE("a resizing that never ends is given up on with exit 5 and its job") {
  Rehearsal world;
  world.power_demo("SHUTOFF");
  world.plant(fault(kResize, R"("kind":"stuck_job")"));
  const auto outcome = world.run("resize", demo({"--flavor", "s3.xlarge.2", "--timeout", "10m"}));
  check_failed(outcome, ErrorKind::kTimeout, "");
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kGaveUp);
}

TEST_CASE("reads that fail for a while do not stop a resizing") {
  for (const char* operation : {"list_protected_instances", "show_protected_instance",
                                "show_server", "list_resize_flavors"}) {
    for (const char* kind : {R"("kind":"status","status":503,"count":2)", R"("kind":"throttle")",
                             R"("kind":"drop_before","count":2)"}) {
      INFO(operation << " " << kind);
      Rehearsal world;
      world.plant(fault(operation, kind));
      check_done(world.run("resize", kPowered), true);
      CHECK(world.arrived(kResize) == 1);
    }
  }
}
