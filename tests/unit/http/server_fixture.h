// A server on a free loopback port that answers with what it was asked, for the tests of this room.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "http/server.h"
#include "support/raw_client.h"

namespace neap::test {

inline http::Response echo(const http::IncomingRequest& request) {
  return {200,
          {{"Content-Type", "text/plain"}},
          request.method + " " + request.target + " " + request.body};
}

class TestServer {
 public:
  explicit TestServer(http::ServerLimits limits = {}, http::Server::Handler handler = {},
                      const std::optional<http::TlsFiles>& tls = std::nullopt) {
    if (!handler) {
      handler = [this](http::Exchange exchange) {
        targets.push_back(exchange.request().target);
        CHECK(exchange.respond(echo(exchange.request())));
      };
    }
    auto opened = http::Server::open(loop, {}, limits, std::move(handler), tls);
    if (!opened) FAIL(describe(opened.error()));
    server = std::move(*opened);
  }
  ~TestServer() {
    server.reset();
    loop.run();  // returns at once only if nothing was left open
    CHECK(loop.timers() + loop.watches() + loop.posted() == 0);
  }

  template <class Condition>
  bool until(Condition done) {
    return run_until(loop, std::move(done));
  }
  std::uint64_t rejected(std::string_view reason) const {
    const auto found = server->rejections().find(reason);
    return found == server->rejections().end() ? 0 : found->second;
  }

  SystemClock clock;
  Loop loop{clock};
  std::vector<std::string> targets;  // of the requests that reached the handler
  std::unique_ptr<http::Server> server;
};

}  // namespace neap::test
