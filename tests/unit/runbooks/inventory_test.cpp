// The bundled inventory: everything once, with its health, in few requests.
#include <catch2/catch.hpp>

#include "json/writer.h"
#include "support/runbook_outcome.h"

using namespace neap;
using namespace neap::app;
using test::check_failed;
using test::fault;
using test::Rehearsal;
using test::result_of;

namespace {

using Words = std::vector<std::string>;

constexpr const char* kReads[] = {"list_protection_groups", "list_protected_instances",
                                  "list_replications",      "list_disaster_recovery_drills",
                                  "list_failure_jobs",      "show_quota",
                                  "list_rpo_statistics",    "list_servers_details",
                                  "list_scaling_groups",    "show_resource_quota"};

const json::Object& inventory(Rehearsal& world, const Words& words,
                              runs::ScriptRun::Outcome& outcome) {
  outcome = world.run("inventory", words);
  INFO((outcome.error ? describe(*outcome.error) : ""));
  REQUIRE_FALSE(outcome.error);
  return result_of(outcome);
}

// The rows of a list, as JSON text.
std::string rows(const json::Object& document, const char* list) {
  const json::Value* value = document.find(list);
  return value != nullptr ? json::write(*value) : "";
}

std::size_t count(const json::Object& document, const char* list) {
  const json::Value* value = document.find(list);
  const auto* array = value != nullptr ? value->as<json::Array>() : nullptr;
  return array != nullptr ? array->size() : 0;
}

std::size_t requests(Rehearsal& world) {
  std::size_t all = 0;
  for (const char* operation : kReads) all += world.arrived(operation);
  return all;
}

}  // namespace

TEST_CASE("an inventory counts what there is and finds it healthy") {
  Rehearsal world;
  runs::ScriptRun::Outcome outcome;
  const json::Object& found = inventory(world, {}, outcome);
  CHECK(found.flag("healthy"));
  CHECK_THAT(rows(found, "groups"), Catch::Contains(R"("health":"ok")"));
  CHECK_THAT(rows(found, "groups"), Catch::Contains(R"("production_on":3)"));
  CHECK_THAT(rows(found, "totals"), Catch::Contains(R"({"count":5,"kind":"pair","troubles":0})"));
  CHECK(count(found, "quotas") == 7);
  CHECK(count(found, "instances") == 0);
  CHECK(world.op.questions.empty());
}

TEST_CASE("--details lists every instance and pair with the power of its servers") {
  Rehearsal world;
  world.admin(http::Method::kPost, "/groups/demo/power",
              R"({"state":"SHUTOFF","site":"production"})");
  runs::ScriptRun::Outcome outcome;
  const json::Object& found = inventory(world, {"--details"}, outcome);
  CHECK(count(found, "instances") == 3);
  CHECK(count(found, "pairs") == 5);
  CHECK_THAT(rows(found, "instances"), Catch::Contains(R"("production_power":"SHUTOFF")"));
}

TEST_CASE("what is wrong is named once, and with its group") {
  Rehearsal world;
  world.set_demo(R"({"fault_level":"2"})");
  world.admin(http::Method::kPost, "/instances/demo-server-2/set", R"({"status":"fault"})");
  runs::ScriptRun::Outcome outcome;
  const json::Object& found = inventory(world, {}, outcome);
  CHECK_FALSE(found.flag("healthy"));
  CHECK(count(found, "troubles") == 6);
  CHECK_THAT(rows(found, "groups"), Catch::Contains("5 x pair fault_level 2, instance fault") ||
                                        Catch::Contains("instance fault, 5 x pair fault_level 2"));
}

TEST_CASE("production is counted where it is now") {
  Rehearsal world;
  world.set_demo(R"({"status":"failed-over","priority_station":"target"})");
  runs::ScriptRun::Outcome outcome;
  const json::Object& found = inventory(world, {}, outcome);
  CHECK_THAT(rows(found, "groups"), Catch::Contains(R"("production":"cn-north-4b")"));
  CHECK_THAT(rows(found, "groups"), Catch::Contains(R"("production_on":0)"));
  CHECK_THAT(rows(found, "groups"), Catch::Contains("failed over, unprotected"));
}

