// Reading everything back, and holding it against the model.
#include <algorithm>

#include "model/machine.h"

namespace neap::model {
namespace {

using cloud::Operation;

std::string described(const Thing& thing) {
  return thing.id + " " + thing.status + " \"" + thing.name + "\"";
}

std::string text_of(const json::Object& row, std::string_view key) {
  if (const std::string text = row.text(key); !text.empty()) return text;
  const auto number = row.number(key);
  return number ? std::to_string(static_cast<int>(*number)) : std::string();
}

}  // namespace

std::vector<json::Object> Machine::list(const Operation& operation, json::Object arguments) {
  std::vector<json::Object> rows;
  const std::size_t limit = 100;
  for (std::int64_t page = 0;; ++page) {
    const auto count = static_cast<std::int64_t>(rows.size());
    if (operation.paging != cloud::Paging::kNone) arguments.set("limit", std::int64_t{limit});
    if (operation.paging == cloud::Paging::kOffset) arguments.set("offset", count);
    if (operation.paging == cloud::Paging::kStartNumber) arguments.set("start_number", count);
    if (operation.paging == cloud::Paging::kPageNumber) arguments.set("offset", page + 1);
    const Seen seen = platform_.call(operation, arguments);
    if (seen.status != operation.success || seen.object().find(operation.result) == nullptr) {
      throw Mismatch{cloud::permission_name(operation), "a list", seen.body};
    }
    const json::Array& items = seen.object().list(operation.result);
    for (const json::Value& item : items) {
      if (const auto* row = item.as<json::Object>()) rows.push_back(*row);
    }
    if (operation.paging == cloud::Paging::kNone || items.size() < limit) return rows;
  }
}

void Machine::compare(std::string_view service, std::string_view name, std::string_view resource) {
  const Operation& operation = operation_of(service, name);
  const cloud::Resource& row_of = *cloud::find_resource(resource);
  Kind& kind = things_.of(resource);
  std::set<std::string> listed;
  for (const json::Object& row : list(operation)) {
    const std::string id = row.text(row_of.id);
    const std::string status = row_of.status.empty() ? "" : text_of(row, row_of.status);
    const Thing* thing = things_.find(resource, id);
    if (thing == nullptr) {
      throw Mismatch{cloud::permission_name(operation), "no " + std::string(resource) + " " + id,
                     id + " " + status};
    }
    listed.insert(id);
    const std::string label = row.text(row_of.label);
    const bool same_name = thing->name.empty() || label == thing->name;
    // Of a policy that is being executed and of a subscription nobody was asked about.
    const bool same = thing->status.empty() || status == thing->status || status == "EXECUTING";
    if (!same || !same_name) {
      throw Mismatch{cloud::permission_name(operation), described(*thing),
                     id + " " + status + " \"" + label + "\""};
    }
  }
  for (auto found = kind.begin(); found != kind.end();) {
    const bool leaves = found->second.status == "DELETING";
    const Thing thing = found->second;
    ++found;
    if (listed.contains(thing.id)) continue;
    if (!leaves) throw Mismatch{cloud::permission_name(operation), described(thing), "nothing"};
    remove(std::string(resource), thing.id);
  }
}

void Machine::compare_hooks() {
  const Operation& operation = operation_of("as", "list_life_cycle_hooks");
  for (const auto& [group, unused] : things_.of("scaling_group")) {
    json::Object arguments;
    arguments.set("scaling_group_id", group);
    std::set<std::string> listed;
    for (const json::Object& row : list(operation, arguments)) {
      listed.insert(group + "/" + row.text("lifecycle_hook_name"));
    }
    std::set<std::string> known;
    for (const Thing* hook : things_.in_group("lifecycle_hook", group)) known.insert(hook->id);
    if (listed == known) continue;
    std::string expected;
    std::string seen;
    for (const std::string& name : known) expected += name + " ";
    for (const std::string& name : listed) seen += name + " ";
    throw Mismatch{cloud::permission_name(operation), "hooks " + expected, seen};
  }
}

// Servers come and go with instances, drills and scaling; only their power is foretold.
void Machine::adopt_servers() {
  Kind& kind = things_.of("server");
  std::set<std::string> listed;
  sights_.second_nics.clear();
  for (const json::Object& row : list(operation_of("ecs", "list_servers_details"))) {
    const std::string id = row.text("id");
    listed.insert(id);
    if (const json::Object* networks = row.object("addresses")) {
      for (const auto& [vpc, nics] : *networks) {
        const json::Array& cards = networks->list(vpc);
        const auto* second = cards.size() > 1 ? cards[1].as<json::Object>() : nullptr;
        if (second != nullptr) sights_.second_nics[id] = second->text("OS-EXT-IPS:port_id");
      }
    }
    const auto [found, is_new] = kind.try_emplace(id);
    Thing& server = found->second;
    if (!is_new && !server.busy && server.status != row.text("status")) {
      throw Mismatch{"ecs:list_servers_details", described(server), id + " " + row.text("status")};
    }
    server.id = id;
    if (is_new)
      server.busy = row.find("OS-EXT-STS:task_state") != nullptr &&
                    !row.text("OS-EXT-STS:task_state").empty();
    if (!server.busy) server.status = row.text("status");
  }
  std::erase_if(kind, [&](const auto& row) { return !listed.contains(row.first); });
}

void Machine::watch_failures() {
  sights_.failure_jobs.clear();
  for (const json::Object& row : list(operation_of("sdrs", "list_failure_jobs"))) {
    sights_.failure_jobs.push_back(row.text("job_id"));
  }
}

// The platform tells only the endpoint.
void Machine::watch_tokens() {
  sights_.tokens.clear();
  const json::Value known = platform_.admin(http::Method::kGet, "/smn/subscriptions");
  for (const json::Value& item : known.as<json::Object>()->list("subscriptions")) {
    const std::string token = item.as<json::Object>()->text("token");
    if (!token.empty()) sights_.tokens.push_back(token);
  }
}

// Instances of a scaling group move by themselves: what they may become is the catalogue's, where
// they stand is seen.
void Machine::watch_scaling_group(const std::string& id) {
  json::Object arguments;
  arguments.set("scaling_group_id", id);
  Kind& kind = things_.of("scaling_instance");
  std::erase_if(kind, [&](const auto& row) { return row.second.group == id; });
  const cloud::Words statuses = cloud::statuses("scaling_instance");
  for (const json::Object& row : list(operation_of("as", "list_scaling_instances"), arguments)) {
    Thing instance;
    instance.id = row.text("instance_id");
    instance.status = row.text("life_cycle_state");
    instance.group = id;
    if (!is_among(instance.status, statuses)) {
      throw Mismatch{"as:list_scaling_instances", "a documented state", instance.status};
    }
    if (!instance.id.empty()) kind[instance.id] = instance;
  }
  for (const json::Object& row : list(operation_of("as", "list_hook_instances"), arguments)) {
    if (row.text("lifecycle_hook_status") != "HANGING") continue;
    sights_.hanging_keys.push_back(id + "/" + row.text("lifecycle_action_key"));
  }
}

void Machine::watch_scaling() {
  sights_.hanging_keys.clear();
  // Those that are being deleted may be gone by now.
  compare("as", "list_scaling_groups", "scaling_group");
  for (const auto& [id, group] : things_.of("scaling_group")) watch_scaling_group(id);
}

void Machine::look_at(const Operation& operation, const Reference& target) {
  const cloud::Lookup& lookup = operation.lookup;
  const Thing* thing = things_.find(target.resource, target.id);
  if (lookup.show.empty() || target.resource == "lifecycle_hook") return;
  json::Object arguments;
  arguments.set(std::string(lookup.id), target.id);
  const Operation& shows = operation_of(operation.service, lookup.show);
  const Seen seen = platform_.call(shows, arguments);
  const cloud::Resource& row_of = *cloud::find_resource(target.resource);
  const json::Object* row =
      shows.result.empty() ? &seen.object() : seen.object().object(shows.result);
  const bool exists = seen.accepted() && row != nullptr;
  const std::string status = exists ? row->text(row_of.status) : "";
  const bool as_known =
      thing == nullptr
          ? !exists && seen.status >= 400
          : exists && (thing->status.empty() || thing->status == status || status == "EXECUTING");
  if (!as_known) {
    throw Mismatch{cloud::permission_name(shows), thing == nullptr ? "nothing" : described(*thing),
                   seen.body};
  }
}

void Machine::audit() {
  compare("sdrs", "list_protection_groups", "server_group");
  compare("sdrs", "list_protected_instances", "protected_instance");
  compare("sdrs", "list_replications", "replication_pair");
  compare("sdrs", "list_disaster_recovery_drills", "dr_drill");
  compare("as", "list_scaling_groups", "scaling_group");
  compare("as", "list_scaling_configs", "scaling_configuration");
  compare("as", "list_all_scaling_v2_policies", "scaling_policy");
  compare("smn", "list_subscriptions", "subscription");
  compare_hooks();
  adopt_servers();
  watch_failures();
}

}  // namespace neap::model
