#include "serve/reconciler.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "journal/apply.h"
#include "json/document.h"
#include "serve/platform_call.h"

namespace neap::serve {
namespace {

constexpr int kPage = 100;

bool looks_like_id(const std::string& text) {
  return text.size() == 36 && std::count(text.begin(), text.end(), '-') == 4;
}

// The rows of a list in an answer; nothing when it cannot be read.
std::optional<json::Array> rows_of(const Result<http::Response>& answer, const char* list) {
  if (!answer) return std::nullopt;
  const Result<json::Document> document = json::Document::parse(answer->body);
  if (!document) return std::nullopt;
  const json::Value value = document->value();
  const auto* object = value.as<json::Object>();
  const json::Value* rows = object != nullptr ? object->find(list) : nullptr;
  const auto* array = rows != nullptr ? rows->as<json::Array>() : nullptr;
  if (array == nullptr) return std::nullopt;
  return *array;
}

}  // namespace

Reconciler::Reconciler(Desk& desk, Hooks hooks) : desk_(desk), hooks_(std::move(hooks)) {}

void Reconciler::start() {
  look();
  timer_ = desk_.loop().after(desk_.serve.interval, [this] { start(); });
}

void Reconciler::look() {
  for (const std::string& group : hooks_.busy()) desk_.holds.want(group);
  const auto& watched = desk_.serve.groups;
  if (!watched.empty() && std::all_of(watched.begin(), watched.end(), looks_like_id)) {
    for (const std::string& id : watched) desk_.holds.want(id);
    return;
  }
  list_groups(0);
}

void Reconciler::list_groups(int start_number) {
  json::Object arguments;
  arguments.set("start_number", start_number);
  arguments.set("limit", kPage);
  groups_call_ = call_platform(desk_.loop(), desk_.world.client(),
                               operation_of("as", "list_scaling_groups"), std::move(arguments),
                               [this, start_number](const Result<http::Response>& answer) {
                                 take_groups(answer, start_number);
                               });
}

void Reconciler::take_groups(const Result<http::Response>& answer, int start_number) {
  const std::optional<json::Array> rows = rows_of(answer, "scaling_groups");
  if (!rows) {
    desk_.log.warn("scaling groups could not be listed: " +
                   (answer ? std::string("the answer cannot be read") : describe(answer.error())));
    return;
  }
  for (const json::Value& row : *rows) {
    const auto* group = row.as<json::Object>();
    if (group == nullptr) continue;
    const std::string id = group->text("scaling_group_id");
    const std::string name = group->text("scaling_group_name");
    names_[id] = name;
    // A held instance keeps its group scaling (as.md section 4).
    if (group->flag("is_scaling") && is_watched(id, name)) desk_.holds.want(id);
  }
  if (rows->size() == static_cast<std::size_t>(kPage)) list_groups(start_number + kPage);
}

bool Reconciler::is_watched(const std::string& id, const std::string& name) const {
  const auto& watched = desk_.serve.groups;
  return watched.empty() || std::find(watched.begin(), watched.end(), id) != watched.end() ||
         std::find(watched.begin(), watched.end(), name) != watched.end();
}

void Reconciler::listed(const std::string& group_id, const Result<Holds>& holds) {
  if (!holds) {
    desk_.log.warn("held instances could not be listed: " + describe(holds.error()),
                   {{"group", group_id}});
    return;
  }
  ++desk_.metrics.reconciled;
  std::vector<HeldInstance>& found = found_[group_id];
  found.clear();
  for (const auto& [key, held] : *holds) {
    if (is_hanging(held) && !hooks_.knows(key) && !filing_.contains(key)) found.push_back(held);
  }
  if (found.empty()) {
    found_.erase(group_id);
    return;
  }
  const auto& known = hooks_of_[group_id];
  const bool all_known = std::all_of(found.begin(), found.end(), [&](const HeldInstance& held) {
    return known.contains(held.hook_name);
  });
  all_known ? adopt(group_id) : read_hooks(group_id);
}

// The list of holds says no types (as.md section 7).
void Reconciler::read_hooks(const std::string& group_id) {
  json::Object arguments;
  arguments.set("scaling_group_id", group_id);
  hook_calls_[group_id] = call_platform(
      desk_.loop(), desk_.world.client(), operation_of("as", "list_life_cycle_hooks"),
      std::move(arguments),
      [this, group_id](const Result<http::Response>& answer) { take_hooks(group_id, answer); });
}

void Reconciler::take_hooks(const std::string& group_id, const Result<http::Response>& answer) {
  const std::optional<json::Array> rows = rows_of(answer, "lifecycle_hooks");
  if (!rows) {
    desk_.log.warn("the hooks of a group could not be listed", {{"group", group_id}});
    return;
  }
  auto& known = hooks_of_[group_id];
  for (const json::Value& row : *rows) {
    const auto* hook = row.as<json::Object>();
    if (hook == nullptr) continue;
    known[hook->text("lifecycle_hook_name")] = {hook->text("lifecycle_hook_type"),
                                                hook->text("notification_metadata")};
  }
  adopt(group_id);
}

void Reconciler::adopt(const std::string& group_id) {
  const auto& known = hooks_of_[group_id];
  for (const HeldInstance& held : std::exchange(found_[group_id], {})) {
    const auto hook = known.find(held.hook_name);
    if (hook == known.end() || hooks_.knows(held.action_key)) continue;
    journal::HookEvent event;
    event.id = journal::fresh_id();
    event.action_key = held.action_key;
    event.group_id = group_id;
    event.group_name = names_[group_id];
    event.instance_id = held.instance_id;
    event.hook_name = held.hook_name;
    event.hook_type = hook->second.type;
    event.metadata = hook->second.metadata;
    event.source = "reconciler";
    event.created = event.changed = desk_.utc();
    event.deadline = held.deadline;
    file(std::move(event));
  }
  found_.erase(group_id);
}

void Reconciler::file(journal::HookEvent event) {
  filing_.insert(event.action_key);
  journal::Arrival arrival{std::nullopt, event};
  desk_.inbox.arrive(std::move(arrival),
                     [this, event = std::move(event)](const Result<journal::Filed>& result) {
                       filing_.erase(event.action_key);
                       if (result) filed(event, result);
                     });
}

// An event that had ended, and whose hold hangs all the same: what was seen of it was wrong, or an
// answer that was accepted came to nothing. It is taken up as if by a restart.
void Reconciler::filed(const journal::HookEvent& event, const Result<journal::Filed>& result) {
  if (result->filing == journal::Filing::kNew) {
    desk_.metrics.events.add("reconciler");
    journal::HookEvent kept = event;
    kept.id = result->event;
    return hooks_.event(std::move(kept), false);
  }
  Result<journal::HookEvent> known = desk_.store.inbox().find_event(event.action_key);
  if (!known || hooks_.knows(event.action_key)) return;
  if (known->status == journal::EventStatus::kDiscarded) return;
  const bool answered = known->status == journal::EventStatus::kAnswered ||
                        known->status == journal::EventStatus::kAnswering;
  known->status = answered ? journal::EventStatus::kAnswering : journal::EventStatus::kOpen;
  desk_.log.warn("an event had ended, and its instance is held all the same: it is taken up again",
                 {{"event", known->id}, {"group", known->group_id}});
  hooks_.event(*std::move(known), true);
}

}  // namespace neap::serve
