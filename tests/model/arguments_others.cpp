// Arguments for Auto Scaling and the services around it.
#include "model/arguments.h"

namespace neap::model {
namespace {

using cloud::Operation;

json::Object object(std::initializer_list<json::Member> members) {
  return json::Object(std::vector<json::Member>(members));
}

}  // namespace

void Arguments::suit_as(const Operation& operation, json::Object& arguments) {
  const std::string_view name = operation.name;
  if (name == "create_scaling_group") {
    if (!dice_.one_in(4)) {
      arguments.set("scaling_configuration_id", pick("scaling_configuration"));
    }
    arguments.set("vpc_id", site_.vpc);
    arguments.set("scaling_group_name", fresh_name());
    const auto least = static_cast<std::int64_t>(dice_.below(2));
    arguments.set("min_instance_number", least);
    arguments.set("desire_instance_number", least + static_cast<std::int64_t>(dice_.below(3)));
    arguments.set("max_instance_number", 8);
  } else if (name == "update_scaling_group") {
    arguments.set("scaling_group_name", fresh_name());
    if (dice_.one_in(3)) {
      arguments.set("scaling_configuration_id", pick("scaling_configuration"));
    }
    if (dice_.one_in(3)) {
      arguments.set("desire_instance_number", static_cast<std::int64_t>(dice_.below(5)));
    }
  } else if (name == "delete_scaling_group") {
    if (dice_.one_in(2)) arguments.set("force_delete", "yes");
  } else if (name == "create_life_cycle_hook") {
    arguments.set("lifecycle_hook_name", "hook-" + std::to_string(dice_.below(8)));
    arguments.set("default_timeout", 600);
  } else if (name == "update_life_cycle_hook") {
    arguments.set("default_timeout", static_cast<std::int64_t>(300 + dice_.below(600)));
  } else if (name == "create_scaling_config") {
    arguments.set(
        "instance_config",
        object({{"flavorRef", "s3.large.2"},
                {"imageRef", dice_.id()},
                {"key_name", "key"},
                {"disk",
                 json::Array{object({{"size", 40}, {"volume_type", "SAS"}, {"disk_type", "SYS"}})}},
                {"security_groups", json::Array{object({{"id", dice_.id()}})}}}));
  } else if (name == "attach_callback_instance_life_cycle_hook") {
    suit_callback(arguments);
  } else if (name == "create_group_scheduled_task" || name == "update_group_scheduled_task") {
    arguments.set("scheduled_policy", object({{"launch_time", "2036-11-22T06:00Z"}}));
    arguments.set("instance_number", object({{"desire", 2}}));
    const Thing* task = things_.find("scheduled_task", arguments.text("scheduled_task_id"));
    if (task != nullptr) arguments.set("scaling_group_id", task->group);
  } else if (name == "delete_group_scheduled_task") {
    const Thing* task = things_.find("scheduled_task", arguments.text("scheduled_task_id"));
    if (task != nullptr) arguments.set("scaling_group_id", task->group);
  } else if (name.starts_with("batch_") && name.find("scaling_instances") != name.npos) {
    const auto& ids = arguments.list("instances_id");
    const Thing* instance =
        ids.empty() ? nullptr : things_.find("scaling_instance", *ids[0].as<std::string>());
    if (instance != nullptr) arguments.set("scaling_group_id", instance->group);
    if (name == "batch_add_scaling_instances") {
      arguments.set("instances_id", json::Array{spare_server()});
    }
  } else {
    suit_policy(operation, arguments);
  }
}

void Arguments::suit_policy(const Operation& operation, json::Object& arguments) {
  const std::string_view name = operation.name;
  if (name == "create_scaling_policy" || name == "create_scaling_v2_policy") {
    arguments.set("scaling_policy_type", "ALARM");
    arguments.set("alarm_id", "al" + dice_.id());
    arguments.set("cool_down_time", 60);
    if (name == "create_scaling_v2_policy") {
      arguments.set("scaling_resource_type", "SCALING_GROUP");
      arguments.set("scaling_resource_id", pick("scaling_group"));
    }
  } else if (name == "update_scaling_policy" || name == "update_scaling_v2_policy") {
    arguments.set("scaling_policy_name", fresh_name());
  } else if (name == "list_scaling_v2_policies") {
    arguments.set("scaling_resource_id", pick("scaling_group"));
  }
}

void Arguments::suit_callback(json::Object& arguments) {
  arguments = test::without(arguments, "instance_id");
  arguments = test::without(arguments, "lifecycle_hook_name");
  const auto& keys = sights_.hanging_keys;
  if (keys.empty() || dice_.one_in(10)) {
    arguments.set("lifecycle_action_key", dice_.id());
    return;
  }
  const std::string& key = keys[dice_.below(keys.size())];
  const std::size_t slash = key.find('/');
  arguments.set("scaling_group_id", key.substr(0, slash));
  arguments.set("lifecycle_action_key", key.substr(slash + 1));
}

void Arguments::suit_others(const Operation& operation, json::Object& arguments) {
  const std::string_view name = operation.name;
  if (name == "create_topic") {
    arguments.set("name", "topic-" + std::to_string(dice_.below(4)));
  } else if (name == "add_subscription") {
    arguments.set("protocol", "email");
    arguments.set("endpoint", "someone" + std::to_string(dice_.below(6)) + "@example.com");
  } else if (name == "confirm_subscription") {
    const auto& tokens = sights_.tokens;
    const bool known = !tokens.empty() && !dice_.one_in(4);
    arguments.set("token", known ? tokens[dice_.below(tokens.size())] : dice_.id());
  } else if (name == "publish_message") {
    arguments.set("message", "hello");
  } else if (name == "keystone_create_user_token_by_password") {
    const bool right = !dice_.one_in(4);
    const json::Value user =
        object({{"name", "simulator"},
                {"password", right ? "simulator-password-known-to-everyone" : "wrong"},
                {"domain", object({{"name", "simulator"}})}});
    arguments = object({{"identity", object({{"methods", json::Array{"password"}},
                                             {"password", object({{"user", user}})}})}});
  } else if (name == "list_resize_flavors") {
    arguments = object({{"source_flavor_id", "s3.large.2"}});
  }
}

}  // namespace neap::model
