// A loop with a libcurl transport, and a way to send one request and wait for its outcome.
#pragma once

#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include "http/curl_transport.h"
#include "loop/loop.h"

namespace neap::test {

struct HttpFixture {
  explicit HttpFixture(http::CurlSettings settings = {})
      : transport(std::in_place, loop, std::move(settings)) {}

  // Whatever a test did, nothing may stay open.
  ~HttpFixture() {
    transport.reset();
    CHECK(loop.watches() == 0);
    CHECK(loop.timers() == 0);
  }

  http::Outcome send(http::Request request, http::Options options) {
    std::optional<http::Outcome> outcome;
    const Owner transfer = transport->send(std::move(request), options, [&](http::Outcome o) {
      outcome = std::move(o);
      loop.stop();
    });
    CHECK_FALSE(outcome);  // never from inside send()
    loop.run();
    REQUIRE(outcome);
    return std::move(*outcome);
  }

  http::Outcome read(const std::string& url, http::Options options = {}) {
    options.profile = http::Profile::kRead;
    return send({http::Method::kGet, url, {}, {}}, options);
  }

  http::Outcome effect(const std::string& url, http::Options options = {}) {
    options.profile = http::Profile::kEffect;
    return send({http::Method::kPost, url, {{"Content-Type", "application/json"}}, "{}"}, options);
  }

  SystemClock clock;
  Loop loop{clock};
  std::optional<http::CurlTransport> transport;
};

}  // namespace neap::test
