// What commands and notifications show of an event.
#include "journal/inbox_json.h"

#include <catch2/catch.hpp>

#include "json/writer.h"
#include "support/inbox_samples.h"

namespace {

using namespace neap;
using namespace neap::test;

std::string written(const journal::HookEvent& event) {
  return json::write(json::Value(journal::event_json(event)));
}

TEST_CASE("an event that has just come says of what is not known yet that it is null", "[inbox]") {
  journal::HookEvent event = hold("4c76c562-9688-45c6-b685-7fd732df310a");
  event.id = "7k2m9qx4ab";
  event.deadline = {};
  CHECK(
      written(event) ==
      R"({"id":"7k2m9qx4ab","status":"open","hook_type":"INSTANCE_LAUNCHING",)"
      R"("hook_name":"warmup","group_id":"fe376277-50a6-4e36-bdb0-685da85f1a82",)"
      R"("group_name":"as-group-wyz01","instance_id":"89b421e4-5fa6-4733-bf40-6b07a8657256",)"
      R"("instance_name":"as-config-kxeg_RM6OCREY","instance_ip":"192.168.0.202",)"
      R"("action_key":"4c76c562-9688-45c6-b685-7fd732df310a","metadata":"{\"pool\":\"a\"}",)"
      R"("source":"message","created":"2026-01-01T00:00:00.000Z",)"
      R"("changed":"2026-01-01T00:00:00.000Z","deadline":null,"attempts":0,"interrupts":0,"extends":0,)"
      R"("result":null,"error":"","notified":false,"run":null})");
}

TEST_CASE("an event that was answered says when and how", "[inbox]") {
  journal::HookEvent event = hold("key");
  event.status = journal::EventStatus::kAnswered;
  event.changed = after_birth(65);
  event.attempts = 2;
  event.extends = 1;
  event.result = "CONTINUE";
  event.error = "the probe got no answer";
  event.notified = true;
  const json::Object object = journal::event_json(event);
  CHECK(object.text("status") == "answered");
  CHECK(object.text("changed") == "2026-01-01T00:01:05.000Z");
  CHECK(object.text("deadline") == "2026-01-01T01:00:00.000Z");
  CHECK(object.number("attempts") == 2);
  CHECK(object.number("extends") == 1);
  CHECK(object.text("result") == "CONTINUE");
  CHECK(object.text("error") == "the probe got no answer");
  CHECK(object.flag("notified"));
}

}  // namespace
