// Auto Scaling in the catalogue: every operation, and the rules that its documents state.
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "catalog_words.h"
#include "cloud/catalog.h"
#include "cloud/rules.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;

namespace {

// As the interface names them.
constexpr std::string_view kNames[] = {
    "CreateScalingGroup",
    "ListScalingGroups",
    "ShowScalingGroup",
    "UpdateScalingGroup",
    "DeleteScalingGroup",
    "ResumeScalingGroup",
    "PauseScalingGroup",
    "CreateScalingConfig",
    "ListScalingConfigs",
    "ShowScalingConfig",
    "DeleteScalingConfig",
    "BatchDeleteScalingConfigs",
    "UpdateScalingConfig",
    "ListScalingInstances",
    "DeleteScalingInstance",
    "BatchAddScalingInstances",
    "BatchRemoveScalingInstances",
    "BatchProtectScalingInstances",
    "BatchUnprotectScalingInstances",
    "BatchSetScalingInstancesStandby",
    "BatchUnsetScalingInstancesStantby",
    "CreateLifyCycleHook",
    "ListLifeCycleHooks",
    "ShowLifeCycleHook",
    "UpdateLifeCycleHook",
    "DeleteLifecycleHook",
    "ListHookInstances",
    "AttachCallbackInstanceLifeCycleHook",
    "CreateScalingPolicy",
    "CreateScalingV2Policy",
    "UpdateScalingPolicy",
    "UpdateScalingV2Policy",
    "ListScalingPolicies",
    "ListScalingV2Policies",
    "ListAllScalingV2Policies",
    "ShowScalingPolicy",
    "ShowScalingV2Policy",
    "ExecuteScalingPolicy",
    "ResumeScalingPolicy",
    "PauseScalingPolicy",
    "DeleteScalingPolicy",
    "BatchDeleteScalingPolicies",
    "BatchResumeScalingPolicies",
    "BatchPauseScalingPolicies",
    "ListScalingPolicyExecuteLogs",
    "ListScalingActivityLogs",
    "ListScalingActivityV2Logs",
    "CreateScalingNotification",
    "ListScalingNotifications",
    "DeleteScalingNotification",
    "ShowResourceQuota",
    "ShowPolicyAndInstanceQuota",
    "ListApiVersions",
    "ShowApiVersion",
    "CreateGroupScheduledTask",
    "ListGroupScheduledTasks",
    "UpdateGroupScheduledTask",
    "DeleteGroupScheduledTask",
    "PutWarmPoolNew",
    "ShowWarmPoolNew",
    "CloseWarmPoolNew",
    "ListWarmPoolInstancesNew",
};

const Operation& operation_of(std::string_view name, std::string_view service = "as") {
  const Operation* found = find_operation(service, name);
  INFO(name);
  REQUIRE(found != nullptr);
  return *found;
}

const Param& param_of(std::string_view operation, std::string_view name) {
  const Param* found = find_param(operation_of(operation), name);
  INFO(operation << " " << name);
  REQUIRE(found != nullptr);
  return *found;
}

const Constraint* constraint_of(std::string_view operation, Bond bond, std::string_view first) {
  for (const Constraint& constraint : operation_of(operation).constraints) {
    if (constraint.bond == bond && constraint.these.front() == first) return &constraint;
  }
  return nullptr;
}

bool allows(const Param& param, std::string_view text) {
  return keeps(text_rule(param.rule), text);
}

}  // namespace

TEST_CASE("all 62 operations of Auto Scaling are there, found by the names of the interface") {
  std::set<const Operation*> found;
  for (const std::string_view name : kNames) found.insert(&operation_of(name));
  CHECK(found.size() == 62);
  const auto rows = catalog();
  CHECK(std::count_if(rows.begin(), rows.end(),
                      [](const Operation& row) { return row.service == "as"; }) == 62);
}

TEST_CASE("the misspelt names of the interface lead to well spelt ones") {
  CHECK(operation_of("CreateLifyCycleHook").name == "create_life_cycle_hook");
  CHECK(operation_of("create_lify_cycle_hook").name == "create_life_cycle_hook");
  CHECK(operation_of("BatchUnsetScalingInstancesStantby").name ==
        "batch_unset_scaling_instances_standby");
}

TEST_CASE("the neighbours have the operations that recovery needs") {
  for (const char* name :
       {"ShowServer", "ListServersDetails", "BatchStartServers", "BatchStopServers",
        "BatchRebootServers", "ShowJob", "ListResizeFlavors"}) {
    operation_of(name, "ecs");
  }
  for (const char* name : {"CreateTopic", "AddSubscription", "ListSubscriptions",
                           "CancelSubscription", "PublishMessage", "UpdateTopicAttribute"}) {
    operation_of(name, "smn");
  }
  for (const char* name :
       {"KeystoneCreateUserTokenByPassword", "KeystoneListProjects", "KeystoneListAuthDomains"}) {
    operation_of(name, "iam");
  }
}

