// The surface: what a script sees is found by walking through it, and what it calls by trying it.
#include "manual/surface.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "cloud/catalog.h"
#include "host.h"

using namespace neap;
using namespace neap::manual;

namespace {

Surface load() {
  Result<Surface> surface = Surface::load();
  INFO((surface ? "" : describe(surface.error())));
  REQUIRE(surface);
  return *std::move(surface);
}

// The one member that goes by the path.
const Member& only(const Surface& surface, const std::string& path) {
  const std::vector<const Member*> found = surface.find(path);
  INFO(path);
  REQUIRE(found.size() == 1);
  return *found.front();
}

using Words = std::vector<std::string>;

bool is_call(const Member& member) {
  return member.kind == "method" || member.kind == "function";
}

}  // namespace

TEST_CASE("a method is found with its signature, its words and the operation that it calls") {
  const Surface surface = load();
  const Member& failover = only(surface, "sdrs.groups.failover");
  CHECK(failover.signature == "group:failover() -> neap.Job");
  CHECK(failover.owner == "protection group");
  CHECK(failover.operations == Words{"sdrs:start_failover_protection_group"});
  CHECK(failover.rows == Words{"host.groups.failover"});
  CHECK(failover.summary == "Moves production to the other site, now");
  CHECK(&only(surface, "sdrs.groups:failover()") == &failover);
  CHECK(only(surface, "sdrs.job").signature == "sdrs.job(id) -> neap.Job");
  CHECK(only(surface, "ctx.step").signature == "ctx:step(name, options, fn) -> any");
}

TEST_CASE("an argument is a parameter of the operation, or a table of those that are left") {
  const Surface surface = load();
  const Member& reverse = only(surface, "sdrs.groups.reverse");
  REQUIRE(reverse.arguments.size() == 1);
  CHECK(reverse.arguments[0].name == "station");
  CHECK(reverse.arguments[0].stands_for == "priority_station");
  const Member& resize = only(surface, "sdrs.instances.resize");
  REQUIRE(resize.arguments.size() == 1);
  CHECK(resize.arguments[0].operation == "sdrs:resize_protected_instance");
  const Words& takes = resize.arguments[0].takes;
  CHECK(std::count(takes.begin(), takes.end(), "flavorRef") == 1);
  CHECK(std::count(takes.begin(), takes.end(), "protected_instance_id") == 0);
  const Member& remove = only(surface, "sdrs.pairs.delete");
  REQUIRE(remove.arguments.size() == 1);
  CHECK(remove.arguments[0].takes == Words{"delete_target_volume"});
  CHECK(remove.arguments[0].optional);
  const Member& expand = only(surface, "sdrs.groups.pairs.expand");
  CHECK(expand.path == "sdrs.pairs.expand");
  CHECK(expand.arguments[0].stands_for == "new_size");
}

TEST_CASE("what a call gives back is seen, whichever kind of thing it is") {
  const Surface surface = load();
  const std::map<std::string, Words> returns = {
      {"sdrs.groups.get", {"sdrs.ProtectionGroup"}},
      {"sdrs.groups.create", {"neap.Job"}},
      {"sdrs.groups.each", {"fun(): sdrs.ProtectionGroup?"}},
      {"sdrs.groups.all", {"sdrs.ProtectionGroup[]"}},
      {"sdrs.groups.refresh", {"sdrs.ProtectionGroup"}},
      {"sdrs.domains", {"sdrs.ActiveDomain[]"}},
      {"sdrs.rpo_statistics", {"fun(): sdrs.RpoStatistic?"}},
      {"as.groups.create", {"as.ScalingGroup"}},
      {"as.groups.suspended", {"fun(): as.HeldInstance?"}},
      {"as.groups.pause", {}},
      {"smn.topics.create", {"smn.Topic"}},
      {"recovery.find_group", {"sdrs.ProtectionGroup"}},
  };
  for (const auto& [path, types] : returns) {
    INFO(path);
    CHECK(only(surface, path).returns == types);
  }
}

TEST_CASE("a name that a collection and its things share is told of both") {
  const Surface surface = load();
  const std::vector<const Member*> both = surface.find("ecs.servers.start");
  REQUIRE(both.size() == 2);
  CHECK(both[0]->owner.empty());
  CHECK(both[0]->signature == "ecs.servers:start(list) -> neap.Job");
  CHECK(both[1]->owner == "server");
  CHECK(both[1]->signature == "server:start() -> neap.Job");
}

TEST_CASE("every class of things leads to where its methods are told of") {
  const Surface surface = load();
  CHECK(surface.of_thing("protection group") == "sdrs.groups");
  CHECK(surface.of_thing("held instance") == "as.groups.suspended");
  CHECK(surface.of_thing("job") == "job");
  CHECK(surface.of_thing("topic") == "smn.topics");
  CHECK(surface.of_thing("nonsense").empty());
  std::size_t things = 0;
  for (const ClassOf& each : surface.classes()) {
    if (each.kind != "object") continue;
    ++things;
    INFO(each.type);
    CHECK_FALSE(each.path.empty());
    CHECK_FALSE(each.what.empty());
    const std::vector<const Member*> methods = surface.members(each.path);
    CHECK(std::any_of(methods.begin(), methods.end(),
                      [&](const Member* member) { return member->self_type == each.type; }));
    if (!each.resource.empty()) CHECK(cloud::find_resource(each.resource) != nullptr);
  }
  std::printf("classes of objects: %zu\n", things);
  CHECK(things >= 20);
}

TEST_CASE("every member says what it is, and every function what it takes and gives") {
  const Surface surface = load();
  std::size_t calls = 0;
  std::set<std::string> seen;
  for (const Member& member : surface.all()) {
    INFO(member.path << " of " << member.owner);
    CHECK_FALSE(member.summary.empty());
    CHECK(member.summary.find('\n') == std::string::npos);
    CHECK(seen.insert(member.path + " " + member.owner + " " + member.kind).second);
    if (!is_call(member)) continue;
    ++calls;
    for (const Argument& argument : member.arguments) {
      INFO(argument.name);
      CHECK((!argument.type.empty() || !argument.operation.empty()));
      if (argument.type.empty() && argument.stands_for.empty()) CHECK_FALSE(argument.takes.empty());
    }
    for (const std::string& operation : member.operations) {
      const std::size_t colon = operation.find(':');
      CHECK(cloud::find_operation(operation.substr(0, colon), operation.substr(colon + 1)) !=
            nullptr);
    }
  }
  std::printf("members: %zu, functions and methods: %zu\n", surface.all().size(), calls);
  CHECK(calls >= 300);
}

TEST_CASE("the modules are those that scripts have, with and without asking") {
  const Surface surface = load();
  Words global;
  Words required;
  for (const Member* member : surface.members("")) {
    if (member->kind != "module") continue;
    (member->global ? global : required).push_back(member->path);
  }
  CHECK(global == Words{"as", "cloud", "ecs", "hooks", "http", "iam", "json", "log", "runbook",
                        "sdrs", "smn", "task"});
  CHECK(required == Words{"recovery", "retry", "test"});
}
