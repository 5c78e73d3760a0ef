// What the platform will say to a call: from the statuses that the catalogue demands, and from what
// its documents demand besides them (sdrs.md sections 4, 5 and 8; as.md sections 5 and 9).
#include <algorithm>

#include "model/machine.h"

namespace neap::model {
namespace {

using cloud::Effect;
using cloud::Operation;

bool is_in(std::string_view status, const cloud::Operation& operation) {
  return std::any_of(operation.transitions.begin(), operation.transitions.end(),
                     [&](const cloud::Transition& transition) {
                       return transition.from.empty() || is_among(status, transition.from);
                     });
}

// As many pairs of a group as may be attached to nothing when another is made (sdrs.md section 8).
constexpr std::size_t kMostUnattached = 5;

constexpr std::size_t kMostHooks = 5;

}  // namespace

Prediction Machine::predict(const Operation& operation, const Choice& choice) {
  for (const Reference& named : references(operation, choice.arguments)) {
    if (things_.find(named.resource, named.id) == nullptr) {
      return {Verdict::kRefused, "there is no " + named.resource + " " + named.id, true};
    }
  }
  for (const Reference& named : references(operation, choice.arguments)) {
    const bool comes_and_goes =
        named.resource == "server" && !things_.find(named.resource, named.id)->stays;
    if (comes_and_goes) return {Verdict::kOpen, "the server may be gone"};
  }
  Prediction prediction;
  prediction.verdict = state_allows(operation, choice.arguments, prediction.why);
  if (prediction.verdict != Verdict::kAccepted) return prediction;
  // Beside what is needed there may be what contradicts the world.
  if (!choice.plain) return {Verdict::kOpen, "more arguments than needed"};
  prediction.verdict = conditions(operation, choice.arguments, prediction.why);
  return prediction;
}

// By the catalogue alone: kAccepted where no status is in the way.
Verdict Machine::state_allows(const Operation& operation, const json::Object& arguments,
                              std::string& why) {
  if (operation.service == "ecs" && !operation.transitions.empty()) {
    return servers_allow(operation, arguments, why);
  }
  std::vector<std::string> groups;
  for (const Reference& target : targets(operation, arguments)) {
    const Thing& thing = *things_.find(target.resource, target.id);
    groups.push_back(thing.group);
    if (operation.transitions.empty() || is_in(thing.status, operation)) continue;
    why = target.resource + " " + target.id + " is " + thing.status;
    return Verdict::kRefused;
  }
  if (makes(operation)) groups.push_back(arguments.text("server_group_id"));
  for (const std::string& id : groups) {
    const Thing* group = things_.find("server_group", id);
    if (group == nullptr || operation.group_from.empty()) continue;
    if (is_among(group->status, operation.group_from)) continue;
    why = "its group is " + group->status;
    return Verdict::kRefused;
  }
  return Verdict::kAccepted;
}

// One server that can be acted on is enough: the others' parts fail (ecs.md section 4).
Verdict Machine::servers_allow(const Operation& operation, const json::Object& arguments,
                               std::string& why) {
  bool any_busy = false;
  for (const Reference& target : targets(operation, arguments)) {
    const Thing& server = *things_.find(target.resource, target.id);
    any_busy = any_busy || server.busy;
    if (!server.busy && is_in(server.status, operation)) return Verdict::kAccepted;
    why = "server " + target.id + (server.busy ? " is being worked on" : " is " + server.status);
  }
  // A part of a job may have ended before the job did.
  return any_busy ? Verdict::kOpen : Verdict::kRefused;
}

Verdict Machine::conditions(const Operation& operation, const json::Object& arguments,
                            std::string& why) {
  const std::string_view name = operation.name;
  if (name == "show_specified_api_version" || name == "show_api_version") {
    why = "versions are v1 and v2";
    const bool known = arguments.text("api_version") == "v1";
    return known ? Verdict::kAccepted : Verdict::kRefused;
  }
  if (name == "show_job_status" || name == "show_job") {
    const std::string job = std::string(operation.service) + "/" + arguments.text("job_id");
    const auto& jobs = sights_.jobs;
    why = "jobs are those that were started";
    return std::find(jobs.begin(), jobs.end(), job) != jobs.end() ? Verdict::kAccepted
                                                                  : Verdict::kRefused;
  }
  if (name == "delete_failure_job" || name.find("warm_pool") != name.npos) return Verdict::kOpen;
  if (name == "keystone_create_user_token_by_password") return Verdict::kOpen;
  if (name == "confirm_subscription") {
    why = "no subscription has that token";
    const auto& tokens = sights_.tokens;
    const bool known =
        std::find(tokens.begin(), tokens.end(), arguments.text("token")) != tokens.end();
    return known ? Verdict::kOpen : Verdict::kRefused;  // it may be too old
  }
  if (operation.effect == Effect::kRead) return Verdict::kAccepted;
  if (operation.service == "smn" || operation.service == "ecs") return Verdict::kAccepted;
  if (operation.service == "as") return scaling_conditions(operation, arguments, why);
  if (name.ends_with("_name")) return Verdict::kAccepted;
  if (makes(operation)) return creation_conditions(operation, arguments, why);
  const std::string id = arguments.text("server_group_id");
  Thing* group = things_.find("server_group", id);
  if (operation.resource == "server_group" && group != nullptr) {
    return group_verb(operation, arguments, *group, why);
  }
  return member_conditions(operation, arguments, why);
}

Verdict Machine::group_verb(const Operation& operation, const json::Object& arguments, Thing& group,
                            std::string& why) {
  const auto instances = things_.in_group("protected_instance", group.id);
  const auto pairs = things_.in_group("replication_pair", group.id);
  if (operation.name == "delete_protection_group") {
    why = "it has members";
    const bool empty =
        instances.empty() && pairs.empty() && things_.in_group("dr_drill", group.id).empty();
    if (!empty) return Verdict::kRefused;
    // Which statuses forbid it is documented of none.
    return is_busy(group.status) || group.status == "protected" ? Verdict::kOpen
                                                                : Verdict::kAccepted;
  }
  why = "it has no pairs";
  if (pairs.empty()) return Verdict::kRefused;
  for (const auto& members : {instances, pairs}) {
    for (const Thing* member : members) {
      why = member->id + " is " + member->status;
      if (is_busy(member->status)) return Verdict::kRefused;
    }
  }
  if (operation.name == "start_failover_protection_group") return Verdict::kAccepted;
  if (operation.name == "start_protection_group") {
    const bool again = group.status == "failed-over" || group.status == "error-reprotecting";
    why = "the servers of the DR site are not off";
    return !again || servers_are_off(group, false) ? Verdict::kAccepted : Verdict::kRefused;
  }
  why = "its pairs are being synchronised";
  if (operation.name == "start_reverse_protection_group") {
    why = "that site serves already, pairs are copying, or servers are on";
    if (arguments.text("priority_station") == group.station) return Verdict::kRefused;
    if (!servers_are_off(group, true)) return Verdict::kRefused;
  }
  return is_copying(group.id) ? Verdict::kRefused : Verdict::kAccepted;
}

Verdict Machine::creation_conditions(const Operation& operation, const json::Object& arguments,
                                     std::string& why) {
  if (operation.name == "create_protection_group") return Verdict::kAccepted;
  const Thing& group = *things_.find("server_group", arguments.text("server_group_id"));
  if (operation.resource == "dr_drill") {
    why = "its pairs are being synchronised";
    return is_copying(group.id) ? Verdict::kRefused : Verdict::kAccepted;
  }
  why = "its group is served from the DR site";
  if (group.station != "source") return Verdict::kRefused;
  if (operation.resource == "replication_pair") {
    why = "five pairs are attached to nothing";
    const auto pairs = things_.in_group("replication_pair", group.id);
    const auto free = std::count_if(pairs.begin(), pairs.end(),
                                    [](const Thing* pair) { return pair->attached.empty(); });
    return static_cast<std::size_t>(free) >= kMostUnattached ? Verdict::kRefused
                                                             : Verdict::kAccepted;
  }
  std::set<std::string> seen;
  for (const Reference& named : references(operation, arguments)) {
    if (named.resource != "server") continue;
    const Thing& server = *things_.find("server", named.id);
    if (server.busy || server.status == "ERROR" || !server.spare) return Verdict::kOpen;
    why = "a server twice";
    if (!seen.insert(named.id).second) return Verdict::kRefused;
  }
  return Verdict::kAccepted;
}

Verdict Machine::member_conditions(const Operation& operation, const json::Object& arguments,
                                   std::string& why) {
  const std::vector<Reference> named = targets(operation, arguments);
  const Thing* thing = named.empty() ? nullptr : things_.find(named[0].resource, named[0].id);
  if (thing == nullptr) return Verdict::kOpen;
  const Thing* group = things_.find("server_group", thing->group);
  const std::string_view name = operation.name;
  if (name == "delete_disaster_recovery_drill") return Verdict::kAccepted;
  if (group == nullptr || (operation.group_from.empty() && is_busy(group->status))) {
    return Verdict::kOpen;  // no rule is documented
  }
  if (name == "delete_replication") {
    why = "it is attached";
    return thing->attached.empty() ? Verdict::kAccepted : Verdict::kRefused;
  }
  if (name == "delete_protected_instance") return Verdict::kAccepted;
  if (name == "attach_protected_instance_replication") {
    const Thing& instance =
        *things_.find("protected_instance", arguments.text("protected_instance_id"));
    why = "pair and instance do not fit";
    const bool fits = instance.group == thing->group && thing->attached.empty() &&
                      (instance.status == "available" || instance.status == "protected");
    return fits ? Verdict::kOpen : Verdict::kRefused;
  }
  if (name == "detach_protected_instance_replication") {
    why = "it is not attached to that instance";
    const bool fits = thing->attached.contains(arguments.text("protected_instance_id"));
    return fits ? Verdict::kOpen : Verdict::kRefused;
  }
  return Verdict::kOpen;
}

Verdict Machine::scaling_conditions(const Operation& operation, const json::Object& arguments,
                                    std::string& why) {
  const std::string_view name = operation.name;
  const std::string id = arguments.text("scaling_group_id");
  const Thing* group = things_.find("scaling_group", id);
  if (name == "create_scaling_group" || name == "create_scaling_config" ||
      name == "delete_scaling_policy") {
    return Verdict::kAccepted;
  }
  if (name == "resume_scaling_group") {
    why = "it has no configuration";
    return group->configuration.empty() ? Verdict::kRefused : Verdict::kAccepted;
  }
  if (name == "pause_scaling_group") return Verdict::kAccepted;
  if (name == "delete_scaling_config" || name == "batch_delete_scaling_configs") {
    why = "a scaling group uses it";
    for (const Reference& target : targets(operation, arguments)) {
      for (const auto& [key, user] : things_.of("scaling_group")) {
        if (user.configuration == target.id) return Verdict::kRefused;
      }
    }
    return Verdict::kAccepted;
  }
  if (operation.resource == "lifecycle_hook") {
    const auto hooks = things_.in_group("lifecycle_hook", id);
    const std::string hook = id + "/" + arguments.text("lifecycle_hook_name");
    why = "a hook of that name, five hooks, or scaling under way";
    if (name.starts_with("create") &&
        (things_.find("lifecycle_hook", hook) != nullptr || hooks.size() >= kMostHooks)) {
      return Verdict::kRefused;
    }
    if (group->status == "DELETING" || group_is_scaling(id)) return Verdict::kRefused;
    return Verdict::kAccepted;
  }
  if (name == "attach_callback_instance_life_cycle_hook") {
    why = "nothing hangs by that key";
    const std::string key = id + "/" + arguments.text("lifecycle_action_key");
    const auto& keys = sights_.hanging_keys;
    return std::find(keys.begin(), keys.end(), key) != keys.end() ? Verdict::kAccepted
                                                                  : Verdict::kRefused;
  }
  return Verdict::kOpen;
}

bool Machine::is_copying(const std::string& group) {
  json::Object arguments;
  arguments.set("server_group_id", group);
  for (const json::Object& row : list(operation_of("sdrs", "list_replications"), arguments)) {
    if (row.text("replication_status") == "copying") return true;
  }
  return false;
}

bool Machine::servers_are_off(const Thing& group, bool current) {
  const bool source = (group.station == "source") == current;
  for (const Thing* instance : things_.in_group("protected_instance", group.id)) {
    json::Object arguments;
    arguments.set("server_id", instance->servers[source ? 0 : 1]);
    const Seen shown = platform_.call(operation_of("ecs", "show_server"), arguments);
    const json::Object* server = shown.object().object("server");
    if (server != nullptr && server->number("OS-EXT-STS:power_state") != 4) return false;
  }
  return true;
}

bool Machine::group_is_scaling(const std::string& group) {
  json::Object arguments;
  arguments.set("scaling_group_id", group);
  const Seen shown = platform_.call(operation_of("as", "show_scaling_group"), arguments);
  const json::Object* row = shown.object().object("scaling_group");
  return row != nullptr && row->flag("is_scaling");
}

}  // namespace neap::model
