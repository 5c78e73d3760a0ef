// The service against the simulated platform: what it answers, and when nothing goes wrong.
#include <catch2/catch.hpp>

#include "unit/serve/serve_world.h"

using namespace neap;
using namespace neap::test;
using journal::EventStatus;
using namespace std::chrono_literals;

namespace {

constexpr const char* kContinue = R"(
hooks.on("INSTANCE_LAUNCHING", { concurrency = 20 }, function(event)
  assert(event.instance_ip and event.remaining and event:remaining() > 0)
  return "CONTINUE"
end)
hooks.on("INSTANCE_TERMINATING", {}, function() return "CONTINUE" end)
)";

}  // namespace

TEST_CASE("instances that come and go are let go on, each by one answer") {
  ServeWorld w;
  w.group("web", w.hook("up") + "," + w.hook("down"));
  w.serve(kContinue);
  w.desire("web", 20);
  REQUIRE(w.run_until([&] { return w.total("holds") == 20 && w.settled(); }));
  w.desire("web", 5);
  REQUIRE(w.run_until([&] { return w.total("holds") == 35 && w.settled(); }));
  INFO(w.said());
  CHECK(w.total("callback") == 35);
  CHECK(w.total("default") == 0);
  CHECK(w.total("answered_again") == 0);
  CHECK(w.count(EventStatus::kAnswered) == 35);
  CHECK(w.metrics.messages_stored + w.metrics.messages_duplicate == 35);
  CHECK(w.metrics.answers.of("CONTINUE") == 35);
  CHECK(w.lines.empty());
}

TEST_CASE("a handler gets what the message and the listing say") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("metadata":"port=80","timeout":600)"));
  w.serve(R"(
    hooks.on("INSTANCE_LAUNCHING", { name = "look" }, function(event)
      assert(event.hook_name == "up" and event.type == "INSTANCE_LAUNCHING", "hook")
      assert(event.group_name == "web" and #event.group_id == 36, "group")
      assert(#event.instance_id == 36 and #event.action_key == 36, "ids")
      assert(event.metadata == "port=80" and event.attempt == 1, "metadata")
      assert(event:remaining() > 590 and event:remaining() <= 600, "remaining")
      assert(event.deadline - os.time() > 590, "deadline")
      return "CONTINUE"
    end))");
  w.desire("web", 1);
  REQUIRE(w.run_until([&] { return w.total("holds") == 1 && w.settled(); }));
  INFO(w.said());
  CHECK(w.count(EventStatus::kAnswered) == 1);
  CHECK(w.events().front().error.empty());
}

TEST_CASE("the first handler that fits an event is the one") {
  ServeWorld w;
  w.group("web", w.hook("up"));
  w.group("db", w.hook("up"));
  w.group("other", w.hook("else"));
  w.serve(R"(
    hooks.on("INSTANCE_LAUNCHING", { group = "db", name = "db" }, function() return "ABANDON" end)
    hooks.on("INSTANCE_LAUNCHING", { hook = { "up" }, name = "up" }, function() return "CONTINUE" end)
  )");
  for (const char* group : {"web", "db", "other"}) w.desire(group, 1);
  REQUIRE(w.run_until([&] { return w.total("holds") >= 4; }));
  w.pass(30s);
  INFO(w.said());
  CHECK(w.metrics.answers.of("CONTINUE") == 1);
  CHECK(w.metrics.answers.of("ABANDON") >= 1);
  CHECK(w.total("hanging") >= 1);  // nobody is for `else`
  CHECK(w.said().find("no handler is for INSTANCE_LAUNCHING of hook else") != std::string::npos);
}

TEST_CASE("handlers read again take over what waits, and broken ones leave those of before") {
  ServeWorld w;
  w.group("web", w.hook("up"));
  w.serve(R"(hooks.on("INSTANCE_TERMINATING", {}, function() return "CONTINUE" end))");
  w.desire("web", 3);
  REQUIRE(w.run_until([&] { return w.total("hanging") == 3; }));
  const std::optional<Error> error = w.reload("hooks.on(");
  REQUIRE(error);
  CHECK(error->message.find("handlers.lua:1") != std::string::npos);
  CHECK(w.service->open() == 3);
  CHECK_FALSE(w.reload(kContinue));
  REQUIRE(w.run_until([&] { return w.settled(); }));
  CHECK(w.total("callback") == 3);
}

TEST_CASE("no more handlers run at once than each of them, a group and all together may") {
  ServeWorld w;
  w.serving.concurrency = 7;
  w.group("a", w.hook("up"));
  w.group("b", w.hook("up"));
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", { concurrency = 6, per_group = 4, name = "slow" },
    function() task.sleep("20s") return "CONTINUE" end))");
  w.desire("a", 30);
  w.desire("b", 2);
  std::size_t most = 0;
  REQUIRE(w.run_until([&] {
    w.service->measure();
    most = std::max(most, w.metrics.handlers["slow"].running);
    return w.total("holds") == 32 && w.settled();
  }));
  CHECK(most == 6);
  CHECK(w.total("callback") == 32);
}

