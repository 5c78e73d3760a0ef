#include "model/arguments.h"

#include "cloud/request.h"
#include "json/writer.h"

namespace neap::model {
namespace {

using cloud::Operation;
using cloud::Param;
using cloud::Place;

json::Object object(std::string name, json::Value value) {
  json::Object out;
  out.set(std::move(name), std::move(value));
  return out;
}

bool has(const Operation& operation, std::string_view name) {
  for (const Param& param : operation.params) {
    if (param.name == name) return true;
  }
  return false;
}

// The parameter that a field is of: "servers[1].server_id"; nullptr when there is none.
const Param* param_of(std::span<const Param> params, std::string_view field) {
  const std::string_view top = field.substr(0, field.find_first_of(".["));
  const std::size_t dot = field.find('.');
  for (const Param& param : params) {
    if (param.name != top) continue;
    return dot == field.npos ? &param : param_of(param.members, field.substr(dot + 1));
  }
  return nullptr;
}

// Rules that only the sender can break: on the wire the request says something else, or nothing.
bool is_senders(const Operation& operation, const test::RuleCase& row) {
  if (row.says == "unknown parameter" || row.says == "must be left out") return true;
  if (row.value.as<double>() != nullptr) return true;  // a NaN, 1e300: no JSON number
  const auto* text = row.value.as<std::string>();
  if (text != nullptr && !json::is_utf8(*text)) return true;  // a body has U+FFFD instead
  const std::string top = row.field.substr(0, row.field.find_first_of(".["));
  for (const Param& param : operation.params) {
    if (param.name != top) continue;
    if (param.place == Place::kBody) break;
    // In path and query everything is a text, and an empty one is none.
    return text == nullptr || text->empty() || param.place == Place::kPath ||
           param.type == cloud::Type::kStringList;
  }
  const Param* param = param_of(operation.params, row.field);
  const bool holds_members = param != nullptr && !row.field.ends_with(']') &&
                             !param->members.empty() && row.value.as<json::Array>() == nullptr;
  if (holds_members) return row.says != "is missing";  // sent as an empty list
  // That a needed text is not empty is our own rule where the documents have none.
  if (row.says == "must not be empty" && param != nullptr && param->rule == cloud::Rule::kAny) {
    return true;
  }
  // An object is how scripts write an empty list, and null is as good as absent.
  if (row.value.as<json::Object>() != nullptr) return true;
  return row.value.is_null() && row.says != "is missing";
}

}  // namespace

std::string Arguments::fresh_name() {
  return "model-" + std::to_string(++serial_);
}

std::string Arguments::pick(std::string_view resource) {
  Kind& kind = things_.of(resource);
  if (kind.empty() || dice_.one_in(25)) return dice_.id();
  auto found = kind.begin();
  std::advance(found, static_cast<std::ptrdiff_t>(dice_.below(kind.size())));
  return found->first;
}

json::Value Arguments::named(const Operation& operation, const std::string& parameter,
                             const json::Value& value) {
  if (value.as<std::string>() != nullptr) {
    const std::string_view resource = named_by(operation, parameter);
    return resource.empty() ? value : json::Value(pick(resource));
  }
  const auto* list = value.as<json::Array>();
  if (list == nullptr) return value;
  json::Array items;
  for (const json::Value& item : *list) {
    const auto* row = item.as<json::Object>();
    if (row == nullptr) {
      items.push_back(named(operation, parameter, item));
      continue;
    }
    json::Object inner;
    for (const auto& [name, member] : *row) {
      inner.set(name, named(operation, parameter + "." + name, member));
    }
    items.emplace_back(std::move(inner));
  }
  return items;
}

void Arguments::name_things(const Operation& operation, json::Object& arguments) {
  json::Object out;
  for (const auto& [name, value] : arguments) {
    out.set(name, named(operation, name, value));
  }
  arguments = std::move(out);
  for (const Param& param : operation.params) {
    const bool is_id = param.rule == cloud::Rule::kId && param.type == cloud::Type::kString;
    const bool stands = arguments.find(param.name) != nullptr;
    if (is_id && stands && named_by(operation, param.name).empty()) {
      arguments.set(std::string(param.name), dice_.id());
    }
  }
  if (operation.resource == "lifecycle_hook" && has(operation, "lifecycle_hook_name") &&
      operation.effect != cloud::Effect::kCreate) {
    const std::string key = pick("lifecycle_hook");
    const std::size_t slash = key.find('/');
    if (slash != std::string::npos) {
      arguments.set("scaling_group_id", key.substr(0, slash));
      arguments.set("lifecycle_hook_name", key.substr(slash + 1));
    }
  }
  if (operation.service == "ecs" && arguments.find("servers") != nullptr) {
    json::Array servers{object("id", idle_server())};
    if (dice_.one_in(4)) servers.emplace_back(object("id", idle_server()));
    arguments.set("servers", std::move(servers));
  }
  if (operation.name == "delete_scaling_notification") {
    const std::string key = pick("scaling_notification");
    const std::size_t slash = key.find('/');
    if (slash != std::string::npos) {
      arguments.set("scaling_group_id", key.substr(0, slash));
      arguments.set("topic_urn", key.substr(slash + 1));
    }
  }
}

// One on which no job is at work: a job's parts end before it does, and nobody tells when.
std::string Arguments::idle_server() {
  for (int attempt = 0; attempt < 8; ++attempt) {
    const std::string id = pick("server");
    const Thing* server = things_.find("server", id);
    if (server == nullptr || (server->stays && !server->busy)) return id;
  }
  return dice_.id();
}

// Mostly a server that may be protected.
std::string Arguments::spare_server() {
  std::vector<std::string> spares;
  for (const auto& [id, server] : things_.of("server")) {
    if (server.spare) spares.push_back(id);
  }
  if (spares.empty() || dice_.one_in(20)) return pick("server");
  return spares[dice_.below(spares.size())];
}

Choice Arguments::choose(const Operation& operation) {
  Choice choice;
  choice.plain = !dice_.one_in(8);
  choice.arguments = choice.plain ? made_.minimal(operation) : made_.full(operation);
  name_things(operation, choice.arguments);
  if (has(operation, "name") && operation.method != http::Method::kGet &&
      operation.service != "iam") {
    choice.arguments.set("name", fresh_name());
  }
  // What is drawn beside the needed arguments may contradict itself in ways that no rule states.
  if (choice.plain) suit(operation, choice.arguments);
  return choice;
}

std::optional<json::Object> Arguments::broken(const Operation& operation) {
  auto& rows = broken_[cloud::permission_name(operation)];
  if (rows.empty()) {
    for (test::RuleCase& row : made_.violations(operation)) {
      if (!is_senders(operation, row)) rows.push_back(std::move(row));
    }
  }
  if (rows.empty()) return std::nullopt;
  const test::RuleCase row = std::move(rows.back());
  rows.pop_back();
  const std::string top = row.field.substr(0, row.field.find_first_of(".["));
  json::Object arguments = made_.minimal(operation);
  name_things(operation, arguments);
  suit(operation, arguments);
  arguments = test::without(arguments, top);
  if (const json::Value* value = row.arguments.find(top)) arguments.set(top, *value);
  const bool sendable =
      cloud::build_request(operation, "https://simulator", "project", arguments).has_value();
  return sendable ? std::optional(arguments) : std::nullopt;
}

void Arguments::suit(const Operation& operation, json::Object& arguments) {
  if (operation.service == "sdrs") {
    suit_sdrs(operation, arguments);
    suit_pairs(operation, arguments);
  } else if (operation.service == "as") {
    suit_as(operation, arguments);
  } else {
    suit_others(operation, arguments);
  }
  if (has(operation, "api_version")) arguments.set("api_version", dice_.one_in(9) ? "v9" : "v1");
  if (has(operation, "job_id")) {
    const std::string prefix = std::string(operation.service) + "/";
    std::string id = dice_.id();
    for (const std::string& job : sights_.jobs) {
      if (job.starts_with(prefix) && !dice_.one_in(12)) id = job.substr(prefix.size());
    }
    arguments.set("job_id", id);
  }
}

void Arguments::suit_sdrs(const Operation& operation, json::Object& arguments) {
  const std::string_view name = operation.name;
  if (name == "create_protection_group") {
    arguments.set("domain_id", site_.domain);
    arguments.set("source_availability_zone", site_.source_zone);
    arguments.set("target_availability_zone", site_.target_zone);
    arguments.set("source_vpc_id", site_.vpc);
  } else if (name == "create_protected_instance") {
    arguments.set("server_id", spare_server());
  } else if (name == "batch_create_protected_instances") {
    json::Array servers{object("server_id", spare_server())};
    if (dice_.one_in(2)) servers.emplace_back(object("server_id", spare_server()));
    arguments.set("servers", std::move(servers));
  } else if (name == "delete_protected_instance" || name == "batch_delete_protected_instances") {
    const Thing* instance = things_.find("protected_instance", pick("protected_instance"));
    const Thing* group = instance ? things_.find("server_group", instance->group) : nullptr;
    if (name == "delete_protected_instance" && instance != nullptr) {
      arguments.set("protected_instance_id", instance->id);
    }
    // Where the group has failed over, DR servers are not to be deleted.
    if (group != nullptr && group->station == "source" && name == "delete_protected_instance") {
      arguments.set("delete_target_server", true);
    }
  } else if (name == "start_reverse_protection_group") {
    arguments.set("priority_station", dice_.one_in(2) ? "source" : "target");
  } else if (name == "resize_protected_instance") {
    arguments.set("flavorRef", dice_.one_in(2) ? "s3.xlarge.2" : "s3.2xlarge.2");
  } else if (name == "delete_protected_instance_nic") {
    for (const auto& [id, instance] : things_.of("protected_instance")) {
      const Thing* group = things_.find("server_group", instance.group);
      const bool at_home = group == nullptr || group->station == "source";
      const auto nic = sights_.second_nics.find(instance.servers[at_home ? 0 : 1]);
      if (nic == sights_.second_nics.end() || dice_.one_in(4)) continue;
      arguments.set("protected_instance_id", id);
      arguments.set("nic_id", nic->second);
    }
  } else if (name == "delete_failure_job") {
    const auto& known = sights_.failure_jobs;
    arguments.set("failure_job_id", known.empty() ? dice_.id() : known[dice_.below(known.size())]);
  } else if (name == "delete_protected_instance_tag") {
    arguments.set("key", "colour-" + std::to_string(dice_.below(3)));
  } else if (name == "add_protected_instance_tags") {
    arguments.set("key", "colour-" + std::to_string(dice_.below(3)));
    arguments.set("value", "blue");
  } else if (name == "list_protected_instances_by_tags") {
    suit_tag_query(arguments);
  } else if (name == "list_rpo_statistics") {
    arguments = json::Object();
  }
}

void Arguments::suit_tag_query(json::Object& arguments) {
  json::Object tag;
  tag.set("key", "colour-" + std::to_string(dice_.below(3)));
  tag.set("values", json::Array{"blue"});
  arguments = json::Object();
  arguments.set("action", dice_.one_in(2) ? "filter" : "count");
  arguments.set("tags", json::Array{std::move(tag)});
}

void Arguments::suit_pairs(const Operation& operation, json::Object& arguments) {
  const std::string_view name = operation.name;
  if (name == "expand_replication") {
    arguments.set("new_size", static_cast<std::int64_t>(100 + dice_.below(4000)));
  } else if (name == "delete_replication" || name == "attach_protected_instance_replication" ||
             name == "detach_protected_instance_replication") {
    // Mostly one that fits: attached to take off, free to put on or to delete.
    const bool wants_attached = name == "detach_protected_instance_replication";
    std::vector<const Thing*> fitting;
    for (const auto& [id, pair] : things_.of("replication_pair")) {
      if (pair.attached.empty() != wants_attached) fitting.push_back(&pair);
    }
    if (!fitting.empty() && !dice_.one_in(8)) {
      const Thing& pair = *fitting[dice_.below(fitting.size())];
      arguments.set("replication_id", pair.id);
      if (wants_attached) arguments.set("protected_instance_id", *pair.attached.begin());
      const auto members = things_.in_group("protected_instance", pair.group);
      if (name.starts_with("attach") && !members.empty()) {
        arguments.set("protected_instance_id", members[dice_.below(members.size())]->id);
      }
    }
    if (name.starts_with("attach")) {
      arguments.set("device", std::string("/dev/vd") + static_cast<char>('e' + dice_.below(20)));
    }
  }
}

}  // namespace neap::model
