#include "model/machine.h"

#include <algorithm>

namespace neap::model {
namespace {

using cloud::Operation;
using cloud::Transition;

// Longer than any job takes, in polls of at least a second each.
constexpr int kMostPolls = 4000;

const Transition* transition_from(const Operation& operation, const std::string& status) {
  for (const Transition& transition : operation.transitions) {
    if (transition.from.empty() || is_among(status, transition.from)) return &transition;
  }
  return nullptr;
}

// The fields of a job that name what it works on, in the order of the call.
std::vector<std::string> entities_of(const Operation& operation, const json::Object& job) {
  std::vector<std::string> ids;
  const json::Object* entities = job.object("entities");
  if (entities == nullptr) return ids;
  if (const std::string id = entities->text(operation.entity); !id.empty()) ids.push_back(id);
  for (const json::Value& row : entities->list("sub_jobs")) {
    const auto* part = row.as<json::Object>();
    const json::Object* named = part != nullptr ? part->object("entities") : nullptr;
    if (named != nullptr) ids.push_back(named->text(operation.entity));
  }
  return ids;
}

}  // namespace

void Machine::accepted(const Operation& operation, const json::Object& arguments, const Seen& seen,
                       Planted planted) {
  const std::string name = cloud::permission_name(operation);
  int success = operation.success;
  // Made again, topics and subscriptions are what they were (smn.md section 7).
  if (success == 201 && operation.service == "smn" && seen.status == 200) {
    const Kind& kind = things_.of(operation.resource);
    const std::string id = seen.object().text(cloud::find_resource(operation.resource)->id);
    if (kind.contains(id)) success = 200;
  }
  if (seen.status != success) {
    throw Mismatch{name, "status " + std::to_string(success),
                   std::to_string(seen.status) + " " + seen.body};
  }
  const bool lost = seen.body.empty() && success != 204;
  const bool counts = arguments.text("action") == "count";  // of a tag query: a number, no rows
  if (!operation.result.empty() && !lost && !counts &&
      seen.object().find(operation.result) == nullptr) {
    throw Mismatch{name, "a body with " + std::string(operation.result), seen.body};
  }
  if (cloud::is_asynchronous(operation)) {
    start_job(operation, arguments, seen, planted);
  } else if (makes(operation)) {
    made_at_once(operation, arguments, seen);
  } else if (operation.effect != cloud::Effect::kRead) {
    changed_at_once(operation, arguments);
  }
  if (operation.resource == "subscription") watch_tokens();
  if (operation.effect != cloud::Effect::kRead && dice_.one_in(4)) {
    for (const Reference& target : targets(operation, arguments)) look_at(operation, target);
  }
}

void Machine::start_job(const Operation& operation, const json::Object& arguments, const Seen& seen,
                        Planted planted) {
  Job job;
  job.id = seen.object().text("job_id");
  if (job.id.empty()) {
    throw Mismatch{cloud::permission_name(operation), "a job_id", seen.body};
  }
  job.operation = &operation;
  job.arguments = arguments;
  job.planted = planted;
  job.things = targets(operation, arguments);
  job.transition = &operation.transitions.front();
  sights_.jobs.push_back(std::string(operation.service) + "/" + job.id);
  if (makes(operation)) {
    add_made_by_job(job);
  } else {
    bool first = true;
    for (const Reference& named : job.things) {
      Thing& thing = things_.of(named.resource).at(named.id);
      const Transition* transition = transition_from(operation, thing.status);
      job.before.push_back(thing.status);
      if (operation.service == "ecs") {
        job.partly_fails = job.partly_fails || transition == nullptr || thing.busy;
        if (transition == nullptr || thing.busy) continue;
        thing.busy = true;
      }
      if (first && transition != nullptr) job.transition = transition;
      first = false;
      if (transition != nullptr && !transition->during.empty()) {
        set_status(named.resource, thing, transition->during);
      }
      if (named.resource != "protected_instance" || !removes(operation)) continue;
      for (auto& [id, pair] : things_.of("replication_pair")) {
        if (pair.attached.contains(thing.id)) pair.status = transition->during;
      }
    }
  }
  jobs_.push_back(std::move(job));
}

void Machine::add_made_by_job(Job& job) {
  const Operation& operation = *job.operation;
  const Seen shown = poll(job);
  const std::vector<std::string> ids = entities_of(operation, shown.object());
  const std::size_t wanted =
      std::max<std::size_t>(job.arguments.list("servers").size(), std::size_t{1});
  if (ids.size() != wanted) {
    throw Mismatch{cloud::permission_name(operation),
                   "a job that names what it makes as " + std::string(operation.entity),
                   shown.body};
  }
  for (const std::string& id : ids) {
    Thing thing;
    thing.id = id;
    thing.status = job.transition->during;
    thing.group = job.arguments.text("server_group_id");
    thing.name = job.arguments.text("name");
    job.things.push_back({std::string(operation.resource), id});
    job.before.emplace_back();
    things_.of(operation.resource)[id] = thing;
    if (operation.resource == "protected_instance") add_instance(id, thing.status);
  }
}

// With an instance come a pair for each disk of its server, attached to it (sdrs.md section 8).
void Machine::add_instance(const std::string& id, const std::string& status) {
  Thing& instance = things_.of("protected_instance").at(id);
  json::Object arguments;
  arguments.set("protected_instance_id", id);
  const Seen shown = platform_.call(operation_of("sdrs", "show_protected_instance"), arguments);
  const json::Object* row = shown.object().object("protected_instance");
  if (row == nullptr) throw Mismatch{"sdrs:show_protected_instance", "the new one", shown.body};
  instance.name = row->text("name");
  instance.servers[0] = row->text("source_server");
  instance.servers[1] = row->text("target_server");
  if (Thing* server = things_.find("server", instance.servers[0])) server->spare = false;
  for (const json::Value& item : row->list("attachment")) {
    const auto* attachment = item.as<json::Object>();
    if (attachment == nullptr) continue;
    Thing& pair = things_.of("replication_pair")[attachment->text("replication")];
    pair.id = attachment->text("replication");
    pair.status = status;
    pair.group = instance.group;
    pair.attached.insert(id);
  }
}

Seen Machine::poll(const Job& job) {
  json::Object arguments;
  arguments.set("job_id", job.id);
  const Operation& shows = operation_of(job.operation->service, job.operation->job);
  Seen seen = platform_.call(shows, arguments);
  const std::string& type = std::string(job.transition->job_type);
  if (seen.status != shows.success || seen.object().text("status").empty() ||
      (!type.empty() && seen.object().text("job_type") != type)) {
    throw Mismatch{cloud::permission_name(shows), "a job of type " + type, seen.body};
  }
  return seen;
}

void Machine::tick() {
  std::vector<Job> over;
  std::vector<Job> open;
  std::vector<bool> failed;
  for (Job& job : jobs_) {
    const Seen seen = poll(job);
    const std::string status = seen.object().text("status");
    const bool fails = job.planted == Planted::kJobFails || job.partly_fails;
    const bool ends = status == "SUCCESS" || status == "FAIL";
    const bool known = ends || status == "INIT" || status == "RUNNING";
    if (!known || (ends && job.planted == Planted::kJobHangs) ||
        (ends && fails != (status == "FAIL")) ||
        (ends && fails == seen.object().text("error_code").empty()) ||
        (++job.polls > kMostPolls && job.planted != Planted::kJobHangs)) {
      throw Mismatch{cloud::permission_name(*job.operation),
                     job.planted == Planted::kJobHangs ? "a job that hangs"
                     : fails                           ? "a job that ends in FAIL with a code"
                                                       : "a job that ends in SUCCESS",
                     seen.body};
    }
    job.ended = seen.object().text("end_time");
    (ends ? over : open).push_back(std::move(job));
  }
  jobs_ = std::move(open);
  // One job's effect may depend on another's: the status of a pair on that of its group.
  std::sort(over.begin(), over.end(), [](const Job& a, const Job& b) { return a.ended < b.ended; });
  for (const Job& job : over) ended(job, job.planted == Planted::kJobFails);
  watch_scaling();
}

void Machine::ended(const Job& job, bool failed) {
  ++jobs_ended_;
  for (std::size_t i = 0; i < job.things.size(); ++i) {
    Thing* thing = things_.find(job.things[i].resource, job.things[i].id);
    if (thing != nullptr) end_thing(job, *thing, job.before[i], failed);
  }
}

void Machine::end_thing(const Job& job, Thing& thing, const std::string& before, bool failed) {
  const Operation& operation = *job.operation;
  const Transition& transition = *job.transition;
  const std::string resource(operation.resource);
  if (resource == "server") {
    // Those that were in the wrong state stay what they were.
    const bool took_part = is_among(before, transition.from);
    if (took_part) thing.busy = false;
    if (took_part && !failed) thing.status = transition.success.front();
    if (took_part && failed)
      thing.status = transition.failure.empty() ? before : std::string(transition.failure);
    return;
  }
  const bool has_pairs =
      resource == "protected_instance" && (makes(operation) || removes(operation));
  if (failed) {
    set_status(resource, thing, transition.failure.empty() ? before : transition.failure);
  } else if (transition.success.empty()) {
    const std::string id = thing.id;
    remove(resource, id);
    return;
  } else {
    std::string_view status = transition.success.front();
    const Thing* group = things_.find("server_group", thing.group);
    if (transition.success.size() > 1) {
      if (group != nullptr && is_among(group->status, transition.success)) {
        status = group->status;
      } else if (is_among(before, transition.success)) {
        status = before;
      }
    }
    set_status(resource, thing, status);
    if (operation.lookup.station == cloud::Station::kFlips) {
      thing.station = thing.station == "source" ? "target" : "source";
    } else if (operation.lookup.station == cloud::Station::kArgument) {
      thing.station = job.arguments.text("priority_station");
    }
    const std::string instance = job.arguments.text("protected_instance_id");
    if (operation.name.starts_with("attach_")) thing.attached.insert(instance);
    if (operation.name.starts_with("detach_")) {
      thing.attached.erase(instance);
      if (Thing* bare = things_.find("protected_instance", instance)) bare->stripped = true;
    }
  }
  if (!has_pairs) return;
  for (auto& [id, pair] : things_.of("replication_pair")) {
    if (pair.attached.contains(thing.id)) pair.status = thing.status;
  }
}

// Members follow their group (sdrs.md section 4), but for those that were never whole.
void Machine::set_status(const std::string& resource, Thing& thing, std::string_view status) {
  thing.status = status;
  if (resource != "server_group") return;
  for (const char* kind : {"protected_instance", "replication_pair"}) {
    for (Thing* member : things_.in_group(kind, thing.id)) {
      if (member->status != "error" && member->status != "invalid") member->status = status;
    }
  }
}

void Machine::remove(const std::string& resource, const std::string& id) {
  Kind& kind = things_.of(resource);
  const auto found = kind.find(id);
  if (found == kind.end()) return;
  if (resource == "protected_instance") {
    Thing* server = things_.find("server", found->second.servers[0]);
    if (server != nullptr) server->spare = !found->second.stripped;
    Kind& pairs = things_.of("replication_pair");
    for (auto pair = pairs.begin(); pair != pairs.end();) {
      const bool alone = pair->second.attached.erase(id) > 0 && pair->second.attached.empty();
      pair = alone ? pairs.erase(pair) : std::next(pair);
    }
  } else if (resource == "scaling_group") {
    for (const char* member : {"lifecycle_hook", "scaling_policy", "scaling_notification",
                               "scheduled_task", "scaling_instance"}) {
      std::erase_if(things_.of(member), [&](auto& row) { return row.second.group == id; });
    }
  }
  kind.erase(found);
}

void Machine::made_at_once(const Operation& operation, const json::Object& arguments,
                           const Seen& seen) {
  const cloud::Resource& resource = *cloud::find_resource(operation.resource);
  Thing thing;
  thing.group = arguments.text("scaling_group_id");
  if (thing.group.empty()) thing.group = arguments.text("scaling_resource_id");
  thing.configuration = arguments.text("scaling_configuration_id");
  if (!operation.transitions.empty()) thing.status = operation.transitions.front().success.front();
  const std::string key = seen.object().text(resource.id);
  if (key.empty()) {
    throw Mismatch{cloud::permission_name(operation), "a body with " + std::string(resource.id),
                   seen.body};
  }
  const bool by_name =
      operation.resource == "lifecycle_hook" || operation.resource == "scaling_notification";
  thing.id = by_name ? thing.group + "/" + key : key;
  for (const cloud::Param& param : operation.params) {
    if (param.name == resource.label) thing.name = arguments.text(param.name);
  }
  things_.of(operation.resource)[thing.id] = std::move(thing);
}

void Machine::changed_at_once(const Operation& operation, const json::Object& arguments) {
  const std::string resource(operation.resource);
  const cloud::Resource* row = cloud::find_resource(resource);
  if (resource == "scaling_group" || resource == "scaling_instance" ||
      resource == "held_instance") {
    for (const Reference& named : references(operation, arguments)) {
      Thing* group = things_.find("scaling_group", named.id);
      if (group == nullptr) continue;
      const std::string configuration = arguments.text("scaling_configuration_id");
      if (!configuration.empty()) group->configuration = configuration;
    }
  }
  for (const Reference& target : targets(operation, arguments)) {
    Thing* thing = things_.find(target.resource, target.id);
    if (thing == nullptr) continue;
    if (const std::string name = arguments.text(row->label); !name.empty()) {
      if (operation.effect == cloud::Effect::kIdempotent) thing->name = name;
    }
    if (operation.transitions.empty()) continue;
    const Transition& transition = operation.transitions.front();
    if (transition.success.empty() && transition.during.empty()) {
      remove(target.resource, target.id);
    } else if (transition.during.empty()) {
      thing->status = transition.success.front();
    } else if (resource == "scaling_group") {
      thing->status = transition.during;  // or gone by now, when nothing was in it
    }
  }
  for (const Reference& named : references(operation, arguments)) {
    Thing* server = things_.find("server", named.id);
    if (server == nullptr || named.resource != "server") continue;
    server->spare = server->stays = false;  // it has joined a scaling group
  }
  const bool scales = resource.starts_with("scaling_group") || resource == "scaling_instance" ||
                      resource == "held_instance" || operation.name == "execute_scaling_policy";
  if (scales) watch_scaling();
}

}  // namespace neap::model
