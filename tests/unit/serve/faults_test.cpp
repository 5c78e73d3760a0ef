// The service and everything that can go wrong around it: messages that multiply, vanish or come
// too late, a platform that refuses and forgets to answer, handlers that misbehave, restarts.
#include <cstdio>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/fault_count.h"
#include "support/journal_samples.h"
#include "support/seed.h"
#include "unit/serve/serve_world.h"

using namespace neap;
using namespace neap::test;
using journal::EventStatus;
using namespace std::chrono_literals;

namespace {

constexpr const char* kSlow = R"(
hooks.on("INSTANCE_LAUNCHING", { concurrency = 50, name = "up" }, function()
  task.sleep("3s")
  return "CONTINUE"
end)
)";

// Every hold was answered by one callback of ours, before its deadline.
void check_book(ServeWorld& w, int holds) {
  INFO(w.said());
  CHECK(w.total("holds") == holds);
  CHECK(w.total("callback") == holds);
  CHECK(w.total("default") == 0);
  CHECK(w.total("hanging") == 0);
  CHECK(w.total("answered_again") == 0);
  CHECK(w.count(EventStatus::kAnswered) == holds);
}

void count_fired(ServeWorld& w) {
  const std::size_t fired = w.fired();
  CHECK(fired > 0);
  for (std::size_t i = 0; i < fired; ++i) count_fault();
}

// A scale-out of that many instances while this goes wrong, with a fault or a mishap as it is
// planted.
void scale_out(const std::string& path, const std::string& trouble, int instances = 40) {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":600)"));
  w.serve(kSlow);
  w.post(path, trouble);
  w.desire("web", instances);
  REQUIRE(w.run_until([&] { return w.total("holds") == instances && w.settled(); }));
  check_book(w, instances);
  count_fired(w);
}

}  // namespace

TEST_CASE("messages that come seven times and in any order are one event each") {
  scale_out("/smn/mishaps", R"({"kind":"duplicate","times":7,"probability":1})");
  scale_out("/smn/mishaps", R"({"kind":"reorder","probability":0.5})");
}

TEST_CASE("when every message is lost the holds are found") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":300)"));
  w.serve(kSlow);
  w.post("/smn/mishaps", R"({"kind":"lose","probability":1})");
  w.desire("web", 40);
  REQUIRE(w.run_until([&] { return w.total("holds") == 40 && w.settled(); }));
  check_book(w, 40);
  CHECK(w.metrics.events.of("reconciler") == 40);
  CHECK(w.metrics.events.of("message") == 0);
  count_fired(w);
}

TEST_CASE("a message that comes after its hold has ended starts nothing") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":300)"));
  w.serve(kSlow);
  w.post("/smn/mishaps", R"({"kind":"delay","seconds":3000,"probability":1})");
  w.desire("web", 10);
  REQUIRE(w.run_until([&] { return w.total("holds") == 10 && w.settled(); }));
  check_book(w, 10);
  w.pass(2h);
  check_book(w, 10);
  CHECK(w.metrics.messages_duplicate + w.metrics.messages_stored == 10);
  CHECK(w.events().size() == 10);
  count_fired(w);
}

TEST_CASE("a receiver that SMN shuns misses nothing") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":300)"));
  w.serve(kSlow);
  w.platform->stop(ServeWorld::kReceiver);  // the network, not the service
  w.desire("web", 60);
  REQUIRE(w.run_until([&] { return w.total("holds") == 60 && w.settled(); }));
  check_book(w, 60);
  CHECK(w.metrics.events.of("reconciler") == 60);
  for (int i = 0; i < 60; ++i) count_fault();
}

TEST_CASE("a platform that throttles, fails and loses answers gets each answer once") {
  const char* callback = R"("operation":"attach_callback_instance_life_cycle_hook")";
  const char* list = R"("operation":"list_hook_instances")";
  for (const char* kind :
       {R"("kind":"throttle","retry_after":3,"probability":0.5)",
        R"("kind":"drop_after","probability":0.5)", R"("kind":"drop_before","probability":0.5)",
        R"("kind":"truncate","probability":0.5)",
        R"("kind":"status","status":503,"probability":0.5)",
        R"("kind":"delay","seconds":40,"probability":0.3)",
        R"("kind":"bad_json","probability":0.5)"}) {
    for (const char* operation : {callback, list}) {
      INFO(operation << " " << kind);
      scale_out("/faults", fmt::format("{{{},{}}}", operation, kind));
    }
  }
}

TEST_CASE("a process that dies again and again is carried on by the next") {
  const std::uint64_t seed = seed_of_run();
  std::printf("restarts: seed %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  ServeWorld w(seed);
  w.group("web", w.hook("up", R"("timeout":300)") + "," + w.hook("down"));
  w.serve(kSlow);
  w.desire("web", 200);
  std::size_t deaths = 0;
  for (; deaths < 100; ++deaths) {
    w.pass(from_seconds(random.between(0.01, 12)));
    w.die();
    w.pass(from_seconds(random.between(0, 0.5)));
    w.serve(kSlow);
    count_fault();
  }
  REQUIRE(w.run_until([&] { return w.total("holds") == 200 && w.settled(); }));
  check_book(w, 200);
}

TEST_CASE("a process that was away for long extends the holds before anything else") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":1200)"));
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", { concurrency = 5 }, function()
    task.sleep("5m") return "CONTINUE" end))");
  w.desire("web", 10);
  REQUIRE(w.run_until([&] { return w.total("hanging") == 10; }));
  w.pass(10s);
  w.die();
  w.pass(15min);
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", { concurrency = 5 }, function()
    task.sleep("5m") return "CONTINUE" end))");
  w.pass(10s);
  CHECK(w.total("extended") == 10);
  REQUIRE(w.run_until([&] { return w.settled(); }));
  check_book(w, 10);
}

