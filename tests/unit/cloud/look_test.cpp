// Looking at the things of a call: one that is shown, rows of a list, several at once, every way in
// which lists are paged.
#include "cloud/look.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/scripted_transport.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;

namespace {

struct World {
  ~World() { CHECK(transport.under_way == 0); }

  Result<Look> look(std::string_view service, std::string_view name, const json::Object& arguments,
                    std::string mark = {}) {
    std::optional<Result<Look>> result;
    const Operation* operation = find_operation(service, name);
    REQUIRE(operation != nullptr);
    const Owner owner = cloud::look(client, loop, *operation, arguments, std::move(mark),
                                    [&](Result<Look> seen) { result = std::move(seen); });
    loop.run();
    REQUIRE(result);
    return *std::move(result);
  }
  // Whether the request for that page holds this.
  bool asked_for(std::size_t page, const std::string& part) const {
    return transport.sent.at(page).request.url.find(part) != std::string::npos;
  }

  VirtualClock clock;
  Loop loop{clock};
  ScriptedTransport transport{loop};
  ScriptedCredentials credentials;
  Random random{1};
  Client client{loop,
                transport,
                credentials,
                random,
                {.endpoint = [](std::string_view) -> Result<std::string> {
                  return std::string("https://x.example.com");
                }}};
};

json::Object with(std::initializer_list<std::pair<const char*, json::Value>> members) {
  json::Object object;
  for (const auto& [key, value] : members) object.set(key, value);
  return object;
}

// Rows with the ids FIRST to LAST.
std::string rows(int first, int last, const char* field, const char* rest = "") {
  std::string text;
  for (int i = first; i <= last; ++i) {
    text += fmt::format(R"({}{{"{}":"s{}"{}}})", i == first ? "" : ",", field, i, rest);
  }
  return text;
}

constexpr const char* kGroup = "g-1";

}  // namespace

TEST_CASE("a hook is shown by its group and its name, and has no status") {
  World world;
  world.transport.then(answered(
      200, R"({"lifecycle_hook_name":"h","default_timeout":600,"default_result":"ABANDON"})"));
  const auto seen = world.look("as", "update_life_cycle_hook",
                               with({{"scaling_group_id", kGroup},
                                     {"lifecycle_hook_name", "h"},
                                     {"default_timeout", 600},
                                     {"default_result", "CONTINUE"}}));
  REQUIRE(seen);
  CHECK(world.asked_for(0, "/scaling_lifecycle_hook/g-1/h"));
  CHECK(seen->view.name == "h");
  CHECK(seen->view.status.empty());
  CHECK(plain_text(seen->view.set, "default_timeout") == "600");
  CHECK(plain_text(seen->view.set, "default_result") == "ABANDON");
}

TEST_CASE("a thing that should have a status and shows none is not taken for one") {
  World world;
  world.transport.then(answered(200, R"({"scaling_group":{"scaling_group_id":"g-1"}})"));
  const auto seen = world.look("as", "pause_scaling_group", with({{"scaling_group_id", kGroup}}));
  REQUIRE_FALSE(seen);
  CHECK(seen.error().kind == ErrorKind::kNetwork);
}

TEST_CASE("a held instance is a row of a list that is not paged, by key or by instance and hook") {
  const char* const rows = R"({"instance_hanging_info":[
      {"instance_id":"i-1","lifecycle_hook_name":"a","lifecycle_action_key":"k-1",
       "lifecycle_hook_status":"CONTINUE"},
      {"instance_id":"i-1","lifecycle_hook_name":"b","lifecycle_action_key":"k-2",
       "lifecycle_hook_status":"HANGING"}]})";
  const auto hold = [&](const json::Object& arguments) {
    World world;
    world.transport.then(answered(200, rows));
    auto seen = world.look("as", "attach_callback_instance_life_cycle_hook", arguments);
    CHECK(world.transport.sent.size() == 1);
    CHECK_FALSE(world.asked_for(0, "limit="));
    REQUIRE(seen);
    return seen->view;
  };
  CHECK(hold(with({{"scaling_group_id", kGroup}, {"lifecycle_action_key", "k-2"}})).status ==
        "HANGING");
  CHECK(hold(with({{"scaling_group_id", kGroup}, {"lifecycle_action_key", "k-1"}})).status ==
        "CONTINUE");
  CHECK(hold(with({{"scaling_group_id", kGroup},
                   {"instance_id", "i-1"},
                   {"lifecycle_hook_name", "b"}}))
            .name == "b");
  CHECK_FALSE(hold(with({{"scaling_group_id", kGroup}, {"lifecycle_action_key", "k-3"}})).found);
}

