// The transport of tests that run programs beside each other: it must look like a network, or what
// is proved over it holds nowhere else.
#include "support/loopback_transport.h"

#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include "support/scripted_transport.h"

using namespace neap;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kOrigin = "http://127.0.0.1:8080";

struct Net {
  ~Net() {
    CHECK(loop.timers() == 0);
    CHECK(loop.posted() == 0);
  }

  // Keeps each request that arrives, unanswered.
  void serve() {
    loopback.serve(kOrigin, [this](http::Exchange exchange) {
      arrived.push_back(std::move(exchange));
      if (on_arrival) on_arrival();
    });
  }

  http::Outcome send(const std::string& url, http::Options options = {}) {
    std::optional<http::Outcome> outcome;
    const Owner transfer =
        loopback.send({http::Method::kPost, url, {{"X-Name", "value"}}, "body"}, options,
                      [&](http::Outcome done) { outcome = std::move(done); });
    CHECK_FALSE(outcome);  // never from inside send()
    loop.run();
    REQUIRE(outcome);
    return *std::move(outcome);
  }

  VirtualClock clock;
  Loop loop{clock};
  ScriptedTransport others{loop};
  LoopbackTransport loopback{loop, &others};
  std::vector<http::Exchange> arrived;
  Function<void()> on_arrival;
};

}  // namespace

TEST_CASE("a request arrives as over the wire, and its answer comes back, each a moment later") {
  Net net;
  net.serve();
  net.on_arrival = [&] {
    const http::IncomingRequest& request = net.arrived[0].request();
    CHECK(request.method == "POST");
    CHECK(request.target == "/smn?a=1");
    CHECK(request.headers.get("host") == "127.0.0.1:8080");
    CHECK(request.headers.get("x-name") == "value");
    CHECK(request.body == "body");
    CHECK(net.loop.now() == net.loopback.latency);
    CHECK(net.arrived[0].respond({202, {}, "taken"}));
  };
  const http::Outcome outcome = net.send(std::string(kOrigin) + "/smn?a=1");
  CHECK(outcome.delivery == http::Delivery::kAnswered);
  CHECK(outcome.response.status == 202);
  CHECK(outcome.response.body == "taken");
  CHECK(net.loop.now() == 2 * net.loopback.latency);
  CHECK(net.others.sent.empty());
}

TEST_CASE("a request for any other origin goes on to the other transport") {
  Net net;
  net.serve();
  net.others.then(answered(204, ""));
  CHECK(net.send("http://127.0.0.1:8081/smn").response.status == 204);
  CHECK(net.arrived.empty());
}

TEST_CASE("a handler that drops the exchange answers 500, one that aborts it nothing") {
  Net net;
  net.serve();
  net.on_arrival = [&] { net.arrived.clear(); };
  CHECK(net.send(std::string(kOrigin) + "/").response.status == 500);
  net.on_arrival = [&] { net.arrived[0].abort(); };
  const http::Outcome outcome = net.send(std::string(kOrigin) + "/");
  CHECK(outcome.delivery == http::Delivery::kUnknown);
  CHECK(outcome.error.kind == ErrorKind::kNetwork);
}

TEST_CASE("silence ends at the caller's timeout, and a later answer goes nowhere") {
  Net net;
  net.serve();
  const http::Outcome outcome = net.send(std::string(kOrigin) + "/", {.timeout = 5s});
  CHECK(outcome.delivery == http::Delivery::kUnknown);
  CHECK(outcome.error.kind == ErrorKind::kTimeout);
  CHECK(net.loop.now() == 5s);
  CHECK(net.arrived[0].respond({200, {}, ""}));
}

TEST_CASE("where nobody listens any more the connection is refused") {
  Net net;
  net.serve();
  net.loopback.stop(kOrigin);
  const http::Outcome outcome = net.send(std::string(kOrigin) + "/");
  CHECK(outcome.delivery == http::Delivery::kNotSent);
  net.serve();
  net.on_arrival = [&] { CHECK(net.arrived[0].respond({200, {}, ""})); };
  CHECK(net.send(std::string(kOrigin) + "/").response.status == 200);
}

TEST_CASE("the end of a process loses what it has not answered") {
  Net net;
  net.serve();
  net.on_arrival = [&] {
    net.loopback.stop(kOrigin);
    net.arrived.clear();  // its destructors would say 500
  };
  const http::Outcome outcome = net.send(std::string(kOrigin) + "/");
  CHECK(outcome.delivery == http::Delivery::kUnknown);
}

TEST_CASE("a request that its sender has given up is answered into the void") {
  Net net;
  net.serve();
  bool called = false;
  Owner transfer = net.loopback.send({http::Method::kGet, std::string(kOrigin) + "/", {}, {}}, {},
                                     [&](const http::Outcome&) { called = true; });
  net.on_arrival = [&] { transfer.reset(); };
  net.loop.run();
  REQUIRE(net.arrived.size() == 1);
  CHECK(net.arrived[0].respond({200, {}, ""}));
  net.loop.run();
  CHECK_FALSE(called);
}