TEST_CASE("every contradiction of the documents is settled by an entry") {
  std::string sides;
  for (const Operation& operation : catalog()) {
    if (operation.service == "as") sides += std::string(operation.sides) + " ";
  }
  for (int number = 1; number <= 15; ++number) {
    INFO(number);
    CHECK(sides.find("as.md 11." + std::to_string(number) + ":") != std::string::npos);
  }
}

TEST_CASE("an operation known without a status of success says which it takes") {
  for (const char* name :
       {"CreateGroupScheduledTask", "UpdateGroupScheduledTask", "DeleteGroupScheduledTask",
        "PutWarmPoolNew", "CloseWarmPoolNew", "UpdateScalingConfig"}) {
    const Operation& operation = operation_of(name);
    const std::string status = std::to_string(operation.success);
    INFO(name);
    CHECK(operation.sides.find(status) != std::string_view::npos);
    CHECK((operation.method == http::Method::kDelete) == (operation.success == 204));
  }
}

TEST_CASE("a hook's name has 1 to 32 letters, digits, _ and -") {
  for (const char* operation : {"CreateLifyCycleHook", "ShowLifeCycleHook", "UpdateLifeCycleHook",
                                "DeleteLifecycleHook", "AttachCallbackInstanceLifeCycleHook"}) {
    const Param& name = param_of(operation, "lifecycle_hook_name");
    CHECK(allows(name, "h"));
    CHECK(allows(name, "Hook-1_a"));
    CHECK(allows(name, std::string(32, 'h')));
    CHECK_FALSE(allows(name, std::string(33, 'h')));
    CHECK_FALSE(allows(name, ""));
    CHECK_FALSE(allows(name, "a b"));
    CHECK_FALSE(allows(name, "a.b"));
    CHECK_FALSE(allows(name, "钩"));
  }
}

TEST_CASE("a hook waits 300 to 86400 seconds, 3600 when nobody says") {
  for (const char* operation : {"CreateLifyCycleHook", "UpdateLifeCycleHook"}) {
    const Param& timeout = param_of(operation, "default_timeout");
    CHECK(timeout.type == Type::kInteger);
    CHECK(timeout.min == 300);
    CHECK(timeout.max == 86400);
  }
  CHECK(param_of("CreateLifyCycleHook", "default_timeout").fallback == "3600");
  CHECK(param_of("UpdateLifeCycleHook", "default_timeout").fallback.empty());
}

TEST_CASE("metadata has at most 256 characters and none of < > & ' ( )") {
  for (const char* operation : {"CreateLifyCycleHook", "UpdateLifeCycleHook"}) {
    const Param& metadata = param_of(operation, "notification_metadata");
    CHECK(allows(metadata, ""));
    CHECK(allows(metadata, std::string(256, 'm')));
    CHECK_FALSE(allows(metadata, std::string(257, 'm')));
    for (const char c : std::string("<>&'()")) CHECK_FALSE(allows(metadata, std::string("a") + c));
    CHECK(allows(metadata, "zone \"a\", 100%"));
  }
}

TEST_CASE("a group's sixth hook is a condition for people, and has its code") {
  const Operation& create = operation_of("CreateLifyCycleHook");
  REQUIRE_FALSE(create.conditions.empty());
  CHECK(create.conditions.front().find("fewer than 5 hooks") != std::string_view::npos);
  CHECK(contains(create.errors, "AS.7038"));
  CHECK(contains(create.errors, "AS.7041"));
  CHECK(create.lookup.unique);
}

TEST_CASE("EXTEND answers a hold, it is no default") {
  CHECK_FALSE(contains(param_of("CreateLifyCycleHook", "default_result").one_of, "EXTEND"));
  CHECK_FALSE(contains(param_of("UpdateLifeCycleHook", "default_result").one_of, "EXTEND"));
  const Param& result = param_of("AttachCallbackInstanceLifeCycleHook", "lifecycle_action_result");
  CHECK(contains(result.one_of, "EXTEND"));
}

