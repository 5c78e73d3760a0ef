#include "journal/inbox_json.h"

namespace neap::journal {

json::Object event_json(const HookEvent& event) {
  const json::Value nothing;
  const bool read = event.deadline != UtcTime();
  json::Object object;
  object.set("id", event.id);
  object.set("status", to_text(event.status));
  object.set("hook_type", event.hook_type);
  object.set("hook_name", event.hook_name);
  object.set("group_id", event.group_id);
  object.set("group_name", event.group_name);
  object.set("instance_id", event.instance_id);
  object.set("instance_name", event.instance_name);
  object.set("instance_ip", event.instance_ip);
  object.set("action_key", event.action_key);
  object.set("metadata", event.metadata);
  object.set("source", event.source);
  object.set("created", format_iso(event.created));
  object.set("changed", format_iso(event.changed));
  object.set("deadline", read ? json::Value(format_iso(event.deadline)) : nothing);
  object.set("attempts", event.attempts);
  object.set("interrupts", event.interrupts);
  object.set("extends", event.extends);
  object.set("result", event.result.empty() ? nothing : json::Value(event.result));
  object.set("error", event.error);
  object.set("notified", event.notified);
  object.set("run", event.run.empty() ? nothing : json::Value(event.run));
  return object;
}

}  // namespace neap::journal