TEST_CASE("several instances of a scaling group: rows of a list read to its total number") {
  World world;
  const char* const state = R"(,"life_cycle_state":"INSERVICE")";
  world.transport.then(answered(200, R"({"total_number":150,"scaling_group_instances":[)" +
                                         rows(1, 100, "instance_id", state) + "]}"));
  world.transport.then(answered(200, R"({"total_number":150,"scaling_group_instances":[)" +
                                         rows(101, 150, "instance_id", state) + "]}"));
  const auto seen = world.look(
      "as", "batch_remove_scaling_instances",
      with({{"scaling_group_id", kGroup}, {"instances_id", json::Array{"s120", "s7", "gone"}}}));
  REQUIRE(seen);
  CHECK(world.asked_for(0, "limit=100&start_number=0"));
  CHECK(world.asked_for(1, "start_number=100"));
  REQUIRE(seen->view.rows.size() == 3);
  CHECK(seen->view.rows[0].status == "INSERVICE");
  CHECK(seen->view.rows[0].name == "s120");
  CHECK(seen->view.rows[1].name == "s7");
  CHECK_FALSE(seen->view.rows[2].found);
  CHECK(describe(*find_operation("as", "batch_remove_scaling_instances"), seen->view) ==
        "3 instances: s120 is INSERVICE, s7 is INSERVICE, gone is not there");
}

TEST_CASE("servers of a batch: pages are counted, not rows") {
  World world;
  const char* const state = R"(,"status":"ACTIVE")";
  world.transport.then(answered(200, R"({"servers":[)" + rows(1, 1000, "id", state) + "]}"));
  world.transport.then(
      answered(200, R"({"servers":[{"id":"x","name":"web","status":"SHUTOFF"}]})"));
  const json::Array servers{with({{"id", "s3"}}), with({{"id", "x"}})};
  const auto seen = world.look("ecs", "batch_start_servers", with({{"servers", servers}}));
  REQUIRE(seen);
  CHECK(world.asked_for(0, "offset=1"));
  CHECK(world.asked_for(1, "offset=2"));
  REQUIRE(seen->view.rows.size() == 2);
  CHECK(seen->view.rows[1].name == "web");
  CHECK(seen->view.rows[1].status == "SHUTOFF");
}

TEST_CASE("one thing in a list of ids is looked at as one") {
  World world;
  world.transport.then(
      answered(200, R"({"servers":[{"id":"x","name":"web","status":"SHUTOFF"}]})"));
  const auto seen = world.look("ecs", "batch_start_servers",
                               with({{"servers", json::Array{with({{"id", "x"}})}}}));
  REQUIRE(seen);
  CHECK(seen->view.rows.empty());
  CHECK(seen->view.status == "SHUTOFF");
}

TEST_CASE("instances of SDRS: rows until a page is not full") {
  World world;
  const char* const state = R"(,"status":"protected","name":"n")";
  world.transport.then(
      answered(200, R"({"protected_instances":[)" + rows(1, 1000, "id", state) + "]}"));
  world.transport.then(
      answered(200, R"({"protected_instances":[)" + rows(1001, 1001, "id", state) + "]}"));
  const json::Array both{with({{"id", "s1001"}}), with({{"id", "s1"}})};
  const auto seen =
      world.look("sdrs", "batch_delete_protected_instances", with({{"protected_instances", both}}));
  REQUIRE(seen);
  CHECK(world.asked_for(1, "offset=1000"));
  CHECK(seen->view.rows.at(0).status == "protected");
}

TEST_CASE("a hook that is to be made is found by its name, and shows what it was made with") {
  World world;
  world.transport.then(answered(200, R"({"lifecycle_hooks":[
      {"lifecycle_hook_name":"other","default_result":"ABANDON"},
      {"lifecycle_hook_name":"h","default_result":"CONTINUE","create_time":"t"}]})"));
  const auto seen = world.look("as", "create_life_cycle_hook",
                               with({{"scaling_group_id", kGroup},
                                     {"lifecycle_hook_name", "h"},
                                     {"default_result", "CONTINUE"}}));
  REQUIRE(seen);
  CHECK(seen->view.ids == std::vector<std::string>{"h"});
  CHECK(plain_text(seen->view.set, "default_result") == "CONTINUE");
  CHECK(seen->view.set.find("create_time") == nullptr);
}

TEST_CASE("a group of things that is not there has none of them, but cannot take a new one") {
  const auto no_group = [](World& world) {
    world.transport.then(
        answered(400, R"({"error":{"code":"AS.2007","message":"The group does not exist."}})"));
  };
  World world;
  no_group(world);
  const auto removed =
      world.look("as", "batch_remove_scaling_instances",
                 with({{"scaling_group_id", kGroup}, {"instances_id", json::Array{"a", "b"}}}));
  REQUIRE(removed);
  CHECK_FALSE(removed->view.found);
  no_group(world);
  const auto made = world.look("as", "create_life_cycle_hook",
                               with({{"scaling_group_id", kGroup}, {"lifecycle_hook_name", "h"}}));
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == ErrorKind::kNotFound);
}

TEST_CASE("an answer that is no list, or no thing, says nothing") {
  for (const char* body : {"", "[]", "{}", R"({"instance_hanging_info":{}})"}) {
    INFO(body);
    World world;
    world.transport.then(answered(200, body));
    CHECK_FALSE(world.look("as", "attach_callback_instance_life_cycle_hook",
                           with({{"scaling_group_id", kGroup}, {"lifecycle_action_key", "k"}})));
  }
}