TEST_CASE("failed jobs are read of groups that look ill, or of all") {
  Rehearsal world;
  world.admin(http::Method::kPost, "/groups", R"({"name":"shop","instances":1,"pairs":1})");
  world.plant(fault("resize_protected_instance", R"("kind":"job_fail","message":"no stock")"));
  world.power_demo("SHUTOFF");
  world.run("resize", {"--instance", "demo-server-1", "--flavor", "s3.xlarge.2"});
  runs::ScriptRun::Outcome outcome;
  const json::Object& found = inventory(world, {}, outcome);
  CHECK(count(found, "failed_jobs") == 1);
  CHECK_THAT(rows(found, "failed_jobs"), Catch::Contains("no stock"));
  CHECK(world.arrived("list_failure_jobs") == 3);  // of groups, of demo twice: the page after
  inventory(world, {"--failures", "all"}, outcome);
  CHECK(world.arrived("list_failure_jobs") == 7);
}

TEST_CASE("scaling groups are shown with the instances that hooks hold") {
  Rehearsal world;
  const auto topic = world.admin(http::Method::kPost, "/smn/topics", R"({"name":"shop"})");
  const std::string urn(topic.text("/topic_urn").value_or("?"));
  world.admin(http::Method::kPost, "/as/groups",
              R"({"name":"web","instances":2,"hooks":[{"name":"up","type":"INSTANCE_LAUNCHING",)"
              R"("topic_urn":")" +
                  urn + R"("}]})");
  world.admin(http::Method::kPost, "/as/groups/web/set", R"({"desire":3})");
  world.admin(http::Method::kPost, "/clock", R"({"advance_seconds":600})");
  runs::ScriptRun::Outcome outcome;
  const json::Object& found = inventory(world, {"--of", "scaling"}, outcome);
  CHECK(count(found, "held_instances") == 1);
  CHECK_THAT(rows(found, "scaling_groups"), Catch::Contains("holds instances"));
  CHECK(world.arrived("list_protection_groups") == 0);
}

TEST_CASE("an account of a thousand groups takes tens of requests") {
  Rehearsal world;
  world.admin(http::Method::kPost, "/groups",
              R"({"name":"g","count":1000,"instances":5,"pairs":5})");
  runs::ScriptRun::Outcome outcome;
  const json::Object& found = inventory(world, {}, outcome);
  CHECK(count(found, "groups") == 1001);
  CHECK_THAT(rows(found, "totals"), Catch::Contains(R"({"count":5003,"kind":"instance")"));
  CHECK_THAT(rows(found, "totals"), Catch::Contains(R"({"count":5003,"kind":"recovery server")"));
  CHECK(requests(world) <= 40);
}

TEST_CASE("two inventories of the same account are the same") {
  Rehearsal world;
  runs::ScriptRun::Outcome first;
  runs::ScriptRun::Outcome second;
  inventory(world, {"--details"}, first);
  inventory(world, {"--details"}, second);
  CHECK(json::write(first.value) == json::write(second.value));
}

TEST_CASE("wrong words for an inventory are refused, and nothing is read") {
  Rehearsal world;
  check_failed(world.run("inventory", {"--of", "everything"}), ErrorKind::kUsage, "recovery");
  check_failed(world.run("inventory", {"--detail"}), ErrorKind::kUsage, "did you mean --details?");
  CHECK(requests(world) == 0);
}

TEST_CASE("reads of an inventory that fail for a while are tried again") {
  for (const char* operation : kReads) {
    for (const char* kind : {R"("kind":"status","status":503,"count":2)", R"("kind":"throttle")",
                             R"("kind":"drop_before","count":2)", R"("kind":"status","status":502)",
                             R"("kind":"drop_after")", R"("kind":"delay","seconds":20)"}) {
      INFO(operation << " " << kind);
      Rehearsal world;
      world.plant(fault(operation, kind));
      runs::ScriptRun::Outcome outcome;
      CHECK(inventory(world, {}, outcome).flag("healthy"));
    }
  }
}

TEST_CASE("a list that cannot be read fails the inventory: half of one would look healthy") {
  for (const char* operation : kReads) {
    for (const char* kind : {R"("kind":"truncate","count":0)", R"("kind":"bad_json","count":0)",
                             R"("kind":"status","status":403,"count":0)"}) {
      INFO(operation << " " << kind);
      Rehearsal world;
      world.plant(fault(operation, kind));
      const auto outcome = world.run("inventory", {});
      REQUIRE(outcome.error);
      CHECK(outcome.error->operation == operation);
    }
  }
}
