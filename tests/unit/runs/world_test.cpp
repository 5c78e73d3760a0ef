// A world whose platform delivers messages: a receiver, the client and the simulated cloud in one
// process and one virtual time.
#include "runs/world.h"

#include <optional>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "json/document.h"
#include "support/simulated_platform.h"

using namespace neap;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kReceiver = "http://127.0.0.1:8080";
constexpr const char* kEndpoint = "http://127.0.0.1:8080/smn";

std::string text_at(const std::string& body, std::string_view pointer) {
  const auto document = json::Document::parse(body);
  REQUIRE(document);
  return std::string(document->text(pointer).value());
}

// Answers each message with 200 and its hook with CONTINUE.
struct Receiver {
  explicit Receiver(runs::World& in) : world(in) {}

  void take(http::Exchange exchange) {
    const std::string message = text_at(exchange.request().body, "/message");
    CHECK(exchange.respond({200, {}, ""}));
    json::Object arguments;
    arguments.set("scaling_group_id", text_at(message, "/scaling_group/scaling_group_id"));
    arguments.set("lifecycle_action_key", text_at(message, "/lifecycle_action_key"));
    arguments.set("lifecycle_action_result", "CONTINUE");
    calls.push_back(world.client().call(
        *cloud::find_operation("as", "attach_callback_instance_life_cycle_hook"),
        std::move(arguments), [this](const Result<http::Response>& answer) {
          REQUIRE(answer);
          statuses.push_back(answer->status);
        }));
  }

  runs::World& world;
  std::vector<Owner> calls;
  std::vector<int> statuses;
};

}  // namespace

TEST_CASE("500 held instances are told of and answered in one process and no real time") {
  Log log{LogLevel::kOff};
  SimulatedPlatform* platform = nullptr;
  const auto world = runs::World::against(
      std::make_unique<VirtualClock>(),
      [&](Loop& loop) {
        auto made = std::make_unique<SimulatedPlatform>(loop, 7);
        platform = made.get();
        return made;
      },
      7, log);
  Receiver receiver(*world);
  platform->serve(kReceiver, [&](http::Exchange exchange) { receiver.take(std::move(exchange)); });
  const std::string topic = platform->topic("hooks", kEndpoint);
  platform->admin(http::Method::kPost, "/as/groups",
                  fmt::format(R"({{"name":"web","hooks":[{{"name":"up","type":"INSTANCE_LAUNCHING",
                  "topic_urn":"{}","timeout":300}}]}})",
                              topic));
  platform->admin(http::Method::kPost, "/as/groups/web/set", R"({"desire":500})");
  world->loop().run();
  CHECK(receiver.statuses == std::vector<int>(500, 204));
  const json::Document book = platform->admin(http::Method::kGet, "/as/outcomes");
  CHECK(book.number("/totals/callback").value() == 500);
  CHECK(book.number("/totals/answered_again").value() == 0);
  CHECK(world->loop().timers() == 0);
  CHECK(world->loop().now() < 300s);
}
