// The catalogue says of every changing call what it leads to and how its outcome is found.
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "catalog_words.h"
#include "cloud/catalog.h"
#include "cloud/effect.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;

namespace {

bool deletes(const Operation& operation) {
  return !operation.transitions.empty() && operation.transitions.front().success.empty();
}

// Whether a status that the call may start from is one that it leads to.
bool comes_back(const Transition& way) {
  return std::any_of(way.success.begin(), way.success.end(),
                     [&](std::string_view status) { return contains(way.from, status); });
}

void check_reader(const Operation& operation, std::string_view name, bool is_list) {
  const Operation* reader = find_operation(operation.service, name);
  REQUIRE(reader != nullptr);
  CHECK(reader->effect == Effect::kRead);
  CHECK(reader->resource == operation.resource);
  if (is_list) CHECK_FALSE(reader->result.empty());
  if (!is_list) CHECK(has_param(*reader, operation.lookup.id));
  if (!is_list && operation.effect == Effect::kCreate) return;
  for (const Param& param : reader->params) {
    if (param.required) CHECK(has_param(operation, param.name));
  }
}

}  // namespace

TEST_CASE("every status in a transition is a documented one of its resource") {
  for (const Operation& operation : catalog()) {
    const Words known = statuses(operation.resource);
    for (const Transition& way : operation.transitions) {
      INFO(permission_name(operation) << " " << way.job_type);
      CHECK((way.job_type.empty() || is_asynchronous(operation)));
      CHECK((way.during.empty() || contains(known, way.during)));
      CHECK((way.failure.empty() || contains(known, way.failure)));
      for (const std::string_view status : way.from) CHECK(contains(known, status));
      for (const std::string_view status : way.success) CHECK(contains(known, status));
      CHECK_FALSE(contains(way.from, way.during));
      CHECK_FALSE(contains(way.success, way.failure));
      if (operation.effect == Effect::kCreate) CHECK(way.from.empty());
    }
    for (const std::string_view status : operation.group_from) {
      CHECK(contains(statuses("server_group"), status));
    }
  }
}

TEST_CASE("the jobs that an operation may start are told apart by the status it starts from") {
  for (const Operation& operation : catalog()) {
    if (!is_asynchronous(operation)) continue;
    INFO(permission_name(operation));
    std::set<std::string_view> starts;
    for (const Transition& way : operation.transitions) {
      CHECK((!way.from.empty() || operation.transitions.size() == 1));
      for (const std::string_view status : way.from) CHECK(starts.insert(status).second);
    }
  }
}

TEST_CASE("a job is shown by a read of its id, and says what it acts on") {
  std::set<std::string_view> types;
  for (const Operation& operation : catalog()) {
    if (!is_asynchronous(operation)) continue;
    INFO(permission_name(operation));
    const Operation* show = find_operation(operation.service, operation.job);
    REQUIRE(show != nullptr);
    CHECK(show->effect == Effect::kRead);
    CHECK(has_param(*show, "job_id"));
    if (operation.service != "sdrs") continue;
    CHECK_FALSE(operation.entity.empty());
    CHECK_FALSE(operation.transitions.empty());
    for (const Transition& way : operation.transitions) {
      CHECK_FALSE(way.during.empty());
      if (!way.job_type.empty()) CHECK(types.insert(way.job_type).second);
    }
  }
  CHECK(types.size() == 19);
}

TEST_CASE("a guarded call can be retried where it failed, and seen to have changed something") {
  for (const Operation& operation : catalog()) {
    if (operation.effect != Effect::kGuarded) continue;
    INFO(permission_name(operation));
    CHECK_FALSE(operation.transitions.empty());
    const Resource* resource = find_resource(operation.resource);
    REQUIRE(resource != nullptr);
    for (const Transition& way : operation.transitions) {
      if (!comes_back(way)) continue;
      const bool shows = operation.lookup.station != Station::kStays || !resource->updated.empty();
      CHECK(shows);
    }
  }
  for (const char* name :
       {"start_protection_group", "stop_protection_group", "start_failover_protection_group",
        "start_reverse_protection_group", "resize_protected_instance", "expand_replication",
        "detach_protected_instance_replication"}) {
    INFO(name);
    for (const Transition& way : find_operation("sdrs", name)->transitions) {
      CHECK(contains(way.from, way.failure));
    }
  }
}

