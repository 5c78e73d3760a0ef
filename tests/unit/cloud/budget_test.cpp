// What is let through of many calls, and in which order, when the platform says that there are too
// many.
#include "cloud/budget.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cloud/client.h"
#include "support/scripted_transport.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kFivePerSecond =
    R"({"error_msg":"The throttling threshold has been reached: policy ip over ratelimit,)"
    R"(limit:5,time:1 second","error_code":"APIGW.0308","request_id":"r-1"})";
constexpr std::string_view kNoWords =
    R"({"error_msg":"slow down","error_code":"APIGW.0308","request_id":"r-1"})";

http::Response throttled(std::string_view body, std::string_view retry_after = {}) {
  http::Response response{429, {}, std::string(body)};
  if (!retry_after.empty()) response.headers.set("Retry-After", std::string(retry_after));
  return response;
}

struct Fixture {
  VirtualClock clock;
  Loop loop{clock};
  CallBudgets budgets{loop};
  CallBudget& budget = budgets.of("https://as.example.com", "AK");
  std::vector<Owner> waiting;
  std::vector<std::string> order;
  std::vector<Instant> times;

  void ask(Urgency urgency, std::uint64_t run, std::string name) {
    waiting.push_back(budget.wait({urgency, run}, [this, name = std::move(name)] {
      order.push_back(name);
      times.push_back(loop.now());
    }));
  }
};

// The most calls that any stretch of that length holds.
std::size_t most_within(const std::vector<Instant>& times, Duration window) {
  std::size_t most = 0;
  for (auto first = times.begin(); first != times.end(); ++first) {
    const auto last = std::lower_bound(first, times.end(), *first + window);
    most = std::max(most, static_cast<std::size_t>(last - first));
  }
  return most;
}

// A gateway that lets `calls` through in each window and refuses the others.
struct Gateway {
  std::size_t calls;
  Duration window;
  std::vector<Instant> passed;
  std::size_t refused = 0;

  http::Outcome answer(Instant now, bool with_words) {
    const auto used =
        std::count_if(passed.begin(), passed.end(), [&](Instant at) { return at + window > now; });
    if (static_cast<std::size_t>(used) < calls) {
      passed.push_back(now);
      return answered(200, R"({"server_group":{"id":"g-1","status":"protected"}})");
    }
    ++refused;
    return answered(429, std::string(with_words ? kFivePerSecond : kNoWords));
  }
};

}  // namespace

TEST_CASE("the limit is read from the gateway's words, and garbage is none") {
  CHECK(parse_limit("policy user over ratelimit,limit:200,time:5 minute") == CallLimit{200, 5min});
  CHECK(parse_limit(kFivePerSecond) == CallLimit{5, 1s});
  CHECK(parse_limit("limit: 7 , time: 1 hour") == CallLimit{7, 1h});
  for (const char* text :
       {"", "limit:,time:1 second", "limit:0,time:1 second", "limit:5", "limit:5,time:1 fortnight",
        "limit:5,time:99999 day", "limit:99999999999999999999999,time:1 second", "time:1 second"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_limit(text));
  }
}

TEST_CASE("before any refusal every call goes out at once") {
  Fixture fixture;
  for (int i = 0; i < 1000; ++i) CHECK(fixture.budget.take({Urgency::kNormal, 0}));
  CHECK_FALSE(fixture.budget.snapshot().limit);
}

TEST_CASE("a limit that was told is kept to from then on") {
  Fixture fixture;
  CHECK(fixture.budget.take({}));
  fixture.budget.learn(throttled(kFivePerSecond));
  CHECK_FALSE(fixture.budget.take({}));
  for (int i = 0; i < 40; ++i) fixture.ask(Urgency::kHook, 0, "call");
  fixture.loop.run();
  CHECK(fixture.order.size() == 40);
  CHECK(most_within(fixture.times, 1s) <= 5);
  CHECK(fixture.times.back() - fixture.times.front() < 10s);
}

TEST_CASE("Retry-After closes the budget, for two minutes at the most") {
  Fixture fixture;
  fixture.budget.learn(throttled(kNoWords, "7"));
  CHECK(fixture.budget.snapshot().closed_for == 7s);
  fixture.budget.learn(throttled(kNoWords, "86400000"));
  CHECK(fixture.budget.snapshot().closed_for == 120s);
  Fixture busy;
  busy.budget.learn({503, {{"Retry-After", "30"}}, ""});
  CHECK(busy.budget.snapshot().closed_for == 30s);
  CHECK_FALSE(busy.budget.snapshot().limit);
  busy.budget.learn({200, {{"Retry-After", "90"}}, ""});
  CHECK(busy.budget.snapshot().closed_for == 30s);
}

