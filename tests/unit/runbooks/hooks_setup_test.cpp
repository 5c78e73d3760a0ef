// The bundled setting up of lifecycle hooks: done once, repaired, and taken away again.
#include <catch2/catch.hpp>

#include "support/runbook_outcome.h"

using namespace neap;
using namespace neap::app;
using test::check_done;
using test::check_failed;
using test::fault;
using test::Rehearsal;
using test::result_of;

namespace {

using Words = std::vector<std::string>;

constexpr const char* kCreate = "create_life_cycle_hook";
constexpr const char* kUpdate = "update_life_cycle_hook";
constexpr const char* kDelete = "delete_lifecycle_hook";
constexpr const char* kTopic = "create_topic";
constexpr const char* kSubscribe = "add_subscription";

Words web(const Words& more = {}) {
  Words words{"--group", "web", "--topic", "shop", "--subscriber", "https://ops.example.com/hooks"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

struct ScalingWorld : Rehearsal {
  ScalingWorld() {
    admin(http::Method::kPost, "/as/groups", R"({"name":"web","instances":2,"max":5})");
  }
  // Each hook with its type, result and timeout, then each subscription.
  std::string state() {
    const auto outcome = run(runs::typed_script(R"(
      local rows = {}
      for hook in as.groups:find("web").hooks:each() do
        rows[#rows + 1] = ("%s %s %d"):format(hook.lifecycle_hook_name, hook.default_result,
          hook.default_timeout)
      end
      for subscription in smn.subscriptions:each() do
        rows[#rows + 1] = subscription.protocol .. " " .. subscription.endpoint
      end
      return table.concat(rows, ", "))"),
                             {});
    const auto* text = outcome.value.as<std::string>();
    return text != nullptr ? *text : "?";
  }
  std::size_t changes() {
    return arrived(kCreate) + arrived(kUpdate) + arrived(kDelete) + arrived(kTopic) +
           arrived(kSubscribe);
  }
};

const std::string kAll =
    "neap-launching ABANDON 3600, neap-terminating ABANDON 3600, "
    "https https://ops.example.com/hooks";

}  // namespace

TEST_CASE("topic, subscription and both hooks are set up, and a second time nothing is sent") {
  ScalingWorld world;
  const auto first = world.run("hooks_setup", web());
  check_done(first, true);
  CHECK(world.state() == kAll);
  CHECK(result_of(first).text("subscription") == "unconfirmed");
  CHECK_THAT(world.op.texts("note", "text"), Catch::Contains("told nothing until it is confirmed"));
  CHECK(world.changes() == 4);
  world.op.questions.clear();
  check_done(world.run("hooks_setup", web()), false);
  CHECK(world.changes() == 4);
  CHECK(world.op.questions.empty());
}

TEST_CASE("a receiver that was not there is invited again, also while the group scales") {
  ScalingWorld world;
  check_done(world.run("hooks_setup", web()), true);
  CHECK_THAT(world.op.texts("note", "text"),
             Catch::Contains("with --invite") && Catch::Contains("neap serve scale_hook --topic"));
  world.admin(http::Method::kPost, "/as/groups/web/set", R"({"desire":3})");
  check_done(world.run("hooks_setup", web({"--invite"})), true);
  CHECK_THAT(world.op.questions.back(),
             Catch::Contains("invite https://ops.example.com/hooks again"));
  CHECK(world.arrived(kSubscribe) == 2);
  CHECK(world.changes() == 5);
}

TEST_CASE("one kind of hook with its own name, time, result and text") {
  ScalingWorld world;
  check_done(world.run("hooks_setup", web({"--type", "terminating", "--name", "drain", "--hold",
                                           "10m", "--result", "CONTINUE", "--metadata", "eu"})),
             true);
  CHECK(world.state() == "drain-terminating CONTINUE 600, https https://ops.example.com/hooks");
}

TEST_CASE("a hook that differs is changed after a question that says what") {
  ScalingWorld world;
  check_done(world.run("hooks_setup", web()), true);
  check_done(world.run("hooks_setup", web({"--hold", "10m"})), true);
  CHECK_THAT(world.op.questions.back(),
             Catch::Contains("change hook neap-launching: timeout 3600 -> 600"));
  CHECK(world.arrived(kUpdate) == 2);
  CHECK_THAT(world.state(), Catch::Contains("neap-terminating ABANDON 600"));
  world.op.answer = Answer{false, "anna", "leave it"};
  check_failed(world.run("hooks_setup", web({"--hold", "20m"})), ErrorKind::kPrecondition,
               "leave it");
  CHECK(world.arrived(kUpdate) == 2);
}

TEST_CASE("a topic that is given as its URN is used as it is, without a subscription") {
  ScalingWorld world;
  const auto topic = world.admin(http::Method::kPost, "/smn/topics", R"({"name":"shop"})");
  const std::string urn(topic.text("/topic_urn").value_or("?"));
  const auto outcome = world.run("hooks_setup", {"--group", "web", "--topic", urn});
  check_done(outcome, true);
  CHECK(result_of(outcome).text("topic") == urn);
  CHECK(world.arrived(kTopic) == 0);
  CHECK(world.arrived(kSubscribe) == 0);
}

TEST_CASE("--remove takes hooks and subscription away, and says so when there are none") {
  ScalingWorld world;
  check_done(world.run("hooks_setup", web()), true);
  check_done(world.run("hooks_setup", web({"--remove"})), true);
  CHECK(world.state().empty());
  CHECK_THAT(world.op.texts("note", "text"), Catch::Contains("shop stays: others may use it"));
  check_done(world.run("hooks_setup", web({"--remove"})), false);
  CHECK(world.arrived(kDelete) == 2);
}

TEST_CASE("wrong words are refused before a topic is made") {
  ScalingWorld world;
  check_failed(world.run("hooks_setup", web({"--hold", "1m"})), ErrorKind::kUsage, "5m to 24h");
  check_failed(world.run("hooks_setup", web({"--name", "a hook"})), ErrorKind::kUsage, "--name");
  check_failed(world.run("hooks_setup", web({"--metadata", "a & b"})), ErrorKind::kUsage,
               "--metadata");
  check_failed(world.run("hooks_setup", web({"--type", "sometimes"})), ErrorKind::kUsage,
               "launching, terminating");
  check_failed(world.run("hooks_setup", {"--group", "wed", "--topic", "shop"}),
               ErrorKind::kNotFound, "web");
  CHECK(world.changes() == 0);
}

TEST_CASE("a group that is scaling, or has no room for hooks, is refused") {
  ScalingWorld world;
  for (int index = 0; index < 2; ++index) {
    const std::string name = "more-" + std::to_string(index);
    check_done(world.run("hooks_setup", web({"--name", name})), true);
  }
  check_failed(world.run("hooks_setup", web()), ErrorKind::kPrecondition, "AS.7038");
  CHECK(world.arrived(kCreate) == 4);
  world.admin(http::Method::kPost, "/as/groups/web/set", R"({"desire":3})");
  check_failed(world.run("hooks_setup", web({"--name", "more-1", "--hold", "10m"})),
               ErrorKind::kPrecondition, "is scaling now");
  CHECK(world.arrived(kUpdate) == 0);
}

TEST_CASE("an operator who says no to hooks ends it with nothing sent") {
  ScalingWorld world;
  world.op.answer = Answer{false, "anna", "not today"};
  check_failed(world.run("hooks_setup", web()), ErrorKind::kPrecondition, "not confirmed");
  CHECK(world.changes() == 0);
}

TEST_CASE("whatever happens to a call that sets up hooks, a second run completes it once") {
  for (const char* operation : {kCreate, kTopic, kSubscribe}) {
    for (const char* kind : {R"("kind":"drop_after")", R"("kind":"drop_before")",
                             R"("kind":"truncate")", R"("kind":"bad_json")",
                             R"("kind":"status","status":500)", R"("kind":"status","status":503)",
                             R"("kind":"throttle")", R"("kind":"delay","seconds":60)"}) {
      INFO(operation << " " << kind);
      ScalingWorld world;
      world.plant(fault(operation, kind));
      world.run("hooks_setup", web());
      const auto again = world.run("hooks_setup", web());
      INFO((again.error ? describe(*again.error) : ""));
      CHECK_FALSE(again.error);
      CHECK(world.state() == kAll);
    }
  }
}

TEST_CASE("a change of a hook whose answer is lost was sent, or is sent again: it is as wanted") {
  for (const char* kind :
       {R"("kind":"drop_after")", R"("kind":"drop_before")", R"("kind":"status","status":503)"}) {
    INFO(kind);
    ScalingWorld world;
    check_done(world.run("hooks_setup", web({"--type", "launching"})), true);
    world.plant(fault(kUpdate, kind));
    check_done(world.run("hooks_setup", web({"--type", "launching", "--hold", "10m"})), true);
    CHECK_THAT(world.state(), Catch::Contains("neap-launching ABANDON 600"));
  }
}

TEST_CASE("reads that fail for a while do not stop the setting up of hooks") {
  for (const char* operation :
       {"list_scaling_groups", "list_life_cycle_hooks", "list_subscriptions"}) {
    for (const char* kind : {R"("kind":"status","status":503,"count":2)", R"("kind":"throttle")",
                             R"("kind":"drop_before","count":2)"}) {
      INFO(operation << " " << kind);
      ScalingWorld world;
      world.plant(fault(operation, kind));
      check_done(world.run("hooks_setup", web()), true);
      CHECK(world.changes() == 4);
    }
  }
}