TEST_CASE("a callback names its hold by key, which wins, or by instance and hook") {
  const char* callback = "AttachCallbackInstanceLifeCycleHook";
  const Constraint* least = constraint_of(callback, Bond::kAtLeastOne, "lifecycle_action_key");
  REQUIRE(least != nullptr);
  CHECK(contains(least->these, "instance_id"));
  const Constraint* needs = constraint_of(callback, Bond::kNeeds, "instance_id");
  REQUIRE(needs != nullptr);
  CHECK(contains(needs->those, "lifecycle_hook_name"));
  const Constraint* beats = constraint_of(callback, Bond::kBeats, "lifecycle_action_key");
  REQUIRE(beats != nullptr);
  CHECK(contains(beats->those, "instance_id"));
  CHECK(contains(beats->those, "lifecycle_hook_name"));
  CHECK(operation_of(callback).urgency == Urgency::kHook);
  CHECK(operation_of("ListHookInstances").urgency == Urgency::kHook);
}

TEST_CASE("a group's smallest, desired and largest number rise, listeners are of one kind") {
  for (const char* operation : {"CreateScalingGroup", "UpdateScalingGroup"}) {
    const Constraint* rises = constraint_of(operation, Bond::kRises, "min_instance_number");
    REQUIRE(rises != nullptr);
    REQUIRE(rises->these.size() == 3);
    CHECK(rises->these[1] == "desire_instance_number");
    CHECK(rises->these[2] == "max_instance_number");
    CHECK(constraint_of(operation, Bond::kAtMostOne, "lb_listener_id") != nullptr);
  }
}

TEST_CASE("a policy of a type needs what sets that type off") {
  for (const char* operation : {"CreateScalingPolicy", "CreateScalingV2Policy",
                                "UpdateScalingPolicy", "UpdateScalingV2Policy"}) {
    std::set<std::string> needs;
    for (const Constraint& constraint : operation_of(operation).constraints) {
      if (constraint.bond != Bond::kValueNeeds) continue;
      needs.insert(std::string(constraint.value) + " " + std::string(constraint.those.front()));
    }
    CHECK(needs.contains("ALARM alarm_id"));
    CHECK(needs.contains("SCHEDULED scheduled_policy"));
    CHECK(needs.contains("RECURRENCE scheduled_policy"));
  }
}

TEST_CASE("calls that share a path are told apart by what is always sent") {
  for (const auto& [name, action] : {std::pair{"ResumeScalingGroup", "resume"},
                                     {"PauseScalingGroup", "pause"},
                                     {"BatchAddScalingInstances", "ADD"},
                                     {"BatchRemoveScalingInstances", "REMOVE"},
                                     {"BatchProtectScalingInstances", "PROTECT"},
                                     {"BatchUnprotectScalingInstances", "UNPROTECT"},
                                     {"BatchSetScalingInstancesStandby", "ENTER_STANDBY"},
                                     {"BatchUnsetScalingInstancesStantby", "EXIT_STANDBY"},
                                     {"ExecuteScalingPolicy", "execute"},
                                     {"ResumeScalingPolicy", "resume"},
                                     {"PauseScalingPolicy", "pause"},
                                     {"BatchDeleteScalingPolicies", "delete"},
                                     {"BatchResumeScalingPolicies", "resume"},
                                     {"BatchPauseScalingPolicies", "pause"}}) {
    CHECK(param_of(name, "action").constant == action);
  }
}

TEST_CASE("batches and pages have the sizes that the documents allow") {
  CHECK(param_of("BatchAddScalingInstances", "instances_id").max == 10);
  CHECK(param_of("BatchDeleteScalingPolicies", "scaling_policy_id").max == 20);
  CHECK(param_of("BatchDeleteScalingConfigs", "scaling_configuration_id").max == 50);
  CHECK(param_of("CreateScalingGroup", "networks").max == 5);
  CHECK(param_of("CreateScalingGroup", "lbaas_listeners").max == 6);
  CHECK(param_of("CreateScalingGroup", "security_groups").max == 1);
  CHECK(param_of("CreateScalingGroup", "tags").max == 10);
  for (const Operation& operation : catalog()) {
    if (operation.service != "as" || operation.paging == Paging::kNone) continue;
    INFO(operation.name);
    CHECK(operation.paging == Paging::kStartNumber);
    CHECK(find_param(operation, "limit")->max == 100);
  }
}

TEST_CASE("paths are those of the interface's two versions, but for warm pools and versions") {
  for (const Operation& operation : catalog()) {
    if (operation.service != "as" || operation.resource == "as_api_version") continue;
    INFO(operation.name);
    const bool warm = operation.resource.starts_with("warm_pool");
    const bool second = operation.name.find("v2") != std::string_view::npos;
    const std::string_view prefix = warm     ? "/v2/{project_id}/"
                                    : second ? "/autoscaling-api/v2/{project_id}/"
                                             : "/autoscaling-api/v1/{project_id}/";
    CHECK(operation.path.starts_with(prefix));
  }
}
