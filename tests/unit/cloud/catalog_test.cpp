// The catalogue agrees with itself and with what is documented.
#include "cloud/catalog.h"

#include <algorithm>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "cloud/effect.h"

using namespace neap;
using namespace neap::cloud;

namespace {

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

const Param* find_param(const Operation& operation, std::string_view name) {
  for (const Param& param : operation.params) {
    if (param.name == name) return &param;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("every placeholder of a path is a required path parameter, and the other way round") {
  for (const Operation& operation : catalog()) {
    INFO(operation.name);
    std::set<std::string> placeholders;
    for (const std::string_view segment : split(operation.path, '/')) {
      if (segment.starts_with('{')) placeholders.emplace(segment.substr(1, segment.size() - 2));
    }
    CHECK(placeholders.erase("project_id") == 1);
    for (const std::string& name : placeholders) {
      INFO(name);
      const Param* param = find_param(operation, name);
      REQUIRE(param != nullptr);
      CHECK(param->place == Place::kPath);
      CHECK(param->required);
      CHECK(param->rule == Rule::kId);
    }
    const auto in_path = std::count_if(operation.params.begin(), operation.params.end(),
                                       [](const Param& p) { return p.place == Place::kPath; });
    CHECK(static_cast<std::size_t>(in_path) == placeholders.size());
  }
}

TEST_CASE("an operation's name, and its method, path and envelope together, are its own") {
  std::set<std::string> names;
  std::set<std::string> routes;
  for (const Operation& operation : catalog()) {
    INFO(operation.name);
    CHECK(names.insert(permission_name(operation)).second);
    const std::string route = std::string(to_text(operation.method)) + " " +
                              std::string(operation.path) + " " + std::string(operation.envelope);
    CHECK(routes.insert(route).second);
    std::set<std::string_view> params;
    for (const Param& param : operation.params) {
      CHECK(params.insert(param.name).second);
      CHECK_FALSE(param.help.empty());
    }
  }
}

TEST_CASE("reads are GET and have no evidence; every effect says how to find out about it") {
  for (const Operation& operation : catalog()) {
    INFO(operation.name);
    const bool read = operation.effect == Effect::kRead;
    CHECK(read == (operation.method == http::Method::kGet));
    CHECK(read == operation.evidence.empty());
    CHECK_FALSE((read && is_asynchronous(operation)));
    CHECK_FALSE(operation.summary.empty());
    CHECK_FALSE(operation.source.empty());
    CHECK_FALSE(operation.resource.empty());
    CHECK((operation.success == 200 || operation.success == 202 || operation.success == 204));
    if (!read) continue;
    for (const Param& param : operation.params) CHECK(param.place != Place::kBody);
  }
}

TEST_CASE("paged operations take limit and offset and answer a list") {
  for (const Operation& operation : catalog()) {
    INFO(operation.name);
    const bool takes_both = find_param(operation, "limit") && find_param(operation, "offset");
    CHECK(operation.paged == takes_both);
    if (operation.paged) CHECK_FALSE(operation.result.empty());
  }
}

TEST_CASE("every status in a transition is a documented one of its resource") {
  for (const Operation& operation : catalog()) {
    const Words known = statuses(operation.resource);
    for (const Transition& way : operation.transitions) {
      INFO(operation.name << " " << way.job_type);
      CHECK_FALSE(way.job_type.empty());
      CHECK_FALSE(operation.entity.empty());
      CHECK(contains(known, way.during));
      CHECK(contains(known, way.failure));
      for (const std::string_view status : way.from) CHECK(contains(known, status));
      for (const std::string_view status : way.success) CHECK(contains(known, status));
    }
    for (const std::string_view status : operation.group_from) {
      CHECK(contains(statuses("server_group"), status));
    }
  }
}

TEST_CASE("a guarded operation can be told apart by the status it starts from, and be retried") {
  for (const Operation& operation : catalog()) {
    if (operation.effect != Effect::kGuarded) continue;
    INFO(operation.name);
    std::set<std::string_view> starts;
    for (const Transition& way : operation.transitions) {
      CHECK_FALSE(way.from.empty());
      for (const std::string_view status : way.from) CHECK(starts.insert(status).second);
      CHECK(contains(way.from, way.failure));
      CHECK_FALSE(contains(way.from, way.during));
    }
  }
}

TEST_CASE("every changing operation says by what its outcome is found, with operations there are") {
  for (const Operation& operation : catalog()) {
    INFO(operation.name);
    const Lookup& lookup = operation.lookup;
    if (operation.effect == Effect::kRead || operation.effect == Effect::kOpaque) {
      CHECK(lookup.show.empty());
      continue;
    }
    const Operation* show = find_operation(operation.service, lookup.show);
    REQUIRE(show != nullptr);
    CHECK(show->effect == Effect::kRead);
    CHECK(show->resource == operation.resource);
    CHECK_FALSE(show->result.empty());
    CHECK(find_param(*show, lookup.id) != nullptr);
    const bool creation = operation.effect == Effect::kCreate;
    CHECK((find_param(operation, lookup.id) != nullptr) == !creation);
    CHECK(lookup.list.empty() == !creation);
    CHECK(lookup.mark.empty() == !creation);
    if (creation) {
      const Operation* list = find_operation(operation.service, lookup.list);
      REQUIRE(list != nullptr);
      CHECK(list->paged);
      CHECK(find_param(*list, "name") != nullptr);
      CHECK(find_param(operation, "name") != nullptr);
      CHECK(find_param(operation, lookup.mark) != nullptr);
    }
    if (operation.effect == Effect::kIdempotent) {
      const bool deletes =
          is_asynchronous(operation) && operation.transitions.front().success.empty();
      CHECK(lookup.set.empty() == deletes);
      if (!deletes) CHECK(operation.result == show->result);
    }
    if (lookup.station == Station::kArgument) {
      CHECK(find_param(operation, "priority_station") != nullptr);
    }
    if (operation.effect == Effect::kGuarded) CHECK(is_asynchronous(operation));
    const bool same_status_again =
        operation.effect == Effect::kGuarded &&
        std::any_of(operation.transitions.begin(), operation.transitions.end(),
                    [](const Transition& way) {
                      return std::any_of(way.success.begin(), way.success.end(),
                                         [&](std::string_view s) { return contains(way.from, s); });
                    });
    if (same_status_again) CHECK(lookup.station != Station::kStays);
  }
}

TEST_CASE("every changing operation holds the group it acts on, or the thing itself") {
  for (const Operation& operation : catalog()) {
    if (operation.effect == Effect::kRead) continue;
    INFO(operation.name);
    json::Object arguments;
    const bool creation = operation.effect == Effect::kCreate;
    if (!creation) arguments.set(std::string(operation.lookup.id), "t-1");
    const auto locks = locks_of(operation, arguments);
    if (creation) {
      CHECK(locks.empty());
    } else {
      CHECK(locks == std::vector<std::string>{std::string(operation.resource) + " t-1"});
    }
    if (find_param(operation, "server_group_id") == nullptr) continue;
    arguments.set("server_group_id", "g-1");
    CHECK(locks_of(operation, arguments) == std::vector<std::string>{"server_group g-1"});
  }
}

TEST_CASE("the numbers of documented statuses and codes are those of the platform") {
  CHECK(statuses("server_group").size() == 17);
  CHECK(statuses("protected_instance").size() == 23);
  CHECK(statuses("replication_pair").size() == 25);
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

TEST_CASE("an operation is found by its name and by the SDK's CamelCase") {
  CHECK(camel_case("start_failover_protection_group") == "StartFailoverProtectionGroup");
  CHECK(camel_case("show_quota") == "ShowQuota");
  for (const Operation& operation : catalog()) {
    CHECK(find_operation(operation.service, operation.name) == &operation);
    CHECK(find_operation(operation.service, camel_case(operation.name)) == &operation);
  }
  CHECK(find_operation("as", "show_quota") == nullptr);
  CHECK(find_operation("sdrs", "failover") == nullptr);
  CHECK(permission_name(*find_operation("sdrs", "ShowQuota")) == "sdrs:show_quota");
}

TEST_CASE("error codes are unique, have a meaning and a remedy, and operations name known ones") {
  std::set<std::string_view> seen;
  for (const ErrorCode& row : error_codes()) {
    INFO(row.code);
    CHECK(seen.insert(row.code).second);
    CHECK_FALSE(row.meaning.empty());
    CHECK_FALSE(row.remedy.empty());
    CHECK(row.http_status >= 400);
  }
  for (const Operation& operation : catalog()) {
    for (const std::string_view code : operation.errors) {
      INFO(operation.name << " " << code);
      CHECK(find_error_code(code) != nullptr);
    }
  }
  CHECK(find_error_code("SDRS.9999") == nullptr);
  CHECK(find_error_code("") == nullptr);
  CHECK(find_error_code("APIG.0308") == find_error_code("APIGW.0308"));
}
