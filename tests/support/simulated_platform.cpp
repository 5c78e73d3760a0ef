#include "support/simulated_platform.h"

#include <memory>
#include <utility>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "http/url.h"
#include "sign/message_key.h"

namespace neap::test {
namespace {

constexpr Duration kLatency = std::chrono::milliseconds{20};

// One for the whole program: most tests take less time than making a key does.
const std::shared_ptr<const sign::MessageKey>& message_key() {
  static const auto kKey =
      std::make_shared<const sign::MessageKey>("SMN of the simulator", VirtualClock::kStart);
  return kKey;
}

}  // namespace

SimulatedPlatform::SimulatedPlatform(Loop& loop, std::uint64_t seed)
    : loop_(loop),
      simulator_(loop.clock(), {.seed = seed}),
      api_(loop, simulator_),
      loopback_(loop),
      deliveries_(
          loop, simulator_, loopback_, std::string(kOrigin),
          [](const Error& error) { FAIL(describe(error)); }, message_key()) {}

void SimulatedPlatform::serve(const std::string& origin, http::Server::Handler handler) {
  loopback_.serve(origin, std::move(handler));
}

void SimulatedPlatform::stop(const std::string& origin) {
  loopback_.stop(origin);
}

Owner SimulatedPlatform::send(http::Request request, http::Options options,
                              Function<void(http::Outcome)> done) {
  const Result<http::Url> url = http::parse_url(request.url);
  if (!url || http::origin(*url) != kOrigin) {
    return loopback_.send(std::move(request), options, std::move(done));
  }
  if (request.method == http::Method::kGet) {
    if (std::optional<http::Response> certificate = deliveries_.certificate(url->path)) {
      http::Outcome outcome{http::Delivery::kAnswered, *std::move(certificate), {}};
      return Owner{
          loop_.after(kLatency, [done = std::move(done), outcome = std::move(outcome)]() mutable {
            done(std::move(outcome));
          })};
    }
  }
  Owner transfer = api_.send(std::move(request), options, std::move(done));
  deliveries_.look();
  return transfer;
}

json::Document SimulatedPlatform::admin(http::Method method, const std::string& path,
                                        const std::string& body) {
  const Result<simulator::Answer> answer =
      simulator_.answer({.method = method, .body = body}, "/_sim" + path);
  REQUIRE(answer.has_value());
  INFO(answer->response.body);
  REQUIRE(answer->response.status == 200);
  deliveries_.look();
  Result<json::Document> document = json::Document::parse(answer->response.body);
  REQUIRE(document.has_value());
  return *std::move(document);
}

std::string SimulatedPlatform::topic(const std::string& name, const std::string& endpoint) {
  const std::string target =
      endpoint.empty() ? std::string() : fmt::format(R"(,"endpoint":"{}")", endpoint);
  return std::string(
      admin(http::Method::kPost, "/smn/topics", fmt::format(R"({{"name":"{}"{}}})", name, target))
          .text("/topic_urn")
          .value());
}

}  // namespace neap::test
