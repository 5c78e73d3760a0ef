#include "serve/cloud_event.h"

#include <utility>

#include "journal/inbox_json.h"
#include "json/writer.h"

namespace neap::serve {

std::string write(const CloudEvent& event) {
  json::Object document;
  document.set("specversion", "1.0");
  document.set("id", event.id);
  document.set("source", event.source);
  document.set("type", event.type);
  document.set("time", format_iso(event.time));
  if (!event.subject.empty()) document.set("subject", event.subject);
  document.set("datacontenttype", "application/json");
  document.set("data", event.data);
  return json::write(std::move(document));
}

CloudEvent end_of(const journal::HookEvent& event, std::string_view source) {
  const std::string status(to_text(event.status));
  CloudEvent out;
  out.id = event.id + "." + status;
  out.source = source;
  out.type = "com.huaweicloud.neap.hook." + status;
  out.subject = event.instance_id;
  out.time = event.changed;
  for (const auto& [name, value] : journal::event_json(event)) {
    if (name != "action_key" && name != "metadata" && name != "notified") out.data.set(name, value);
  }
  return out;
}

}  // namespace neap::serve