TEST_CASE("a hold is extended while its handler works, and no longer than it may last") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":300)"));
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", { extend_up_to = "4h" }, function(event)
    task.sleep("2h")
    assert(event:remaining() > 0)
    return "CONTINUE"
  end))");
  w.desire("web", 2);
  REQUIRE(w.run_until([&] { return w.total("holds") == 2 && w.settled(); }, 5h));
  INFO(w.said());
  CHECK(w.total("callback") == 2);
  CHECK(w.total("extended") >= 4);
  CHECK(w.metrics.extends.of("accepted") >= 4);
}

TEST_CASE("a handler that works for too long is answered for before the hold ends") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":300,"default_result":"ABANDON")"));
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", { extend_up_to = "1h", on_error = "CONTINUE" },
    function() task.sleep("10h") return "CONTINUE" end))");
  w.desire("web", 1);
  REQUIRE(w.run_until([&] { return w.total("holds") == 1 && w.settled(); }));
  CHECK(w.total("callback") == 1);
  CHECK(w.total("default") == 0);
  CHECK(w.world->loop().now() < 10min);
  CHECK(w.events().front().error.find("there was no answer in time") == 0);
}

TEST_CASE("a handler is cancelled when its hold has ended otherwise") {
  ServeWorld w;
  w.group("web", w.hook("up"));
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", {}, function(event)
    task.sleep("1h") error("it went on") end))");
  w.desire("web", 1);
  REQUIRE(w.run_until([&] { return w.total("hanging") == 1; }));
  w.pass(5s);
  const std::string key = w.events().front().action_key;
  json::Object arguments;
  arguments.set("scaling_group_id", w.events().front().group_id);
  arguments.set("lifecycle_action_key", key);
  arguments.set("lifecycle_action_result", "CONTINUE");
  const Owner call = w.world->client().call(
      *cloud::find_operation("as", "attach_callback_instance_life_cycle_hook"),
      std::move(arguments), [](const Result<http::Response>& answer) { CHECK(answer); });
  REQUIRE(w.run_until([&] { return w.service->open() == 0; }, 2min));
  CHECK(w.count(EventStatus::kGone) == 1);
  CHECK(w.said().find("it went on") == std::string::npos);
}

TEST_CASE("handlers that are read anew leave answers that are on their way alone") {
  ServeWorld w;
  w.group("web", w.hook("up"));
  w.serve(kContinue);
  w.desire("web", 20);
  int reloads = 0;
  REQUIRE(w.run_until([&] {
    if (w.count(EventStatus::kAnswering) > 0 && reloads < 5) {
      ++reloads;
      REQUIRE_FALSE(w.reload(kContinue));
    }
    return w.total("holds") == 20 && w.settled();
  }));
  INFO(w.said());
  CHECK(reloads == 5);
  CHECK(w.total("callback") == 20);
}

TEST_CASE("a handler that goes on after it was interrupted is ended, and others get their turn") {
  ServeWorld w;
  w.group("web", w.hook("up"));
  w.serve(R"(
    hooks.on("INSTANCE_LAUNCHING",
      { timeout = "5s", attempts = 1, concurrency = 1, on_error = "CONTINUE" },
      function() while true do pcall(task.sleep, 1) end end))");
  w.desire("web", 3);
  REQUIRE(w.run_until([&] { return w.total("holds") == 3 && w.settled(); }, 10min));
  CHECK_THAT(w.said(), Catch::Contains("did not end when it was interrupted"));
  CHECK(w.total("callback") == 3);
  CHECK(w.total("default") == 0);
}

TEST_CASE("what a handler says names its event") {
  ServeWorld w;
  w.group("web", w.hook("up"));
  w.serve(R"(
    hooks.on("INSTANCE_LAUNCHING", { name = "say" }, function(event)
      log.warn("one word")
      return "CONTINUE"
    end))");
  w.desire("web", 1);
  REQUIRE(w.run_until([&] { return w.total("holds") == 1 && w.settled(); }));
  CHECK_THAT(w.said(), Catch::Contains("one word event=" + w.events().front().id + " run="));
}