TEST_CASE("every changing operation says by what its outcome is found, with operations there are") {
  for (const Operation& operation : catalog()) {
    if (operation.effect == Effect::kRead) continue;
    INFO(permission_name(operation));
    const Lookup& lookup = operation.lookup;
    const bool creation = operation.effect == Effect::kCreate;
    if (!lookup.show.empty()) check_reader(operation, lookup.show, false);
    if (!lookup.list.empty()) check_reader(operation, lookup.list, true);
    if (!lookup.id.empty() && !creation) CHECK(has_param(operation, lookup.id));
    for (const std::string_view name : lookup.match) CHECK(has_param(operation, name));
    for (const std::string_view name : lookup.set) CHECK(has_param(operation, name));
    CHECK((lookup.match.empty() || !lookup.list.empty()));
    CHECK((lookup.mark.empty() || creation));
    CHECK((!lookup.unique || creation));
    CHECK(lookup.field.empty() == lookup.value.empty());
    switch (operation.effect) {
      case Effect::kRead:
        break;
      case Effect::kOpaque:
        CHECK(lookup.show.empty());
        CHECK(lookup.list.empty());
        break;
      case Effect::kCreate: {
        CHECK_FALSE(lookup.list.empty());
        const std::string_view label = find_resource(operation.resource)->label;
        CHECK((!lookup.match.empty() || has_param(operation, label)));
        if (!lookup.mark.empty()) CHECK(has_param(operation, lookup.mark));
        CHECK(lookup.mark.empty() == !has_param(operation, "description"));
        break;
      }
      case Effect::kGuarded:
        CHECK((lookup.show.empty() != lookup.list.empty()));
        CHECK(lookup.set.empty());
        CHECK(lookup.field.empty());
        break;
      case Effect::kIdempotent:
        if (lookup.show.empty() && lookup.list.empty()) {
          CHECK(operation.evidence.find("repeat") != std::string_view::npos);
        } else {
          const bool told = !lookup.set.empty() || !lookup.field.empty();
          CHECK((told || !operation.transitions.empty()));
          CHECK_FALSE((told && deletes(operation)));
        }
        break;
    }
    if (lookup.station == Station::kArgument) CHECK(has_param(operation, "priority_station"));
  }
}

TEST_CASE("every changing operation holds the group it acts on, or the thing itself") {
  for (const Operation& operation : catalog()) {
    if (operation.service != "sdrs" || operation.effect == Effect::kRead) continue;
    INFO(operation.name);
    json::Object arguments;
    const std::string_view id = operation.lookup.id;
    const bool named = operation.effect != Effect::kCreate && !id.empty();
    if (named) arguments.set(std::string(id), "t-1");
    const auto locks = locks_of(operation, arguments);
    if (named) {
      CHECK(locks == std::vector<std::string>{std::string(operation.resource) + " t-1"});
    } else {
      CHECK(locks.empty());
    }
    if (!has_param(operation, "server_group_id")) continue;
    arguments.set("server_group_id", "g-1");
    CHECK(locks_of(operation, arguments) == std::vector<std::string>{"server_group g-1"});
  }
}

TEST_CASE("the numbers of documented statuses and codes are those of the platform") {
  CHECK(statuses("server_group").size() == 17);
  CHECK(statuses("protected_instance").size() == 23);
  CHECK(statuses("replication_pair").size() == 25);
  CHECK(statuses("dr_drill").size() == 5);
  CHECK(statuses("job").size() == 4);
  const auto rows = error_codes();
  const auto sdrs = std::count_if(
      rows.begin(), rows.end(), [](const ErrorCode& row) { return row.code.starts_with("SDRS."); });
  CHECK(sdrs == 256);
}

TEST_CASE("starting protection has two ways, by job type and starting status") {
  const Operation* start = find_operation("sdrs", "start_protection_group");
  REQUIRE(start != nullptr);
  REQUIRE(start->transitions.size() == 2);
  CHECK(start->transitions[0].job_type == "startProtectionGroupNoCG");
  CHECK(contains(start->transitions[0].from, "available"));
  CHECK(start->transitions[1].job_type == "reprotectProtectionGroupNoCG");
  CHECK(contains(start->transitions[1].from, "failed-over"));
  CHECK(start->transitions[1].during == "reprotecting");
}
