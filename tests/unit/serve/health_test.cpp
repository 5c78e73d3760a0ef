// The three pages that orchestrators and Prometheus ask for.
#include "serve/health.h"

#include <memory>

#include <catch2/catch.hpp>

#include "serve/metrics.h"
#include "support/raw_client.h"

namespace neap::serve {
namespace {

using namespace std::chrono_literals;

struct Kept final : http::Answerer {
  std::optional<http::Response> response;
  void answer(http::Response given) override { response = std::move(given); }
  void abort() noexcept override {}
};

struct Fixture {
  VirtualClock clock;
  Pulse pulse{clock};
  Result<void> journal;
  Result<void> draining;
  Health health{pulse, checks(), [] { return std::string("neap_build_info 1\n"); }};

  std::vector<ReadyCheck> checks() {
    std::vector<ReadyCheck> all;
    all.push_back({"journal", [this] { return journal; }});
    all.push_back({"draining", [this] { return draining; }});
    return all;
  }

  // Nothing when the request was given back.
  std::optional<http::Response> ask(const std::string& method, const std::string& target) {
    const auto kept = std::make_shared<Kept>();
    http::IncomingRequest request;
    request.method = method;
    request.target = target;
    const auto back = health.answer(http::Exchange(std::move(request), kept));
    CHECK(back.has_value() != kept->response.has_value());
    return kept->response;
  }
};

TEST_CASE("a service whose work comes round is healthy, one that is stuck is not") {
  Fixture f;
  CHECK(f.ask("GET", "/healthz")->status == 200);
  f.clock.advance_to(30s);
  CHECK(f.ask("GET", "/healthz")->body == "ok\n");
  f.clock.advance_to(31s);
  const auto stuck = f.ask("GET", "/healthz");
  CHECK(stuck->status == 503);
  CHECK(stuck->body == "the work has not come round for 31s\n");
  f.pulse.turn();
  CHECK(f.ask("GET", "/healthz")->status == 200);
}

TEST_CASE("readiness names every check and the reason of each that fails") {
  Fixture f;
  const auto ready = f.ask("GET", "/readyz");
  CHECK(ready->status == 200);
  CHECK(ready->headers.get("Content-Type") == "application/json");
  CHECK(ready->body == R"({"ready":true,"checks":{"journal":"ok","draining":"ok"}})"
                       "\n");
  f.journal = fail(ErrorKind::kInternal, "the disk is \"full\"");
  const auto full = f.ask("GET", "/readyz");
  CHECK(full->status == 503);
  CHECK(full->body ==
        R"({"ready":false,"checks":{"journal":"the disk is \"full\"","draining":"ok"}})"
        "\n");
  f.journal = {};
  f.draining = fail(ErrorKind::kCancelled, "stopping: 3 handlers run");
  CHECK(f.ask("GET", "/readyz")->status == 503);
  f.draining = {};
  CHECK(f.ask("GET", "/readyz")->status == 200);
}

TEST_CASE("metrics come with the type that Prometheus asks for, and nothing is to be cached") {
  Fixture f;
  const auto page = f.ask("GET", "/metrics?x=1");
  CHECK(page->status == 200);
  CHECK(page->headers.get("Content-Type") == kExpositionType);
  CHECK(page->headers.get("Cache-Control") == "no-store");
  CHECK(page->body == "neap_build_info 1\n");
}

TEST_CASE("other methods are refused with those that are allowed, other paths are given back") {
  Fixture f;
  for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
      CAPTURE(path, method);
      const auto refused = f.ask(method, path);
      REQUIRE(refused);
      CHECK(refused->status == 405);
      CHECK(refused->headers.get("Allow") == "GET, HEAD");
    }
  }
  for (const char* path : {"/", "/smn", "/metrics/", "/Healthz", "/healthz%20", "//healthz", ""}) {
    CAPTURE(path);
    CHECK_FALSE(f.ask("GET", path));
    CHECK_FALSE(f.ask("POST", path));
  }
}

TEST_CASE("HEAD gets the status and length of the page without the page, over a real connection") {
  SystemClock clock;
  Loop loop{clock};
  Fixture f;
  auto server = http::Server::open(loop, {}, {}, [&](http::Exchange exchange) {
    CHECK_FALSE(f.health.answer(std::move(exchange)));
  });
  REQUIRE(server);
  test::RawClient client(loop, (*server)->port());
  client.send("HEAD /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  REQUIRE(test::run_until(loop, [&] { return client.closed(); }));
  CHECK(client.status() == 200);
  CHECK(client.received().find("Content-Length: 18\r\n") != std::string::npos);
  CHECK(client.received().ends_with("\r\n\r\n"));
}

}  // namespace
}  // namespace neap::serve
