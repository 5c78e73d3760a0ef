#include "serve/holds.h"

#include <algorithm>
#include <utility>

#include "json/document.h"
#include "serve/platform_call.h"

namespace neap::serve {
namespace {

// Between the end of a listing and the next of the same group: a burst of messages shares one.
constexpr Duration kPause = std::chrono::milliseconds{250};
// In times of what the last one took, so that a group of thousands leaves room for others.
constexpr int kPauseFactor = 2;

Error unreadable(const std::string& why) {
  return Error{ErrorKind::kNetwork, "list_hook_instances: the answer cannot be read: " + why,
               "if it stays, check the endpoint and any proxy before it"};
}

Result<HeldInstance> held_of(const json::Value& row) {
  const auto* fields = row.as<json::Object>();
  if (fields == nullptr) return tl::unexpected(unreadable("a held instance is no object"));
  HeldInstance held;
  held.action_key = fields->text("lifecycle_action_key");
  held.instance_id = fields->text("instance_id");
  held.hook_name = fields->text("lifecycle_hook_name");
  held.default_result = fields->text("default_result");
  held.status = fields->text("lifecycle_hook_status");
  const Result<PlatformTime> deadline = parse_platform_time(fields->text("timeout"));
  if (held.action_key.empty()) return tl::unexpected(unreadable("a held instance has no key"));
  if (!deadline) return tl::unexpected(unreadable(deadline.error().message));
  held.deadline = std::chrono::floor<UtcTime::duration>(*deadline);
  return held;
}

}  // namespace

Result<Holds> parse_holds(std::string_view body) {
  const Result<json::Document> document = json::Document::parse(body);
  if (!document) return tl::unexpected(unreadable(document.error().message));
  const json::Value value = document->value();
  const auto* answer = value.as<json::Object>();
  const json::Value* rows = answer != nullptr ? answer->find("instance_hanging_info") : nullptr;
  const auto* list = rows != nullptr ? rows->as<json::Array>() : nullptr;
  if (list == nullptr) return tl::unexpected(unreadable("it holds no instance_hanging_info"));
  Holds holds;
  holds.reserve(list->size());
  for (const json::Value& row : *list) {
    Result<HeldInstance> held = held_of(row);
    if (!held) return tl::unexpected(std::move(held.error()));
    std::string key = held->action_key;
    holds.insert_or_assign(std::move(key), *std::move(held));
  }
  return holds;
}

HoldLists::HoldLists(Loop& loop, cloud::Client& client, Listed listed)
    : loop_(loop), client_(client), listed_(std::move(listed)) {}

void HoldLists::want(const std::string& group_id) {
  Group& group = groups_[group_id];
  if (std::exchange(group.wanted, true) || group.under_way) return;
  begin(group_id, group);
}

void HoldLists::begin(const std::string& group_id, Group& group) {
  const Duration wait = std::max(group.next - loop_.now(), Duration::zero());
  group.timer = loop_.after(wait, [this, group_id] {
    Group& due = groups_[group_id];
    due.wanted = false;
    due.under_way = true;
    due.began = loop_.now();
    ++listings_;
    json::Object arguments;
    arguments.set("scaling_group_id", group_id);
    static const cloud::Operation& list = operation_of("as", "list_hook_instances");
    due.call = call_platform(
        loop_, client_, list, std::move(arguments),
        [this, group_id](Result<http::Response> answer) { take(group_id, std::move(answer)); });
  });
}

void HoldLists::take(const std::string& group_id, Result<http::Response> answer) {
  Group& group = groups_[group_id];
  group.under_way = false;
  group.next = loop_.now() + std::max(kPause, (loop_.now() - group.began) * kPauseFactor);
  const Result<Holds> holds =
      answer ? parse_holds(answer->body) : Result<Holds>(tl::unexpected(answer.error()));
  listed_(group_id, holds, group.began);
  if (group.wanted && !group.under_way) begin(group_id, group);
}

}  // namespace neap::serve
