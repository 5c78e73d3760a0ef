#include "serve/hook_message.h"

#include <algorithm>

#include "json/document.h"

namespace neap::serve {
namespace {

constexpr std::size_t kLongestName = 256;  // bytes; of names and metadata

// An id goes into the paths of calls.
bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

bool is_hook_type(std::string_view text) {
  return text == "INSTANCE_LAUNCHING" || text == "INSTANCE_TERMINATING";
}

}  // namespace

std::optional<journal::HookEvent> read_hook_message(std::string_view text) {
  const Result<json::Document> document = json::Document::parse(text, {.unique_keys = true});
  if (!document) return std::nullopt;
  const auto at = [&](const char* pointer) {
    const std::string_view found = document->text(pointer).value_or("");
    return std::string(found.substr(0, kLongestName));
  };
  journal::HookEvent event;
  event.action_key = at("/lifecycle_action_key");
  event.hook_type = at("/lifecycle_hook_type");
  event.hook_name = at("/lifecycle_hook_name");
  event.metadata = at("/notification_metadata");
  event.instance_id = at("/scaling_instance/instance_id");
  event.instance_name = at("/scaling_instance/instance_name");
  event.instance_ip = at("/scaling_instance/instance_ip");
  event.group_id = at("/scaling_group/scaling_group_id");
  event.group_name = at("/scaling_group/scaling_group_name");
  event.source = "message";
  const bool whole = is_id(event.action_key) && is_hook_type(event.hook_type) &&
                     is_id(event.hook_name) && is_id(event.instance_id) && is_id(event.group_id);
  if (!whole) return std::nullopt;
  return event;
}

}  // namespace neap::serve
