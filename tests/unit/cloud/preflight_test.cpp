// What the state of things forbids is refused before it is sent, with the way there.
#include "cloud/preflight.h"

#include <algorithm>
#include <iostream>

#include <catch2/catch.hpp>

#include "cloud/states.h"
#include "effect_world.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;

namespace {

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

View thing(std::string_view status) {
  View view;
  view.name = "demo";
  view.status = status;
  return view;
}

const Operation& sdrs(std::string_view name) {
  return *find_operation("sdrs", name);
}

std::string refusal(std::string_view name, std::string_view status) {
  const auto allowed = preflight(sdrs(name), thing(status), nullptr);
  return allowed ? "" : describe(allowed.error());
}

std::string names(const std::vector<const Operation*>& way) {
  std::string text;
  for (const Operation* step : way) text += (text.empty() ? "" : " ") + std::string(step->name);
  return text;
}

}  // namespace

TEST_CASE("a refusal names the operation, the thing, its state, the allowed ones and the way") {
  const auto refused = preflight(sdrs(EffectWorld::kFailover), thing("available"), nullptr);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::kPrecondition);
  CHECK(refused.error().operation == EffectWorld::kFailover);
  CHECK(refused.error().message ==
        "start_failover_protection_group: nothing was sent: group demo is available; "
        "start_failover_protection_group is allowed from protected, error-failing-over, "
        "error-reversing");
  CHECK(refused.error().hint ==
        "start_protection_group leads there; --force-send lets the service decide");
}

TEST_CASE("work that is under way is to be waited for, and what is done already is said to be") {
  CHECK(mentions(refusal(EffectWorld::kFailover, "starting"),
                 "wait for the work that is under way and look again"));
  CHECK(mentions(refusal(EffectWorld::kFailover, "failed-over"),
                 "it is where this call leads already"));
  CHECK(mentions(refusal("start_reverse_protection_group", "error"),
                 "nothing that the catalogue knows leads from there"));
}

TEST_CASE(
    "every operation in every state: refused exactly where the catalogue has a rule against") {
  std::size_t refused = 0;
  std::size_t allowed = 0;
  for (const Operation& operation : catalog()) {
    if (operation.effect == Effect::kRead) continue;
    for (const std::string_view status : statuses(operation.resource)) {
      INFO(operation.name << " from " << status);
      bool free = operation.transitions.empty();
      for (const Transition& way : operation.transitions) {
        free = free || way.from.empty() || contains(way.from, status);
      }
      CHECK(preflight(operation, thing(status), nullptr).has_value() == free);
      ++(free ? allowed : refused);
    }
    // Nothing forbids what is not there, and what the catalogue has never heard of.
    View absent;
    absent.found = false;
    CHECK(preflight(operation, absent, nullptr));
    CHECK(preflight(operation, thing("splendid"), nullptr));
  }
  CHECK(refused > 100);
  std::cout << "preflight: " << refused << " refused, " << allowed << " allowed\n";
}

TEST_CASE("the group of a thing is asked, too") {
  for (const Operation& operation : catalog()) {
    if (operation.group_from.empty()) continue;
    for (const std::string_view status : statuses("server_group")) {
      INFO(operation.name << " in a group that is " << status);
      const View group = thing(status);
      CHECK(preflight(operation, View(), &group).has_value() ==
            contains(operation.group_from, status));
    }
  }
  const View group = thing("failed-over");
  const auto refused = preflight(sdrs("create_replication"), View(), &group);
  REQUIRE_FALSE(refused);
  CHECK(mentions(refused.error().message, "group demo is failed-over"));
  CHECK(mentions(refused.error().message, "is allowed in a group that is available, protected"));
  CHECK(mentions(refused.error().hint, "start_protection_group leads there"));
}

TEST_CASE("one of several things that does not allow it refuses for all, by its name") {
  View fine = thing("SHUTOFF");
  View running = thing("ACTIVE");
  running.name = "web-2";
  const auto refused = preflight(*find_operation("ecs", "batch_start_servers"),
                                 view_of_all({fine, running}), nullptr);
  REQUIRE_FALSE(refused);
  CHECK(mentions(refused.error().message, "server web-2 is ACTIVE"));
}

