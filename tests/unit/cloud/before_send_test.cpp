// What the client tells of a changing call before it is sent, and what it may then do.
#include <catch2/catch.hpp>

#include "cloud/client.h"
#include "effect_world.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

const std::string kAccepted = R"({"job_id":"ff80"})";

Result<http::Response> fail_over(EffectWorld& world, Client::BeforeSend before_send = nullptr) {
  std::optional<Result<http::Response>> result;
  const Owner owner = world.client.call(
      *find_operation("sdrs", EffectWorld::kFailover), EffectWorld::the_group(),
      [&](Result<http::Response> r) { result = std::move(r); }, std::move(before_send));
  world.loop.run();
  REQUIRE(result);
  return *std::move(result);
}

}  // namespace

TEST_CASE(
    "before an effect is sent its caller learns how long it may take effect, and may forbid it") {
  EffectWorld world;
  std::vector<Transmission> told;
  bool allowed = true;
  const auto tell = [&](const Transmission& transmission) -> Result<void> {
    CHECK(world.transport.sent.size() == told.size());
    told.push_back(transmission);
    if (!allowed) return fail(ErrorKind::kClosed, "the disk is full");
    return {};
  };
  world.transport.then(answered(200, kAccepted));
  REQUIRE(fail_over(world, tell));
  CHECK(told[0].sign_time == VirtualClock::kStart);
  CHECK(told[0].valid_until == VirtualClock::kStart + 16min);
  CHECK(told[0].send_deadline == VirtualClock::kStart + 60s);
  world.credentials.known[0].auth_token = Secret("an-iam-token");
  world.transport.then(answered(200, kAccepted));
  REQUIRE(fail_over(world, tell));
  CHECK_FALSE(told[1].valid_until);
  CHECK(told[1].request == told[0].request);
  CHECK(told[1].request.size() == 64);
  allowed = false;
  const auto forbidden = fail_over(world, tell);
  REQUIRE_FALSE(forbidden);
  CHECK(forbidden.error().kind == ErrorKind::kClosed);
  CHECK(world.transport.sent.size() == 2);
}

TEST_CASE("nothing is sent that was signed more than a minute ago, by either clock") {
  EffectWorld world;
  const auto after = [&](Duration stopped) {
    return fail_over(world, [&world, stopped](const Transmission&) -> Result<void> {
      world.clock.advance_to(world.clock.now() + stopped);
      return {};
    });
  };
  world.transport.then(answered(200, kAccepted));
  CHECK(after(60s));
  const auto result = after(61s);
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::kNetwork);
  CHECK(mentions(result.error().message, "nothing was sent: the process was stopped for 1m01s"));
  CHECK(world.transport.sent.size() == 1);
  fault::plant("effect.ignore_send_deadline");
  world.transport.then(answered(200, kAccepted));
  CHECK(after(61s));
  fault::reset();
}

TEST_CASE("the bugs of sending are there to be found") {
  EffectWorld world;
  const auto with = [&](const char* bug, http::Outcome outcome) {
    fault::plant(bug);
    world.transport.then(std::move(outcome));
    const Error error = fail_over(world).error();
    CHECK(fault::asked() > 0);
    fault::reset();
    return error.kind;
  };
  CHECK(with("effect.treat_5xx_as_refused", answered(503, "")) != ErrorKind::kInDoubt);
  CHECK(with("effect.bad_json_as_failed", answered(200, "{")) != ErrorKind::kInDoubt);
  CHECK(with("effect.timeout_as_not_sent", lost("timed out")) == ErrorKind::kNetwork);
  fault::plant("effect.reuse_connection");
  world.transport.then(lost("closed"));
  world.transport.then(answered(200, kAccepted));
  CHECK(fail_over(world));
  CHECK(world.transport.sent.size() == 5);
  CHECK(world.transport.sent.back().options.profile == http::Profile::kRead);
  fault::reset();
}

TEST_CASE("an effect passes the two places at which its process may be killed") {
  EffectWorld world;
  fault::reset();
  world.transport.then(answered(200, kAccepted));
  CHECK(fail_over(world));
  CHECK(fault::passed().at("send.after") == 1);
  CHECK(fault::passed().at("answer.after") == 1);
  fault::reset();
}
