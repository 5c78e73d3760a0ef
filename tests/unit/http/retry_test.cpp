// When a read is sent again, how long is waited before, and when it is given up.
#include "http/retry.h"

#include <cstdio>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace neap;
using namespace neap::http;
using namespace std::chrono_literals;

namespace {

// Answers with the next outcome of a list (the last one for ever), each after some time.
class ScriptedTransport final : public Transport {
 public:
  ScriptedTransport(Loop& loop, std::deque<Outcome> outcomes)
      : loop_(loop), outcomes_(std::move(outcomes)) {}

  Owner send(Request request, Options options, Function<void(Outcome)> done) override {
    urls.push_back(request.url);
    timeouts.push_back(options.timeout);
    times.push_back(loop_.now());
    Outcome outcome = outcomes_.front();
    if (outcomes_.size() > 1) outcomes_.pop_front();
    return Owner{
        loop_.after(answer_time, [outcome = std::move(outcome), done = std::move(done)]() mutable {
          done(std::move(outcome));
        })};
  }

  Duration answer_time{};
  std::vector<std::string> urls;
  std::vector<Duration> timeouts;
  std::vector<Instant> times;

 private:
  Loop& loop_;
  std::deque<Outcome> outcomes_;
};

Outcome answer(int status, Headers headers = {}) {
  return Outcome{Delivery::kAnswered, Response{status, std::move(headers), ""}, {}};
}

Outcome failure(Delivery delivery, ErrorKind kind) {
  return Outcome{delivery, {}, Error{kind, "cannot connect"}};
}

struct Run {
  explicit Run(std::deque<Outcome> outcomes) : transport(loop, std::move(outcomes)) {
    UNSCOPED_INFO("seed " << seed);
  }

  Outcome operator()(RetryPolicy policy = {}, Options options = {}) {
    std::optional<Outcome> outcome;
    policy.observer = [this](const Retry& retry) { pauses.push_back(retry.pause); };
    int made = 0;
    const Owner owner = send_with_retry(
        transport, loop, random, std::move(policy),
        [&]() -> Result<Request> {
          return Request{Method::kGet, "https://h/" + std::to_string(++made), {}, {}};
        },
        options, [&](Outcome o) { outcome = std::move(o); });
    CHECK_FALSE(outcome);
    loop.run();
    REQUIRE(outcome);
    CHECK(loop.timers() == 0);
    return *outcome;
  }

  std::uint64_t seed = Random::fresh_seed();
  Random random{seed};
  VirtualClock clock;
  Loop loop{clock};
  ScriptedTransport transport;
  std::vector<Duration> pauses;
};

}  // namespace

TEST_CASE("a passing fault is retried, with a request made anew each time") {
  Run run({failure(Delivery::kNotSent, ErrorKind::kNetwork),
           failure(Delivery::kUnknown, ErrorKind::kTimeout), answer(503), answer(429),
           answer(200)});
  CHECK(run().response.status == 200);
  CHECK(run.transport.urls == std::vector<std::string>{"https://h/1", "https://h/2", "https://h/3",
                                                       "https://h/4", "https://h/5"});
  CHECK(run.pauses.size() == 4);
}

TEST_CASE("each of 429, 500, 502, 503 and 504 is tried five times, and the last answer given") {
  const int status = GENERATE(429, 500, 502, 503, 504);
  Run run({answer(status)});
  CHECK(run().response.status == status);
  CHECK(run.transport.urls.size() == 5);
}

TEST_CASE("what another attempt cannot change is not retried") {
  const Outcome outcome =
      GENERATE(answer(200), answer(302), answer(400), answer(401), answer(403), answer(404),
               answer(409), answer(501), failure(Delivery::kNotSent, ErrorKind::kConfig),
               failure(Delivery::kNotSent, ErrorKind::kArgument));
  Run run({outcome});
  run();
  CHECK(run.transport.urls.size() == 1);
  CHECK(run.pauses.empty());
}