TEST_CASE("the way never moves production, and is the shortest") {
  constexpr std::string_view kProtected[] = {"protected"};
  constexpr std::string_view kAvailable[] = {"available"};
  CHECK(names(way_to("server_group", "available", kProtected)) == "start_protection_group");
  CHECK(names(way_to("server_group", "failed-over", kAvailable)) ==
        "start_protection_group stop_protection_group");
  CHECK(names(way_to("server_group", "error-reversing", kProtected)).empty());
  CHECK(names(way_to("server_group", "protected", kProtected)).empty());
  CHECK(names(way_to("replication_pair", "available", kProtected)) == "start_protection_group");
  for (const Resource& resource : resources()) {
    for (const std::string_view from : resource.statuses) {
      for (const std::string_view& to : resource.statuses) {
        for (const Operation* step : way_to(resource.name, from, Words(&to, 1))) {
          CHECK(step->lookup.station == Station::kStays);
          CHECK(step->effect != Effect::kCreate);
        }
      }
    }
  }
}

TEST_CASE("what is under way reaches where it leads, and where it fails to") {
  CHECK(reachable("server_group", "starting", "protected"));
  CHECK(reachable("server_group", "starting", "error-starting"));
  CHECK_FALSE(reachable("server_group", "starting", "failed-over"));
  CHECK_FALSE(reachable("server_group", "stopping", "protected"));
  CHECK_FALSE(reachable("server_group", "deleting", "available"));
  CHECK(reachable("server_group", "deleting", ""));
  CHECK(reachable("replication_pair", "starting", "protected"));
  CHECK(reachable("protected_instance", "failing-over", "failed-over"));
}

TEST_CASE("after a failure nothing comes by itself; from a settled state somebody may yet begin") {
  CHECK_FALSE(reachable("server_group", "error-starting", "protected"));
  CHECK_FALSE(reachable("server_group", "error", "available"));
  CHECK(reachable("server_group", "error-starting", "error-starting"));
  CHECK(reachable("server_group", "available", "protected"));
  CHECK_FALSE(reachable("server_group", "available", "error"));
  CHECK(reachable("server", "SHUTOFF", "ACTIVE"));
}

TEST_CASE("an instance that comes up may be held on the way, and what is not known may be") {
  CHECK(reachable("scaling_instance", "PENDING", "PENDING_WAIT"));
  CHECK(reachable("scaling_instance", "PENDING_WAIT", "INSERVICE"));
  CHECK_FALSE(reachable("scaling_instance", "REMOVING_WAIT", "INSERVICE"));
  CHECK(reachable("scaling_instance", "REMOVING_WAIT", ""));
  CHECK(reachable("server_group", "splendid", "protected"));
  CHECK(reachable("server_group", "starting", "splendid"));
  CHECK(reachable("quota", "any", "other"));
}

TEST_CASE("a call that is forbidden is refused before it is sent, and nothing is written of it") {
  EffectWorld world;
  world.set("available");
  world.perform();
  CHECK(world.error().kind == ErrorKind::kPrecondition);
  CHECK(world.sends() == 0);
  CHECK(world.kinds().empty());
}

TEST_CASE("forced, it is sent, and the service decides") {
  EffectWorld world;
  world.set("available");
  world.force_send = true;
  world.perform();
  CHECK(world.error().code == "SDRS.1002");
  CHECK(world.kinds() == "intent sent refused:P2");
}

TEST_CASE("the group that a new pair is for is looked at before it is made") {
  EffectWorld world;
  json::Object pair;
  pair.set("server_group_id", "g-1");
  pair.set("volume_id", "v-1");
  pair.set("name", "demo");
  world.set("failed-over");
  world.perform("create_replication", pair);
  CHECK(world.error().kind == ErrorKind::kPrecondition);
  CHECK(world.sends() == 0);
  const int reads = world.reads;
  world.set("protected");
  world.perform("create_replication", pair);
  CHECK(world.body() == R"({"job_id":"job-1"})");
  CHECK(world.reads == reads + 2);
  world.force_send = true;
  world.perform("create_replication", pair);
}
