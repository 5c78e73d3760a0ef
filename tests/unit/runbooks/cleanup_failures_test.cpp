// The bundled clearing of failed jobs' records: what is healthy again loses its record, nothing
// else.
#include <catch2/catch.hpp>

#include "json/writer.h"
#include "support/runbook_outcome.h"

using namespace neap;
using namespace neap::app;
using test::check_done;
using test::check_failed;
using test::fault;
using test::Rehearsal;
using test::result_of;

namespace {

constexpr const char* kDelete = "delete_failure_job";

// A world with three records: a failover of the group, and two resizings of its instances.
struct Broken : Rehearsal {
  Broken() {
    power_demo("SHUTOFF");
    fail_resizing("demo-server-1");
    fail_resizing("demo-server-2");
    plant(fault("start_failover_protection_group", R"("kind":"job_fail","message":"no link")"));
    run("failover", {"--group", "demo"});
    op.events.clear();
    op.questions.clear();
  }
  void fail_resizing(const std::string& instance) {
    plant(fault("resize_protected_instance", R"("kind":"job_fail","message":"no stock")"));
    run("resize", {"--instance", instance, "--flavor", "s3.xlarge.2"});
  }
  void heal(const std::string& instance) {
    admin(http::Method::kPost, "/instances/" + instance + "/set", R"({"status":"protected"})");
  }
  // The things that have records, in their order.
  std::string records() {
    const auto outcome = run(runs::typed_script(R"(
      local names = {}
      for record in sdrs.failures:each() do names[#names + 1] = record.resource_name end
      for record in sdrs.groups:find("demo").failures:each() do
        names[#names + 1] = record.resource_name
      end
      return table.concat(names, " "))"),
                             {});
    const auto* text = outcome.value.as<std::string>();
    return text != nullptr ? *text : "?";
  }
};

std::string field(const runs::ScriptRun::Outcome& outcome, const char* name) {
  const json::Value* value = result_of(outcome).find(name);
  return value != nullptr ? json::write(*value) : "";
}

}  // namespace

TEST_CASE("records go of what is healthy again, and stay of what is still broken") {
  Broken world;
  world.set_demo(R"({"status":"protected"})");
  world.admin(http::Method::kPost, "/instances/demo-server-2/set",
              R"({"status":"error-resizing"})");
  const auto outcome = world.run("cleanup_failures", {});
  check_done(outcome, true);
  CHECK(world.records() == "demo-server-2");
  CHECK(field(outcome, "deleted") == "2");
  CHECK(field(outcome, "kept") == "1");
  CHECK(world.op.questions.front() == "Delete 2 records of failed jobs? There is no way back.");
  CHECK_THAT(world.op.texts("note", "text"), Catch::Contains("now error-resizing"));
}

TEST_CASE("while everything is broken nothing is deleted, unless --all says so") {
  Broken world;
  check_done(world.run("cleanup_failures", {}), false);
  CHECK(world.arrived(kDelete) == 0);
  CHECK(world.op.questions.empty());
  check_done(world.run("cleanup_failures", {"--all"}), true);
  CHECK(world.records().empty());
  CHECK(world.arrived(kDelete) == 3);
  check_done(world.run("cleanup_failures", {"--all"}), false);
  CHECK(world.arrived(kDelete) == 3);
}

TEST_CASE("records of things that are gone can go") {
  Broken world;
  world.set_demo(R"({"status":"protected"})");
  const auto gone = world.run(runs::typed_script(R"(
    local instance = sdrs.instances:find("demo-server-1")
    for _, row in ipairs(instance.attachment) do
      instance:detach(row.replication):wait()
    end
    instance:delete():wait())"),
                              {});
  INFO((gone.error ? describe(*gone.error) : ""));
  REQUIRE_FALSE(gone.error);
  check_done(world.run("cleanup_failures", {}), true);
  CHECK_THAT(world.op.texts("note", "text"), Catch::Contains("now gone"));
  CHECK(world.records().empty());
}

TEST_CASE("--list only shows the records") {
  Broken world;
  world.set_demo(R"({"status":"protected"})");
  const auto outcome = world.run("cleanup_failures", {"--list"});
  check_done(outcome, false);
  CHECK_THAT(json::write(outcome.value), Catch::Contains("no stock"));
  CHECK(world.arrived(kDelete) == 0);
}

TEST_CASE("--group looks at one group and what is in it") {
  Broken world;
  world.admin(http::Method::kPost, "/groups", R"({"name":"shop","instances":1,"pairs":1})");
  world.set_demo(R"({"status":"protected"})");
  check_done(world.run("cleanup_failures", {"--group", "shop"}), false);
  CHECK(world.arrived(kDelete) == 0);
  check_done(world.run("cleanup_failures", {"--group", "demo"}), true);
  CHECK(world.records().empty());
  check_failed(world.run("cleanup_failures", {"--group", "nope"}), ErrorKind::kNotFound, "nope");
}

TEST_CASE("an operator who says no keeps all records") {
  Broken world;
  world.op.answer = Answer{false, "anna", "evidence"};
  check_failed(world.run("cleanup_failures", {"--all"}), ErrorKind::kPrecondition, "evidence");
  CHECK(world.arrived(kDelete) == 0);
}

TEST_CASE("whatever happens to a deletion of a record, the record is gone in the end") {
  for (const char* kind :
       {R"("kind":"drop_after")", R"("kind":"drop_before")", R"("kind":"truncate")",
        R"("kind":"status","status":500)", R"("kind":"status","status":503)",
        R"("kind":"throttle")", R"("kind":"delay","seconds":60)"}) {
    INFO(kind);
    Broken world;
    world.plant(fault(kDelete, kind));
    check_done(world.run("cleanup_failures", {"--all"}), true);
    CHECK(world.records().empty());
  }
}

TEST_CASE("a deletion that the platform refuses fails the clearing and is told") {
  Broken world;
  world.plant(fault(kDelete, R"("kind":"status","status":403,"code":"SDRS.0005")"));
  const auto outcome = world.run("cleanup_failures", {"--all"});
  REQUIRE(outcome.error);
  CHECK(outcome.error->code == "SDRS.0005");
  check_done(world.run("cleanup_failures", {"--all"}), true);
  CHECK(world.records().empty());
}

TEST_CASE("a record that stays although it was deleted is noticed") {
  Broken world;
  world.plant(fault(kDelete, R"("kind":"status","status":204,"count":3)"));
  check_failed(world.run("cleanup_failures", {"--all"}), ErrorKind::kConflict,
               "3 records are still there");
}

TEST_CASE("reads of a clearing that fail for a while are tried again") {
  for (const char* operation :
       {"list_protection_groups", "list_failure_jobs", "list_protected_instances",
        "list_replications", "list_disaster_recovery_drills"}) {
    for (const char* kind : {R"("kind":"status","status":503,"count":2)", R"("kind":"throttle")",
                             R"("kind":"drop_before","count":2)"}) {
      INFO(operation << " " << kind);
      Broken world;
      world.plant(fault(operation, kind));
      check_done(world.run("cleanup_failures", {"--all"}), true);
      CHECK(world.records().empty());
    }
  }
}
