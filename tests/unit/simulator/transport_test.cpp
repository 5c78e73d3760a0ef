// The simulator in process: what a real transport would make of each fault, the same bytes for the
// same seed, and a gateway's clock that no time scale moves.
#include "simulator/transport.h"

#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "json/document.h"
#include "sign/signer.h"
#include "support/fault_count.h"

using namespace neap;
using namespace neap::simulator;
using namespace std::chrono_literals;

namespace {

constexpr const char* kOrigin = "http://simulator.test";

sign::Credentials known_credentials() {
  sign::Credentials credentials;
  credentials.access_key = kAccessKey;
  credentials.secret_key = Secret(std::string(kSecretKey));
  credentials.project_id = kProjectId;
  return credentials;
}

struct World {
  explicit World(Options options = {}) : simulator(clock, options) {}
  ~World() {
    CHECK(loop.timers() == 0);
    CHECK(loop.posted() == 0);
  }

  // Signs by a clock that is off by `skew`.
  http::Request request(http::Method method, const std::string& path, const std::string& body = "",
                        Duration skew = {}) {
    http::Request made;
    made.method = method;
    made.url = kOrigin + path;
    made.body = body;
    if (!body.empty()) made.headers.add("Content-Type", "application/json");
    const auto now = clock.utc() + std::chrono::duration_cast<std::chrono::milliseconds>(skew);
    REQUIRE(sign::sign_request(made, known_credentials(), now).has_value());
    return made;
  }
  http::Outcome send(http::Request made, http::Options options = {}) {
    std::optional<http::Outcome> outcome;
    const Owner transfer = transport.send(
        std::move(made), options, [&](http::Outcome answer) { outcome = std::move(answer); });
    CHECK_FALSE(outcome);  // never from inside send()
    loop.run();
    REQUIRE(outcome);
    return std::move(*outcome);
  }
  http::Outcome get(const std::string& path) { return send(request(http::Method::kGet, path)); }
  http::Outcome post(const std::string& path, const std::string& body) {
    return send(request(http::Method::kPost, path, body));
  }
  void plant(const std::string& fault) {
    REQUIRE(post("/_sim/faults", fault).response.status == 200);
    test::count_fault();
  }
  static std::string groups() { return fmt::format("/v1/{}/server-groups", kProjectId); }
  std::string demo_action() { return fmt::format("{}/{}/action", groups(), demo_id()); }
  std::string demo_id() {
    const auto answer = get(groups());
    const auto document = json::Document::parse(answer.response.body);
    REQUIRE(document.has_value());
    return std::string(document->text("/server_groups/0/id").value_or(""));
  }
  http::Outcome failover() { return post(demo_action(), R"({"failover-server-group":{}})"); }
  std::string demo_status() {
    const auto document = json::Document::parse(get(groups()).response.body);
    REQUIRE(document.has_value());
    return std::string(document->text("/server_groups/0/status").value_or(""));
  }

  VirtualClock clock;
  Loop loop{clock};
  Simulator simulator;
  SimulatorTransport transport{loop, simulator};
};

std::string failover_fault(const std::string& rest) {
  return fmt::format(R"({{"operation":"start_failover_protection_group",{}}})", rest);
}

// Where two texts part, with what is around; empty when they are the same.
std::string first_difference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  const auto at = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin();
  const std::size_t from =
      static_cast<std::size_t>(at) - std::min<std::size_t>(40, static_cast<std::size_t>(at));
  return fmt::format("{}\n  is not\n{}", a.substr(from, 80), b.substr(from, 80));
}

// Every byte that a world answers to a fixed course of requests.
std::string course(std::uint64_t seed) {
  World world({.seed = seed});
  std::string all;
  const auto keep = [&](const http::Outcome& outcome) {
    all += fmt::format("{} {}\n", outcome.response.status, outcome.response.body);
    for (const http::Header& header : outcome.response.headers) {
      all += fmt::format("{}: {}\n", header.name, header.value);
    }
  };
  world.plant(R"({"path":"*","kind":"throttle","probability":0.3})");
  keep(world.get(World::groups()));
  keep(world.post(fmt::format("{}/unknown/action", World::groups()), "{}"));
  for (int i = 0; i < 8; ++i) keep(world.get(fmt::format("{}?limit={}", World::groups(), i + 1)));
  keep(world.post("/_sim/groups", R"({"name":"made","instances":2,"pairs":3})"));
  keep(world.get(fmt::format("/v1/{}/replications", kProjectId)));
  keep(world.get("/_sim/state"));
  return all;
}

}  // namespace

TEST_CASE("a request is answered a little later, as a complete response") {
  World world;
  const http::Outcome outcome = world.get(World::groups());
  CHECK(outcome.delivery == http::Delivery::kAnswered);
  CHECK(outcome.response.status == 200);
  CHECK(world.loop.now() > 0ms);
  CHECK(world.loop.now() < 1s);
}

