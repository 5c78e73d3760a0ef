// The rules that operators meet first, one test for each.
#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "cloud/check.h"

using namespace neap;
using namespace neap::cloud;

namespace {

json::Object object(std::vector<json::Member> members) {
  return json::Object(std::move(members));
}

Result<void> check(std::string_view service, std::string_view name, const json::Object& arguments) {
  const Operation* operation = find_operation(service, name);
  REQUIRE(operation != nullptr);
  return check_arguments(*operation, arguments);
}

// A lifecycle hook, with one more member or another value of one.
Result<void> hook(std::string member, json::Value value) {
  json::Object arguments = object({{"scaling_group_id", "g-1"},
                                   {"lifecycle_hook_name", "hook-1"},
                                   {"lifecycle_hook_type", "INSTANCE_LAUNCHING"},
                                   {"notification_topic_urn", "urn:smn:cn-north-4:p1:topic"}});
  arguments.set(std::move(member), std::move(value));
  return check("as", "create_life_cycle_hook", arguments);
}

Result<void> callback(std::vector<json::Member> members) {
  members.emplace_back("scaling_group_id", "g-1");
  return check("as", "attach_callback_instance_life_cycle_hook", object(std::move(members)));
}

bool mentions(const Result<void>& result, std::string_view text) {
  if (result) return false;
  UNSCOPED_INFO(result.error().message);
  return result.error().message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a hook name is 1 to 32 letters, digits, underscores and hyphens") {
  CHECK(hook("lifecycle_hook_name", "a"));
  CHECK(hook("lifecycle_hook_name", std::string(32, 'a')));
  CHECK(mentions(hook("lifecycle_hook_name", std::string(33, 'a')), "1 to 32 English letters"));
  CHECK(mentions(hook("lifecycle_hook_name", ""), "must not be empty"));
  for (const char* bad : {"a b", "a.b", "保护", "a/b"}) {
    CHECK(mentions(hook("lifecycle_hook_name", bad), "lifecycle_hook_name = "));
  }
}

TEST_CASE("a hook holds for 300 to 86400 seconds") {
  for (const int good : {300, 3600, 86400}) CHECK(hook("default_timeout", good));
  for (const int bad : {299, 86401, 60, 0, -1}) {
    CHECK(mentions(hook("default_timeout", bad), "must be 300 to 86400"));
  }
}

TEST_CASE("a hook's metadata is at most 256 characters without < > & ' ( )") {
  CHECK(hook("notification_metadata", std::string(256, 'x')));
  std::string chinese;
  for (int i = 0; i < 256; ++i) chinese += "保";
  CHECK(hook("notification_metadata", chinese));
  CHECK(mentions(hook("notification_metadata", chinese + "保"), "(257 characters)"));
  for (const char c : std::string("<>&'()")) {
    CHECK(mentions(hook("notification_metadata", "a" + std::string(1, c)), "at most 256"));
  }
}

TEST_CASE("that a group has at most 5 hooks is a condition of making one") {
  const Words conditions = find_operation("as", "create_life_cycle_hook")->conditions;
  CHECK(std::any_of(conditions.begin(), conditions.end(), [](std::string_view condition) {
    return condition.find('5') != std::string_view::npos ||
           condition.find("five") != std::string_view::npos;
  }));
}

TEST_CASE("EXTEND is a result of a callback only") {
  CHECK(callback({{"lifecycle_action_key", "k"}, {"lifecycle_action_result", "EXTEND"}}));
  CHECK(mentions(hook("default_result", "EXTEND"), "must be one of"));
}

TEST_CASE("a callback names the hold by its key, or by its instance together with the hook") {
  const json::Member done{"lifecycle_action_result", "CONTINUE"};
  CHECK(callback({done, {"lifecycle_action_key", "k"}}));
  CHECK(callback({done, {"instance_id", "i"}, {"lifecycle_hook_name", "h"}}));
  CHECK(mentions(callback({done}), "one of lifecycle_action_key, instance_id must be given"));
  CHECK(mentions(callback({done, {"instance_id", "i"}}),
                 "instance_id = \"i\" needs lifecycle_hook_name, which is missing"));
  const json::Object both = object({{"scaling_group_id", "g-1"},
                                    done,
                                    {"lifecycle_action_key", "k"},
                                    {"instance_id", "i"},
                                    {"lifecycle_hook_name", "h"}});
  const Operation& operation = *find_operation("as", "attach_callback_instance_life_cycle_hook");
  CHECK(check_arguments(operation, both));
  REQUIRE(warnings_of(operation, both).size() == 1);
  CHECK(warnings_of(operation, both)[0].starts_with(
      "instance_id = \"i\" and lifecycle_hook_name = \"h\" are ignored beside "
      "lifecycle_action_key = \"k\": "));
}

TEST_CASE("a resize with flavorRef warns of the flavors that it beats, and one of them is needed") {
  const Operation& resize = *find_operation("sdrs", "resize_protected_instance");
  json::Object arguments = object({{"protected_instance_id", "i-1"}});
  CHECK(mentions(check_arguments(resize, arguments),
                 "one of flavorRef, production_flavorRef, dr_flavorRef must be given"));
  arguments.set("dr_flavorRef", "s6.large.2");
  CHECK(check_arguments(resize, arguments));
  CHECK(warnings_of(resize, arguments).empty());
  arguments.set("flavorRef", "c6.large.2");
  CHECK(check_arguments(resize, arguments));
  REQUIRE(warnings_of(resize, arguments).size() == 1);
  CHECK(warnings_of(resize, arguments)[0].starts_with(
      "dr_flavorRef = \"s6.large.2\" is ignored beside flavorRef = \"c6.large.2\": "));
}

TEST_CASE("a dedicated host takes a dedicated tenancy") {
  json::Object arguments = object({{"server_group_id", "g-1"},
                                   {"server_id", "s-1"},
                                   {"name", "n"},
                                   {"dedicated_host_id", "h-1"}});
  CHECK(mentions(check("sdrs", "create_protected_instance", arguments),
                 "dedicated_host_id = \"h-1\" needs tenancy = \"dedicated\", which is missing"));
  arguments.set("tenancy", "dedicated");
  CHECK(check("sdrs", "create_protected_instance", arguments));
}

TEST_CASE("a resize takes the hosts of servers on dedicated hosts") {
  CHECK(check("sdrs", "resize_protected_instance",
              object({{"protected_instance_id", "i-1"},
                      {"flavorRef", "c6.large.2"},
                      {"production_dedicated_host_id", "h-1"},
                      {"dr_dedicated_host_id", "h-2"}})));
}

TEST_CASE("the numbers of a scaling group do not fall from the smallest to the largest") {
  const auto change = [](int least, int most) {
    return check("as", "update_scaling_group",
                 object({{"scaling_group_id", "g-1"},
                         {"min_instance_number", least},
                         {"max_instance_number", most}}));
  };
  CHECK(change(1, 1));
  CHECK(
      mentions(change(3, 2), "min_instance_number = 3 must not be above max_instance_number = 2"));
}

TEST_CASE("what is nested is checked where it stands, and constants are nobody's to give") {
  const json::Value bad = object({{"server_id", "a/b"}});
  const json::Object batch =
      object({{"server_group_id", "g-1"},
              {"name_prefix", "n"},
              {"servers", json::Array{json::Value(object({{"server_id", "s-1"}})), bad}}});
  CHECK(mentions(check("sdrs", "batch_create_protected_instances", batch),
                 "servers[2].server_id = \"a/b\" must be an id"));
  const Result<void> constant = check("as", "resume_scaling_group",
                                      object({{"scaling_group_id", "g-1"}, {"action", "resume"}}));
  CHECK(mentions(constant, "action = \"resume\" must be left out: it is always resume"));
}
