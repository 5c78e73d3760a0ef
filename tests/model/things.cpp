#include "model/things.h"

#include <algorithm>

namespace neap::model {
namespace {

struct Name {
  std::string_view service;
  std::string_view parameter;
  std::string_view resource;
};

constexpr Name kNames[] = {
    {"sdrs", "server_group_id", "server_group"},
    {"sdrs", "protected_instance_id", "protected_instance"},
    {"sdrs", "protected_instances.id", "protected_instance"},
    {"sdrs", "replication_id", "replication_pair"},
    {"sdrs", "disaster_recovery_drill_id", "dr_drill"},
    {"sdrs", "server_id", "server"},
    {"sdrs", "servers.server_id", "server"},
    {"ecs", "server_id", "server"},
    {"ecs", "servers.id", "server"},
    {"as", "scaling_group_id", "scaling_group"},
    {"as", "scaling_configuration_id", "scaling_configuration"},
    {"as", "source_scaling_configuration_id", "scaling_configuration"},
    {"as", "scaling_policy_id", "scaling_policy"},
    {"as", "scheduled_task_id", "scheduled_task"},
    {"as", "instance_id", "scaling_instance"},
    {"as", "instances_id", "scaling_instance"},
    {"as", "notification_topic_urn", "topic"},
    {"as", "topic_urn", "topic"},
    {"smn", "topic_urn", "topic"},
    {"smn", "subscription_urn", "subscription"},
};

void add(const cloud::Operation& operation, std::string_view parameter, const json::Value& value,
         std::vector<Reference>& out) {
  if (const auto* text = value.as<std::string>()) {
    const std::string_view resource = named_by(operation, parameter);
    if (!resource.empty()) out.push_back({std::string(resource), *text});
  } else if (const auto* list = value.as<json::Array>()) {
    for (const json::Value& item : *list) {
      if (const auto* object = item.as<json::Object>()) {
        for (const auto& [name, inner] : *object) {
          add(operation, std::string(parameter) + "." + name, inner, out);
        }
      } else {
        add(operation, parameter, item, out);
      }
    }
  }
}

}  // namespace

std::string_view named_by(const cloud::Operation& operation, std::string_view parameter) {
  if (operation.name == "batch_add_scaling_instances" && parameter == "instances_id") {
    return "server";
  }
  // A callback names an instance with its hook, and is refused by what hangs, not by what exists.
  if (operation.resource == "held_instance" && parameter == "instance_id") return {};
  for (const Name& row : kNames) {
    if (row.service == operation.service && row.parameter == parameter) return row.resource;
  }
  return {};
}

std::vector<Reference> references(const cloud::Operation& operation,
                                  const json::Object& arguments) {
  std::vector<Reference> out;
  for (const cloud::Param& param : operation.params) {
    const json::Value* value = arguments.find(param.name);
    if (value == nullptr || param.place == cloud::Place::kQuery) continue;
    add(operation, param.name, *value, out);
  }
  // Hooks and notifications have no ids of their own: their group and their name stand for them.
  const std::string group = arguments.text("scaling_group_id");
  for (const cloud::Param& param : operation.params) {
    if (param.place != cloud::Place::kPath) continue;
    const std::string value = group + "/" + arguments.text(param.name);
    if (param.name == "lifecycle_hook_name") out.push_back({"lifecycle_hook", value});
    if (param.name == "topic_urn" && operation.service == "as") {
      out.push_back({"scaling_notification", value});
    }
  }
  return out;
}

std::vector<Reference> targets(const cloud::Operation& operation, const json::Object& arguments) {
  std::vector<Reference> out;
  if (makes(operation)) return out;
  for (Reference& found : references(operation, arguments)) {
    const bool twice = std::any_of(out.begin(), out.end(),
                                   [&](const Reference& known) { return known.id == found.id; });
    if (found.resource == operation.resource && !twice) out.push_back(std::move(found));
  }
  return out;
}

bool is_among(std::string_view word, cloud::Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_busy(std::string_view status) {
  return status == "failing-over" || (status.ends_with("ing") && !status.starts_with("error"));
}

bool removes(const cloud::Operation& operation) {
  return !operation.transitions.empty() && operation.transitions.front().success.empty();
}

bool makes(const cloud::Operation& operation) {
  return operation.effect == cloud::Effect::kCreate || operation.name == "create_topic" ||
         operation.name == "add_subscription" ||
         operation.name == "batch_create_protected_instances";
}

std::string Dice::id() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int i = 0; i < 36; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    text += dash ? '-' : kDigits[below(16)];
  }
  return text;
}

}  // namespace neap::model
