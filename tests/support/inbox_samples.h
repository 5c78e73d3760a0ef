// Messages and events that tests of the inbox file, in as few words as possible.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "journal/inbox_json.h"
#include "json/writer.h"
#include "support/journal_samples.h"

namespace neap::test {

inline journal::HookEvent hold(std::string action_key, UtcTime at = kBirth) {
  journal::HookEvent event;
  event.action_key = std::move(action_key);
  event.group_id = "fe376277-50a6-4e36-bdb0-685da85f1a82";
  event.group_name = "as-group-wyz01";
  event.instance_id = "89b421e4-5fa6-4733-bf40-6b07a8657256";
  event.instance_name = "as-config-kxeg_RM6OCREY";
  event.instance_ip = "192.168.0.202";
  event.hook_name = "warmup";
  event.hook_type = "INSTANCE_LAUNCHING";
  event.metadata = "{\"pool\":\"a\"}";
  event.source = "message";
  event.created = at;
  event.changed = at;
  event.deadline = at + std::chrono::hours{1};
  return event;
}

inline journal::Notice message(std::string id, UtcTime at = kBirth) {
  return {std::move(id), "urn:smn:cn-north-1:93075aa73f6a4fc0a3209490cc57181a:hooks", at,
          at - std::chrono::seconds{1}};
}

// A message with the event in it.
inline journal::Arrival arrival(std::string message_id, std::string action_key,
                                UtcTime at = kBirth) {
  return {message(std::move(message_id), at), hold(std::move(action_key), at)};
}

inline std::vector<journal::Filed> file(journal::Inbox& inbox,
                                        std::vector<journal::Arrival> arrivals) {
  return inbox.write(arrivals, {}).value();
}

// Files the event, and says under which id.
inline std::string file_hold(journal::Inbox& inbox, std::string action_key, UtcTime at = kBirth) {
  return file(inbox, {{{}, hold(std::move(action_key), at)}}).front().event;
}

inline Result<std::vector<journal::Filed>> change(journal::Inbox& inbox, journal::HookEvent event) {
  return inbox.write({}, std::vector{std::move(event)});
}

// All that an event says.
inline std::string told(const journal::HookEvent& event) {
  return json::write(json::Value(journal::event_json(event))) + '\n';
}

inline std::string told(const std::vector<journal::HookEvent>& events) {
  std::string text;
  for (const journal::HookEvent& event : events) text += told(event);
  return text;
}

}  // namespace neap::test
