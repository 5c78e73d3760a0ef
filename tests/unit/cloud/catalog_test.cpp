// Every entry of the catalogue is sound: names, paths, parameters, constraints, codes.
#include "cloud/catalog.h"

#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "catalog_words.h"
#include "cloud/rules.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;

namespace {

bool is_list(const Param& param) {
  return param.type == Type::kStringList || param.type == Type::kObjectList;
}

void check_fields(std::span<const Param> params);

void check_param(const Param& param) {
  INFO(param.name);
  CHECK_FALSE(param.help.empty());
  CHECK_FALSE(param.help.ends_with('.'));
  CHECK(param.min <= param.max);
  CHECK_FALSE((param.required && !param.fallback.empty()));
  const bool counts = param.type == Type::kInteger || param.type == Type::kNumber || is_list(param);
  CHECK((counts || (param.min == INT64_MIN && param.max == INT64_MAX)));
  if (is_list(param)) CHECK((param.min >= 0 || param.max == INT64_MAX));
  const bool texts = param.type == Type::kString || param.type == Type::kStringList;
  CHECK((texts || param.rule == Rule::kAny));
  CHECK((texts || param.type == Type::kInteger || param.one_of.empty()));
  if (!param.constant.empty()) {
    CHECK(param.place == Place::kBody);
    CHECK((param.one_of.empty() || contains(param.one_of, param.constant)));
  }
  if (param.members.empty()) return;
  CHECK((param.type == Type::kObject || param.type == Type::kObjectList));
  CHECK(param.place == Place::kBody);
  check_fields(param.members);
}

void check_fields(std::span<const Param> params) {
  std::set<std::string_view> names;
  for (const Param& param : params) {
    CHECK(names.insert(param.name).second);
    check_param(param);
  }
}

}  // namespace

TEST_CASE("every placeholder of a path is a required path parameter, and the other way round") {
  for (const Operation& operation : catalog()) {
    INFO(permission_name(operation));
    CHECK(operation.path.starts_with('/'));
    std::set<std::string> placeholders;
    for (const std::string_view segment : split(operation.path, '/')) {
      if (segment.starts_with('{')) placeholders.emplace(segment.substr(1, segment.size() - 2));
    }
    placeholders.erase("project_id");
    for (const std::string& name : placeholders) {
      INFO(name);
      const Param* param = find_param(operation, name);
      REQUIRE(param != nullptr);
      CHECK(param->place == Place::kPath);
      CHECK(param->required);
      CHECK(param->type == Type::kString);
      CHECK_FALSE(keeps(text_rule(param->rule), "a/b"));
    }
    const auto in_path = std::count_if(operation.params.begin(), operation.params.end(),
                                       [](const Param& p) { return p.place == Place::kPath; });
    CHECK(static_cast<std::size_t>(in_path) == placeholders.size());
  }
}

TEST_CASE("names and aliases are an operation's own, and so is what is sent for it") {
  std::set<std::string> names;
  std::set<std::string> routes;
  for (const Operation& operation : catalog()) {
    INFO(permission_name(operation));
    const std::string service = std::string(operation.service) + ":";
    CHECK(names.insert(service + camel_case(operation.name)).second);
    if (!operation.alias.empty()) {
      CHECK(operation.alias != operation.name);
      CHECK(names.insert(service + camel_case(operation.alias)).second);
      CHECK(find_operation(operation.service, operation.alias) == &operation);
    }
    std::string route = service + std::string(to_text(operation.method)) + " " +
                        std::string(operation.path) + " " + std::string(operation.envelope);
    for (const Param& param : operation.params) route += " " + std::string(param.constant);
    CHECK(routes.insert(route).second);
  }
}

TEST_CASE("every parameter has a help text, and rules that fit its type") {
  for (const Operation& operation : catalog()) {
    INFO(permission_name(operation));
    check_fields(operation.params);
  }
}