TEST_CASE("the more urgent goes first, however long others have waited") {
  Fixture fixture;
  fixture.budget.learn(throttled(kFivePerSecond));
  for (int i = 0; i < 20; ++i) fixture.ask(Urgency::kNormal, 0, "normal");
  for (int i = 0; i < 3; ++i) fixture.ask(Urgency::kRecovery, 0, "recovery");
  for (int i = 0; i < 3; ++i) fixture.ask(Urgency::kHook, 0, "hook");
  fixture.loop.run();
  REQUIRE(fixture.order.size() == 26);
  const auto last = [&](const char* name) {
    return std::find(fixture.order.rbegin(), fixture.order.rend(), name).base() -
           fixture.order.begin();
  };
  CHECK(last("hook") == 3);
  CHECK(last("recovery") == 6);
}

TEST_CASE("what others may use up leaves a rest for hooks") {
  Fixture fixture;
  fixture.budget.learn(throttled(R"({"error_msg":"limit:100,time:1 minute"})"));
  fixture.clock.advance_to(fixture.loop.now() + 2s);
  int normal = 0;
  while (fixture.budget.take({Urgency::kNormal, 0})) ++normal;
  int recovery = 0;
  while (fixture.budget.take({Urgency::kRecovery, 0})) ++recovery;
  int hook = 0;
  while (fixture.budget.take({Urgency::kHook, 0})) ++hook;
  CHECK(normal == 75);
  CHECK(recovery == 15);
  CHECK(hook == 10);
}

TEST_CASE("runs take turns: one that asks for much does not hold up one that asks for little") {
  Fixture fixture;
  fixture.budget.learn(throttled(kFivePerSecond));
  for (int i = 0; i < 50; ++i) fixture.ask(Urgency::kNormal, 1, "greedy");
  fixture.ask(Urgency::kNormal, 2, "modest");
  fixture.ask(Urgency::kNormal, 3, "modest");
  fixture.loop.run();
  const auto& order = fixture.order;
  const auto modest = std::count(order.begin(), order.begin() + 4, "modest");
  CHECK(modest == 2);
  CHECK(order.size() == 52);
}

TEST_CASE("who gives up waiting is not counted, and leaves no timer behind") {
  Fixture fixture;
  fixture.budget.learn(throttled(kFivePerSecond));
  for (int i = 0; i < 10; ++i) fixture.ask(Urgency::kNormal, 0, "call");
  fixture.waiting.clear();
  CHECK(fixture.budget.snapshot().waiting == std::array<std::size_t, 3>{0, 0, 0});
  fixture.loop.run();
  CHECK(fixture.order.empty());
  CHECK(fixture.loop.timers() == 0);
}

TEST_CASE("a limit that was only guessed is tested again, and forgotten when nothing is refused") {
  Fixture fixture;
  for (int i = 0; i < 8; ++i) CHECK(fixture.budget.take({}));
  fixture.budget.learn(throttled(kNoWords));
  CHECK(fixture.budget.snapshot().limit == CallLimit{6, 1s});
  CHECK_FALSE(fixture.budget.snapshot().stated);
  fixture.clock.advance_to(fixture.loop.now() + 25s);
  CHECK(fixture.budget.take({}));
  CHECK(fixture.budget.snapshot().limit == CallLimit{8, 1s});
  fixture.clock.advance_to(fixture.loop.now() + 10min);
  CHECK(fixture.budget.take({}));
  CHECK_FALSE(fixture.budget.snapshot().limit);
}

TEST_CASE("500 reads against a gateway of five a second all arrive, with few refusals") {
  for (const bool with_words : {true, false}) {
    CAPTURE(with_words);
    VirtualClock clock;
    Loop loop{clock};
    ScriptedTransport transport{loop};
    Gateway gateway{5, 1s, {}, 0};
    transport.otherwise = [&](const http::Request&) {
      return gateway.answer(loop.now(), with_words);
    };
    ScriptedCredentials credentials;
    Random random{1};
    Client client{loop,
                  transport,
                  credentials,
                  random,
                  {.endpoint = [](std::string_view) -> Result<std::string> {
                    return std::string("https://sdrs.example.com");
                  }}};
    json::Object group;
    group.set("server_group_id", "g-1");
    std::vector<Owner> calls;
    int done = 0;
    std::size_t most_waiting = 0;
    client.budgets().observe([&](const CallBudget::Snapshot& seen) {
      most_waiting = std::max(most_waiting, seen.waiting[2]);
      CHECK(describe(seen).find("https://sdrs.example.com lets through") == 0);
    });
    // Four at a time, as scripts do; all at once would be refused at once.
    Function<void()> next;
    int begun = 0;
    next = [&] {
      if (begun++ >= 500) return;
      calls.push_back(client.call(*find_operation("sdrs", "show_protection_group"), group,
                                  [&](Result<http::Response> answer) {
                                    CHECK(answer);
                                    ++done;
                                    next();
                                  }));
    };
    for (int i = 0; i < 4; ++i) next();
    loop.run();
    CHECK(done == 500);
    const double seconds = to_seconds(loop.now() - Instant{});
    WARN("500 reads at 5/s, limit " << (with_words ? "told" : "not told") << ": " << seconds
                                    << " s, " << gateway.refused << " refusals");
    CHECK(gateway.refused < 60);
    CHECK(seconds < 400);
  }
}
