// Outgoing notifications as CloudEvents 1.0 in structured JSON.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "journal/inbox.h"
#include "json/value.h"

namespace neap::serve {

inline constexpr std::string_view kCloudEventType = "application/cloudevents+json; charset=utf-8";

struct CloudEvent {
  std::string id;       // with `source` unique: what a receiver tells a repetition by
  std::string source;   // a URI reference, such as "/neap/dr-1"
  std::string type;     // "com.huaweicloud.neap.hook.answered"
  std::string subject;  // the instance
  UtcTime time{};
  json::Object data;
};

std::string write(const CloudEvent& event);

// Of an event that is answered, gone, set aside or discarded, what became of it: nothing that would
// let its reader answer a hold, and no metadata, which may hold secrets.
CloudEvent end_of(const journal::HookEvent& event, std::string_view source);

}  // namespace neap::serve
