// The server's deadlines and connection limits. They run on real time, so the limits here are tiny.
#include <chrono>

#include <catch2/catch.hpp>

#include "server_fixture.h"

using namespace neap;
using namespace neap::http;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

using RealTime = std::chrono::steady_clock;

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

ServerLimits tiny() {
  ServerLimits limits;
  limits.header_deadline = 60ms;
  limits.request_deadline = 120ms;
  limits.idle_deadline = 180ms;
  limits.response_deadline = 60ms;
  return limits;
}

// Sends `drip` every 10 ms until the server closes; how long that took.
RealTime::duration drip_until_closed(TestServer& site, RawClient& client, std::string_view drip) {
  const auto start = RealTime::now();
  while (!client.closed() && RealTime::now() - start < 10s) {
    client.send(drip);
    const auto pause = RealTime::now() + 10ms;
    site.until([&] { return client.closed() || RealTime::now() > pause; });
  }
  return RealTime::now() - start;
}

}  // namespace

TEST_CASE("a header that drips in is cut off at its deadline, which no byte prolongs") {
  TestServer site(tiny());
  RawClient client(site.loop, site.server->port());
  client.send("GET / HTTP/1.1\r\n");
  const auto took = drip_until_closed(site, client, "X: y\r\n");
  CHECK(client.status() == 408);
  CHECK(took >= 50ms);
  CHECK(took < 5s);
  CHECK(site.rejected("slow_header") == 1);
}

TEST_CASE("a body that drips in is cut off at the deadline of the whole request") {
  TestServer site(tiny());
  RawClient client(site.loop, site.server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  const auto took = drip_until_closed(site, client, "x");
  CHECK(client.status() == 408);
  CHECK(took >= 110ms);
  CHECK(took < 5s);
  CHECK(site.rejected("slow_body") == 1);
  CHECK(site.targets.empty());
}

TEST_CASE(
    "the deadlines start anew with each request of a connection, and not before its first byte") {
  ServerLimits limits = tiny();
  limits.idle_deadline = 30s;  // a machine that stands still for a while is no idle client
  TestServer site(limits);
  RawClient client(site.loop, site.server->port());
  for (std::size_t i = 1; i <= 4; ++i) {
    client.send(kGet);
    REQUIRE(site.until([&] { return client.answers() == i; }));
    const auto pause = RealTime::now() + 80ms;  // beyond the header's deadline, within the idle one
    site.until([&] { return RealTime::now() > pause; });
  }
  CHECK_FALSE(client.closed());
  client.send("GET / HT");
  CHECK(site.until([&] { return client.closed(); }));
  CHECK(client.received().find("408 Request Timeout") != std::string::npos);
}

TEST_CASE("a connection that sends nothing is closed without a word") {
  TestServer site(tiny());
  RawClient fresh(site.loop, site.server->port());
  RawClient used(site.loop, site.server->port());
  used.send(kGet);
  CHECK(site.until([&] { return fresh.closed() && used.closed(); }));
  CHECK(fresh.received().empty());
  CHECK(used.answers() == 1);
  CHECK(site.server->rejections().empty());
}

TEST_CASE("a handler that takes too long is answered for, and its own answer goes nowhere") {
  std::vector<Exchange> waiting;
  TestServer site(tiny(), [&](Exchange exchange) { waiting.push_back(std::move(exchange)); });
  RawClient client(site.loop, site.server->port());
  client.send(kGet);
  REQUIRE(site.until([&] { return client.status() == 503; }));
  CHECK(waiting.at(0).respond({200, {}, ""}));
  client.finish_sending();
  CHECK(site.until([&] { return client.closed(); }));
  CHECK(client.answers() == 1);
  CHECK(site.rejected("slow_handler") == 1);
}

TEST_CASE("a client that does not read its answer is cut off") {
  TestServer site(tiny(), [](Exchange exchange) {
    CHECK(exchange.respond({200, {}, std::string(64u << 20, 'x')}));
  });
  // A client that is not on the loop, so that nobody reads.
  Loop elsewhere(site.clock);
  RawClient client(elsewhere, site.server->port());
  client.send(kGet);
  REQUIRE(site.until([&] { return site.server->connections() == 1; }));
  CHECK(site.until([&] { return site.server->connections() == 0; }));
}

TEST_CASE("one peer gets so many connections and no more, and a closed one makes room") {
  ServerLimits limits;
  limits.connections_per_peer = 3;
  TestServer site(limits);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<RawClient>(site.loop, site.server->port()));
  }
  REQUIRE(site.until([&] { return site.server->connections() == 3; }));
  RawClient extra(site.loop, site.server->port());
  CHECK(site.until([&] { return extra.closed(); }));
  CHECK(extra.status() == 503);
  CHECK(site.rejected("connections_per_peer") == 1);

  clients.pop_back();
  REQUIRE(site.until([&] { return site.server->connections() == 2; }));
  RawClient next(site.loop, site.server->port());
  next.send(kGet);
  CHECK(site.until([&] { return next.status() == 200; }));
}

TEST_CASE("all peers together get so many connections and no more") {
  ServerLimits limits;
  limits.connections = 2;
  TestServer site(limits);
  RawClient first(site.loop, site.server->port());
  RawClient second(site.loop, site.server->port());
  REQUIRE(site.until([&] { return site.server->connections() == 2; }));
  RawClient extra(site.loop, site.server->port());
  CHECK(site.until([&] { return extra.closed(); }));
  CHECK(extra.status() == 503);
  CHECK(site.rejected("connections") == 1);
}

TEST_CASE("dripping clients leave the server free for a good one") {
  ServerLimits limits;
  limits.connections_per_peer = 400;
  TestServer site(limits);
  std::vector<std::unique_ptr<RawClient>> dripping;
  for (int i = 0; i < 300; ++i) {
    dripping.push_back(std::make_unique<RawClient>(site.loop, site.server->port()));
    dripping.back()->send("GET / HTTP/1.1\r\nX: ");
  }
  REQUIRE(site.until([&] { return site.server->connections() == 300; }));
  RawClient good(site.loop, site.server->port());
  for (std::size_t i = 1; i <= 50; ++i) {
    for (const auto& client : dripping) client->send("y");
    good.send(kGet);
    REQUIRE(site.until([&] { return good.answers() == i; }));
  }
}