TEST_CASE(
    "a GET is a read but for the one that confirms; a read takes no evidence, job or lookup; an "
    "entry says what it is") {
  const std::set<std::string_view> services = {"sdrs", "as", "ecs", "smn", "iam"};
  const std::set<int> successes = {200, 201, 202, 204};
  for (const Operation& operation : catalog()) {
    INFO(permission_name(operation));
    CHECK(services.contains(operation.service));
    CHECK(successes.contains(operation.success));
    CHECK_FALSE(operation.summary.empty());
    CHECK_FALSE(operation.summary.ends_with('.'));
    CHECK_FALSE(operation.source.empty());
    const Resource* resource = find_resource(operation.resource);
    REQUIRE(resource != nullptr);
    CHECK(resource->service == operation.service);
    if (operation.success == 204) CHECK(operation.result.empty());
    const bool read = operation.effect == Effect::kRead;
    const bool get = operation.method == http::Method::kGet;
    CHECK((read || !get || operation.name == "confirm_subscription"));
    CHECK((read || operation.paging == Paging::kNone));
    CHECK(read == operation.evidence.empty());
    if (read) {
      CHECK_FALSE(is_asynchronous(operation));
      CHECK(operation.transitions.empty());
      CHECK(operation.lookup.show.empty());
      CHECK(operation.lookup.list.empty());
    }
    if (!get) continue;
    CHECK(operation.envelope.empty());
    for (const Param& param : operation.params) CHECK(param.place != Place::kBody);
  }
}

TEST_CASE("paged operations take what their way of paging sends, and answer a list") {
  for (const Operation& operation : catalog()) {
    INFO(permission_name(operation));
    const auto takes = [&](std::string_view name, Place place, Type type) {
      const Param* param = find_param(operation, name);
      return param != nullptr && param->place == place && param->type == type;
    };
    switch (operation.paging) {
      case Paging::kNone:
        CHECK_FALSE((has_param(operation, "limit") &&
                     (has_param(operation, "offset") || has_param(operation, "start_number"))));
        continue;
      case Paging::kOffset:
      case Paging::kPageNumber:
        CHECK(takes("limit", Place::kQuery, Type::kInteger));
        CHECK(takes("offset", Place::kQuery, Type::kInteger));
        break;
      case Paging::kStartNumber:
        CHECK(takes("limit", Place::kQuery, Type::kInteger));
        CHECK(takes("start_number", Place::kQuery, Type::kInteger));
        break;
      case Paging::kBody:
        CHECK(takes("limit", Place::kBody, Type::kString));
        CHECK(takes("offset", Place::kBody, Type::kString));
        break;
    }
    CHECK_FALSE(operation.result.empty());
  }
}

TEST_CASE("a constraint names parameters, and values that they may have") {
  for (const Operation& operation : catalog()) {
    for (const Constraint& constraint : operation.constraints) {
      INFO(permission_name(operation) << ": " << constraint.because);
      CHECK_FALSE(constraint.because.empty());
      CHECK_FALSE(constraint.these.empty());
      for (const std::string_view name : constraint.these) CHECK(has_param(operation, name));
      for (const std::string_view name : constraint.those) CHECK(has_param(operation, name));
      const Bond bond = constraint.bond;
      const bool among_these =
          bond == Bond::kAtLeastOne || bond == Bond::kAtMostOne || bond == Bond::kRises;
      CHECK(constraint.those.empty() == among_these);
      if (among_these) CHECK(constraint.these.size() > 1);
      const bool has_value = bond == Bond::kNeedsValue || bond == Bond::kValueNeeds;
      CHECK(constraint.value.empty() == !has_value);
      if (!has_value) continue;
      const Param* param =
          find_param(operation, bond == Bond::kNeedsValue ? constraint.those.front()
                                                          : constraint.these.front());
      CHECK((param->one_of.empty() || contains(param->one_of, constraint.value)));
    }
  }
}

TEST_CASE("a resource has a name, a noun and statuses that are its own") {
  std::set<std::string_view> names;
  for (const Resource& resource : resources()) {
    INFO(resource.name);
    CHECK(names.insert(resource.name).second);
    CHECK(find_resource(resource.name) == &resource);
    CHECK_FALSE(resource.noun.empty());
    CHECK((resource.statuses.empty() || !resource.status.empty()));
    const std::set<std::string_view> once(resource.statuses.begin(), resource.statuses.end());
    CHECK(once.size() == resource.statuses.size());
  }
  CHECK(find_resource("dragon") == nullptr);
  CHECK(statuses("dragon").empty());
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
  }
  for (const Operation& operation : catalog()) {
    std::set<std::string_view> once;
    for (const std::string_view code : operation.errors) {
      INFO(permission_name(operation) << " " << code);
      CHECK(find_error_code(code) != nullptr);
      CHECK(once.insert(code).second);
    }
  }
  CHECK(find_error_code("SDRS.9999") == nullptr);
  CHECK(find_error_code("") == nullptr);
  CHECK(find_error_code("APIG.0308") == find_error_code("APIGW.0308"));
}