TEST_CASE("a dropped connection leaves unknown whether it happened, and both can be the case") {
  for (const bool happened : {false, true}) {
    World world;
    world.plant(failover_fault(happened ? R"("kind":"drop_after")" : R"("kind":"drop_before")"));
    const http::Outcome outcome = world.failover();
    CHECK(outcome.delivery == http::Delivery::kUnknown);
    CHECK(outcome.error.kind == ErrorKind::kNetwork);
    CHECK(outcome.response.body.empty());
    CHECK(world.demo_status() == (happened ? "failing-over" : "protected"));
  }
}

TEST_CASE("an answer that is held is had later, or not in time") {
  World world;
  world.plant(failover_fault(R"("kind":"delay","seconds":20)"));
  const Instant before = world.loop.now();
  CHECK(world.failover().delivery == http::Delivery::kAnswered);
  CHECK(world.loop.now() - before > 20s);
  World hasty;
  hasty.plant(failover_fault(R"("kind":"delay","seconds":20)"));
  http::Request made =
      hasty.request(http::Method::kPost, hasty.demo_action(), R"({"failover-server-group":{}})");
  const Instant start = hasty.loop.now();
  const http::Outcome late = hasty.send(std::move(made), {.timeout = 5s});
  CHECK(late.delivery == http::Delivery::kUnknown);
  CHECK(late.error.kind == ErrorKind::kTimeout);
  CHECK(hasty.loop.now() - start == 5s);
  CHECK(hasty.demo_status() == "failing-over");
}

TEST_CASE("a held answer is held by simulated time, so a time scale shortens it") {
  World world({.time_scale = 10});
  world.plant(failover_fault(R"("kind":"delay","seconds":20)"));
  const Instant before = world.loop.now();
  CHECK(world.failover().delivery == http::Delivery::kAnswered);
  CHECK(world.loop.now() - before > 2s);
  CHECK(world.loop.now() - before < 3s);
}

TEST_CASE("a body that is cut or no JSON arrives as it is") {
  for (const char* kind : {"truncate", "bad_json"}) {
    World world;
    world.plant(failover_fault(fmt::format(R"("kind":"{}")", kind)));
    const http::Outcome outcome = world.failover();
    CHECK(outcome.delivery == http::Delivery::kAnswered);
    CHECK(outcome.response.status == 200);
    CHECK_FALSE(json::Document::parse(outcome.response.body).has_value());
    CHECK(world.demo_status() == "failing-over");
  }
}

TEST_CASE("a transfer that is dropped never calls back") {
  World world;
  bool called = false;
  Owner transfer = world.transport.send(world.request(http::Method::kGet, World::groups()), {},
                                        [&](http::Outcome) { called = true; });
  transfer.reset();
  world.loop.run();
  CHECK_FALSE(called);
}

TEST_CASE("the same seed and the same requests give the same bytes, for 50 seeds") {
  std::string before;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    const std::string once = course(seed);
    CHECK(first_difference(once, course(seed)) == "");
    CHECK_FALSE(first_difference(once, before).empty());
    before = once;
  }
}

TEST_CASE("signatures hold for 15 minutes either way by the gateway's clock, at any time scale") {
  for (const double scale : {1.0, 20.0, 1e6}) {
    INFO("time scale " << scale);
    World world({.time_scale = scale});
    auto wait = world.loop.after(1h, [] {});
    world.loop.run();
    for (const Duration skew : {Duration(0s), Duration(14min + 59s), Duration(-14min - 59s)}) {
      INFO(to_seconds(skew));
      const auto answer = world.send(world.request(http::Method::kGet, World::groups(), "", skew));
      CHECK(answer.response.status == 200);
    }
    for (const Duration skew : {Duration(15min + 2s), Duration(-15min - 2s), Duration(24h)}) {
      INFO(to_seconds(skew));
      const auto answer = world.send(world.request(http::Method::kGet, World::groups(), "", skew));
      CHECK(answer.response.status == 401);
      CHECK_THAT(answer.response.body, Catch::Contains("APIGW.0301"));
    }
  }
}

TEST_CASE("a request that was changed after signing, or never signed, is refused with 401") {
  World world;
  http::Request made = world.request(http::Method::kGet, World::groups());
  made.url += "?limit=1";
  CHECK(world.send(made).response.status == 401);
  http::Request bare;
  bare.url = kOrigin + World::groups();
  bare.headers.add("Host", "simulator.test");
  CHECK(world.send(bare).response.status == 401);
  http::Request post = world.request(http::Method::kPost, World::groups(), "{}");
  post.body = "{ }";
  CHECK(world.send(post).response.status == 401);
  CHECK(world.get(World::groups()).response.status == 200);
}

TEST_CASE("the administrator's side needs no signature and leaves no receipt") {
  World world;
  http::Request bare;
  bare.url = fmt::format("{}/_sim/health", kOrigin);
  CHECK(world.send(bare).response.status == 200);
  const auto receipts = world.get("/_sim/receipts");
  CHECK_THAT(receipts.response.body, Catch::Contains(R"("receipts":[])"));
}