TEST_CASE("pauses have full jitter: uniform below base * 2^n, at most the cap") {
  const std::uint64_t seed = Random::fresh_seed();
  std::printf("retry jitter seed: %llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  constexpr int kRuns = 500;
  constexpr std::size_t kPauses = 9;
  std::vector<double> sums(kPauses);
  for (int i = 0; i < kRuns; ++i) {
    Run run({answer(503)});
    run.random = Random(random.bits());
    RetryPolicy policy;
    policy.attempts = static_cast<int>(kPauses) + 1;
    run(std::move(policy));
    REQUIRE(run.pauses.size() == kPauses);
    for (std::size_t n = 0; n < kPauses; ++n) {
      const Duration ceiling = std::min<Duration>(200ms * (1 << n), 10s);
      REQUIRE(run.pauses[n] >= 0ns);
      REQUIRE(run.pauses[n] <= ceiling);
      sums[n] += to_seconds(run.pauses[n]) / to_seconds(ceiling);
      REQUIRE(run.transport.times[n + 1] - run.transport.times[n] == run.pauses[n]);
    }
  }
  // The mean of 500 uniform values lies within 0.5 +- 0.08 but for one case in 10^9.
  for (const double sum : sums) CHECK(sum / kRuns == Approx(0.5).margin(0.08));
}

TEST_CASE("Retry-After is obeyed as seconds or date, clamped, and ignored when it is garbage") {
  const auto [headers, pause] = GENERATE(table<Headers, Duration>({
      {{{"Retry-After", "7"}}, 7s},
      {{{"Retry-After", "0"}}, 0s},
      {{{"Retry-After", "3600"}}, 120s},
      {{{"Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT"}}, 30s},  // the virtual clock's start
      {{{"Retry-After", "Fri, 01 Jan 2099 00:00:00 GMT"}}, 120s},
      {{{"Retry-After", "Wed, 01 Jan 2025 00:00:00 GMT"}}, 0s},
      {{{"Retry-After", "Thu, 01 Jan 2026 01:00:30 GMT"},
        {"Date", "Thu, 01 Jan 2026 01:00:20 GMT"}},
       10s},
  }));
  Run run({answer(429, headers), answer(200)});
  CHECK(run().response.status == 200);
  CHECK(run.pauses == std::vector<Duration>{pause});
}

TEST_CASE("a Retry-After that says nothing leaves the usual pause") {
  const std::string text = GENERATE(as<std::string>(), "soon", "-5", "1.5", "", "99999999999999");
  Run run({answer(503, {{"Retry-After", text}}), answer(200)});
  run();
  REQUIRE(run.pauses.size() == 1);
  CHECK(run.pauses.front() <= 200ms);
}

TEST_CASE("the total deadline bounds attempts and pauses") {
  SECTION("an attempt gets no more time than is left") {
    Run run({failure(Delivery::kUnknown, ErrorKind::kTimeout)});
    run.transport.answer_time = 30s;
    RetryPolicy policy;
    policy.total = 70s;
    run(std::move(policy));
    REQUIRE(run.transport.timeouts.size() == 3);
    CHECK(run.transport.timeouts[1] == 30s);
    CHECK(run.transport.timeouts[2] <= 10s);
  }
  SECTION("a pause that would end after it is not begun") {
    Run run({answer(429, {{"Retry-After", "60"}})});
    RetryPolicy policy;
    policy.total = 100s;
    CHECK(run(std::move(policy)).response.status == 429);
    CHECK(run.transport.urls.size() == 2);
    CHECK(run.clock.now() == 60s);
  }
}

TEST_CASE("an effect is refused, not sent") {
  Run run({answer(200)});
  const Outcome outcome = run({}, {.profile = Profile::kEffect});
  CHECK(outcome.delivery == Delivery::kNotSent);
  CHECK(outcome.error.kind == ErrorKind::kUsage);
  CHECK(run.transport.urls.empty());
}

TEST_CASE("an error of the maker ends the attempts") {
  Run run({answer(503)});
  std::optional<Outcome> outcome;
  int made = 0;
  const Owner owner = send_with_retry(
      run.transport, run.loop, run.random, {},
      [&]() -> Result<Request> {
        if (++made == 2) return fail(ErrorKind::kAuth, "the token expired");
        return Request{Method::kGet, "https://h/", {}, {}};
      },
      {}, [&](Outcome o) { outcome = std::move(o); });
  run.loop.run();
  REQUIRE(outcome);
  CHECK(outcome->error.kind == ErrorKind::kAuth);
  CHECK(run.transport.urls.size() == 1);
}

TEST_CASE("dropping the owner stops it, in a pause, during an attempt and in its callback") {
  Run run({answer(503), answer(503), answer(200)});
  run.transport.answer_time = 1s;
  bool called = false;
  Owner owner = send_with_retry(
      run.transport, run.loop, run.random, {}, [&]() -> Result<Request> { return Request{}; }, {},
      [&](Outcome) {
        called = true;
        owner.reset();
      });
  const Duration when = GENERATE(as<Duration>(), 500ms, 1s + 1ns, 1500ms, 10s);
  const auto drop = run.loop.after(when, [&] { owner.reset(); });
  run.loop.run();
  CHECK(called == (when == 10s));
  CHECK(run.loop.timers() == 0);
}