TEST_CASE("a handler that misbehaves is answered for by its policy, and touches no other") {
  ServeWorld w;
  w.settings.cpu_per_resume.value = 250ms;  // sanitizers load the standard library in 50
  w.settings.memory_per_run.value = 8U << 20;
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"loops", "while true do end"},
      {"swallows", "while true do pcall(function() while true do end end) end"},
      {"grows", "local t = {} while true do t[#t + 1] = ('x'):rep(100000) .. #t end"},
      {"throws", "error('no')"},
      {"throws-table", "error({ kind = 'conflict', message = 'no' })"},
      {"nothing", ""},
      {"nonsense", "return 'MAYBE'"},
      {"number", "return 7"},
      {"recurses", "local function f() return 1 + f() end f()"},
      {"yields", "coroutine.yield()"},
      {"forbidden", "sdrs.groups:all() return 'CONTINUE'"}};
  std::string handlers;
  for (const auto& [name, body] : bad) {
    w.group(name, w.hook("up", R"("timeout":300)"));
    handlers += fmt::format(
        "hooks.on('INSTANCE_LAUNCHING', {{ group = '{}', name = '{}', on_error = 'CONTINUE' }}, "
        "function(event) {} end)\n",
        name, name, body);
  }
  w.group("good", w.hook("up", R"("timeout":300)"));
  handlers +=
      "hooks.on('INSTANCE_LAUNCHING', { group = 'good', concurrency = 1 }, function() "
      "task.sleep('1s') return 'CONTINUE' end)";
  w.serve(handlers);
  w.desire("good", 20);
  for (const auto& row : bad) w.desire(row.first, 1);
  const int holds = static_cast<int>(bad.size()) + 20;
  REQUIRE(w.run_until([&] { return w.total("holds") == holds && w.settled(); }));
  check_book(w, holds);
  int failed = 0;
  for (const journal::HookEvent& event : w.events()) {
    if (event.group_name == "good") {
      CHECK(event.error.empty());
      CHECK(event.attempts == 1);
      continue;
    }
    INFO(event.group_name << ": " << event.error);
    CHECK(event.attempts == 3);
    CHECK_FALSE(event.error.empty());
    ++failed;
    count_fault();
  }
  CHECK(failed == static_cast<int>(bad.size()));
}

TEST_CASE("a handler that yields for ever is ended by its time limit") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":300)"));
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", { timeout = "5s", attempts = 2, on_error = "CONTINUE" },
    function() while true do task.sleep(0.1) end end))");
  w.desire("web", 1);
  REQUIRE(w.run_until([&] { return w.total("holds") == 1 && w.settled(); }));
  check_book(w, 1);
  CHECK(w.events().front().error.find("not done within 5.0s") != std::string::npos);
  CHECK(w.events().front().attempts == 2);
}

TEST_CASE("an event that is held for an operator waits for a word, and goes on with it") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":300)"));
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", { attempts = 1, on_error = "HOLD" },
    function(event) if event.attempt == 1 then error("broken") end return "CONTINUE" end))");
  w.desire("web", 3);
  REQUIRE(w.run_until([&] { return w.count(EventStatus::kSetAside) == 3; }));
  w.pass(30min);  // kept from running out meanwhile
  CHECK(w.total("hanging") == 3);
  const std::vector<journal::HookEvent> events = w.events();
  const auto wish = [&](std::size_t i, const char* what) {
    REQUIRE(w.store->inbox().wish({events[i].id, what, "anna", w.world->loop().utc()}));
  };
  wish(0, "ABANDON");
  wish(1, "discard");
  wish(2, "retry");
  w.die();
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", {}, function() return "CONTINUE" end))");
  REQUIRE(w.run_until([&] { return w.service->open() == 0; }));
  INFO(w.said());
  CHECK(w.count(EventStatus::kDiscarded) == 1);
  CHECK(w.metrics.answers.of("ABANDON") == 1);
  CHECK(w.metrics.answers.of("CONTINUE") >= 1);
}

TEST_CASE("a handler's run is kept from its first changing call on, and goes on after a death") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":300)"));
  const char* handlers = R"(hooks.on("INSTANCE_LAUNCHING", { needs = { "smn:publish_message" } },
    function(event)
      smn.topic("urn:smn:cn-north-4:5147d0000000400080000000000000a1:hooks"):publish {
        subject = "s", message = "taking up " .. event.instance_id }
      task.sleep("30s")
      return "CONTINUE"
    end))";
  w.serve(handlers);
  w.desire("web", 1);
  REQUIRE(w.run_until([&] { return !w.store->runs({}, 10)->empty(); }));
  w.pass(3s);
  w.die();
  w.serve(handlers);
  REQUIRE(w.run_until([&] { return w.settled() && w.total("holds") == 1; }));
  INFO(w.said());
  check_book(w, 1);
  const auto runs = w.store->runs({}, 10);
  REQUIRE(runs->size() == 1);
  CHECK(runs->front().status == journal::Status::kDone);
  CHECK(runs->front().id == w.events().front().run);
  const json::Document sent = w.admin(http::Method::kGet, "/receipts?operation=publish_message");
  CHECK(sent.has("/receipts/0"));
  CHECK_FALSE(sent.has("/receipts/1"));
}
