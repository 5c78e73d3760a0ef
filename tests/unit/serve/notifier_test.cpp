// Outgoing notifications: what is posted, tried again, given up, and how much at once.
#include "serve/notifier.h"

#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "json/document.h"
#include "sign/base64.h"
#include "support/scripted_transport.h"
#include "support/seed.h"

namespace neap::serve {
namespace {

using namespace std::chrono_literals;
using test::answered;
using test::lost;
using test::not_sent;

const std::string kUrl = "https://ops.example.com/hooks/t0ken";

std::uint64_t seed() {
  const std::uint64_t seed = test::seed_of_run();
  UNSCOPED_INFO("NEAP_SEED=" << seed);
  return seed;
}

WebhookKey key(char letter = 'k') {
  return WebhookKey::parse(Secret("whsec_" + sign::encode_base64(std::string(32, letter)))).value();
}

CloudEvent event(const std::string& id) {
  return {.id = id, .source = "/neap/dr-1", .type = "t", .subject = "i", .time = UtcTime{}};
}

struct Fixture {
  VirtualClock clock;
  Loop loop{clock};
  test::ScriptedTransport transport{loop};
  Random random{seed()};
  std::vector<std::string> logged;
  Log log{LogLevel::kDebug, LogFormat::kText,
          [this](std::string_view line) { logged.emplace_back(line); }};
  Counts results;
  std::vector<std::pair<std::string, bool>> told;
  std::optional<Notifier> notifier;

  explicit Fixture(std::vector<Recipient> recipients = {{kUrl, {key()}}},
                   NotifierLimits limits = {}) {
    for (const Recipient& each : recipients) REQUIRE(Notifier::check(each));
    notifier.emplace(loop, transport, random, log, results, std::move(recipients), limits);
  }
  ~Fixture() {
    notifier.reset();
    CHECK(loop.timers() + loop.posted() == 0);
    CHECK(transport.under_way == 0);
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  void send(const std::string& id) {
    const std::size_t before = told.size();
    notifier->send(event(id), [this](const std::string& of, bool delivered) {
      told.emplace_back(of, delivered);
    });
    CHECK(told.size() == before);  // never from inside send()
  }
  using Told = std::vector<std::pair<std::string, bool>>;
};

TEST_CASE("a notification is one signed POST of a CloudEvent") {
  Fixture f;
  f.transport.then(answered(204, ""));
  f.send("e1.answered");
  CHECK(f.notifier->open() == 1);
  f.loop.run();
  CHECK(f.told == Fixture::Told{{"e1.answered", true}});
  CHECK(f.notifier->open() == 0);
  CHECK(f.results.of("delivered") == 1);
  CHECK(f.logged.empty());
  REQUIRE(f.transport.sent.size() == 1);
  const http::Request& request = f.transport.sent[0].request;
  CHECK(request.method == http::Method::kPost);
  CHECK(request.url == kUrl);
  CHECK(request.headers.get("Content-Type") == kCloudEventType);
  CHECK(request.headers.get("webhook-id") == "e1.answered");
  CHECK(request.headers.get("webhook-timestamp") == "1767225600");
  CHECK(request.headers.get("webhook-signature") ==
        key().sign("e1.answered", 1767225600, request.body));
  CHECK(request.body == write(event("e1.answered")));
}

TEST_CASE("throttling, faults of the server and lost answers are tried again, signed anew") {
  Fixture f;
  for (const int status : {429, 500, 503}) f.transport.then(answered(status, ""));
  f.transport.then(lost("the connection was cut"));
  f.transport.then(not_sent("no route"));
  f.transport.then(answered(429, "", {{"Retry-After", "100"}}));
  f.transport.then(answered(200, ""));
  f.send("e1");
  f.loop.run();
  CHECK(f.told == Fixture::Told{{"e1", true}});
  REQUIRE(f.transport.sent.size() == 7);
  std::set<std::string> times;
  for (const auto& sent : f.transport.sent) {
    CHECK(sent.request.headers.get("webhook-id") == "e1");
    const std::string time(sent.request.headers.get("webhook-timestamp"));
    CHECK(sent.request.headers.get("webhook-signature") ==
          key().sign("e1", std::stoll(time), sent.request.body));
    times.insert(time);
  }
  CHECK(times.size() > 1);
  CHECK(f.transport.sent[6].at - f.transport.sent[5].at >= 100s);
}

TEST_CASE("what trying again cannot mend is given up at once, and said without the path") {
  for (const int status : {301, 400, 401, 404, 410, 422}) {
    Fixture f;
    f.transport.then(answered(status, "secret words of the other end"));
    f.send("e1");
    f.loop.run();
    CHECK(f.told == Fixture::Told{{"e1", false}});
    CHECK(f.transport.sent.size() == 1);
    CHECK(f.results.of("given_up") == 1);
    REQUIRE(f.logged.size() == 1);
    CHECK(
        f.logged[0].ends_with("warning a notification was given up notification=e1 "
                              "to=https://ops.example.com error=\"answered " +
                              std::to_string(status) + "\""));
  }
}

TEST_CASE("a recipient that stays away is given up after its attempts, within its time") {
  Fixture f({{kUrl, {key()}}}, {.attempts = 4, .total = 10min});
  f.transport.otherwise = [](const http::Request&) { return answered(503, ""); };
  f.send("e1");
  f.loop.run();
  CHECK(f.told == Fixture::Told{{"e1", false}});
  CHECK(f.transport.sent.size() == 4);
  CHECK(f.loop.now() < 10min);
}

TEST_CASE("no more go out at once than are allowed, and none beyond the queue") {
  Fixture f({{kUrl, {key()}}}, {.at_once = 3, .queued = 10});
  f.transport.otherwise = [](const http::Request&) { return answered(200, ""); };
  for (int i = 0; i < 15; ++i) f.send("e" + std::to_string(i));
  CHECK(f.told.empty());
  CHECK(f.notifier->open() == 15);
  f.loop.run();
  CHECK(f.transport.most_under_way == 3);
  CHECK(f.transport.sent.size() == 13);
  const std::map<std::string, bool> told(f.told.begin(), f.told.end());
  CHECK(told.size() == 15);
  CHECK(told.at("e12"));
  CHECK_FALSE(told.at("e13"));
  CHECK_FALSE(told.at("e14"));
  CHECK(f.results.of("dropped") == 2);
  CHECK(f.results.of("delivered") == 13);
}

TEST_CASE("a slow recipient holds up no other, and all must have it for it to count as delivered") {
  const std::string other = "https://audit.example.com/in";
  Fixture f({{kUrl, {key()}}, {other, {key('a'), key('b')}}}, {.at_once = 1, .attempts = 2});
  std::vector<std::string> order;
  f.transport.otherwise = [&](const http::Request& request) {
    order.push_back(request.url);
    return answered(request.url == kUrl ? 503 : 200, "");
  };
  f.send("e1");
  f.send("e2");
  f.loop.run();
  CHECK(f.told == Fixture::Told{{"e1", false}, {"e2", false}});
  REQUIRE(order.size() == 6);
  CHECK(std::vector(order.begin(), order.begin() + 3) == std::vector{kUrl, other, other});
  CHECK(f.results.of("delivered") == 2);
  CHECK(f.results.of("given_up") == 2);
}

TEST_CASE("a refusal counts although another recipient takes the notification later") {
  Fixture f({{kUrl, {key()}}, {"https://audit.example.com/in", {key()}}});
  f.transport.otherwise = [](const http::Request& request) {
    return answered(request.url == kUrl ? 400 : 200, "");
  };
  f.send("e1");
  f.loop.run();
  CHECK(f.told == Fixture::Told{{"e1", false}});
}

TEST_CASE("whoever is told may drop the notifier, and nobody else is told then") {
  for (const bool full : {false, true}) {
    CAPTURE(full);
    Fixture f({{kUrl, {key()}}}, {.at_once = full ? 0u : 4u, .queued = full ? 0u : 10u});
    f.transport.otherwise = [](const http::Request&) { return answered(200, ""); };
    int count = 0;
    for (const char* id : {"e1", "e2", "e3"}) {
      f.notifier->send(event(id), [&](const std::string&, bool delivered) {
        CHECK(delivered != full);
        ++count;
        f.notifier.reset();
      });
    }
    f.loop.run();
    CHECK(count == 1);
  }
}

TEST_CASE("without recipients a notification counts as delivered") {
  Fixture f(std::vector<Recipient>{});
  f.send("e1");
  f.loop.run();
  CHECK(f.told == Fixture::Told{{"e1", true}});
}

TEST_CASE("addresses that are not encrypted, malformed or without a secret are refused") {
  const auto refused = [](const std::string& url, std::vector<WebhookKey> keys) {
    const auto checked = Notifier::check({url, std::move(keys)});
    REQUIRE_FALSE(checked);
    CHECK(checked.error().kind == ErrorKind::kConfig);
    CHECK(describe(checked.error()).find("t0ken") == std::string::npos);
    return checked.error().message;
  };
  CHECK(refused("http://ops.example.com/t0ken", {key()}) ==
        "notifications to http://ops.example.com would not be encrypted");
  CHECK(refused("https://user:t0ken@ops.example.com/", {key()}) ==
        "an address for notifications is no URL");
  CHECK(refused("ftp://ops.example.com/t0ken", {key()}) ==
        "an address for notifications is no URL");
  CHECK(refused("", {key()}) == "an address for notifications is no URL");
  CHECK(refused(kUrl, {}) ==
        "notifications to https://ops.example.com have no secret to sign them with");
  CHECK(Notifier::check({"http://127.0.0.1:8080/x", {key()}}));
  CHECK(Notifier::check({"http://[::1]:8080/x", {key()}}));
}

TEST_CASE("a CloudEvent holds what the specification requires, and no way to answer a hold") {
  journal::HookEvent held;
  held.id = "k3v9x2m7qa";
  held.action_key = "very-secret-action-key";
  held.metadata = "password=hunter2";
  held.group_id = "g";
  held.instance_id = "i-1";
  held.hook_name = "warmup";
  held.hook_type = "INSTANCE_LAUNCHING";
  held.status = journal::EventStatus::kAnswered;
  held.result = "CONTINUE";
  held.attempts = 2;
  held.created = UtcTime{1767225600000ms};
  held.changed = UtcTime{1767225661500ms};
  const std::string body = write(end_of(held, "/neap/dr-1"));
  CHECK(body.starts_with(
      R"({"specversion":"1.0","id":"k3v9x2m7qa.answered","source":"/neap/dr-1",)"
      R"("type":"com.huaweicloud.neap.hook.answered","time":"2026-01-01T00:01:01.500Z",)"
      R"("subject":"i-1","datacontenttype":"application/json","data":{"id":"k3v9x2m7qa",)"
      R"("status":"answered","hook_type":"INSTANCE_LAUNCHING",)"));
  CHECK(body.find(R"("result":"CONTINUE")") != std::string::npos);
  CHECK(body.find(R"("created":"2026-01-01T00:00:00.000Z")") != std::string::npos);
  CHECK(body.find(R"("deadline":null)") != std::string::npos);
  CHECK(body.find("secret-action") == std::string::npos);
  CHECK(body.find("hunter2") == std::string::npos);
  held.status = journal::EventStatus::kSetAside;
  held.deadline = held.created;
  const CloudEvent aside = end_of(held, "s");
  CHECK(aside.type == "com.huaweicloud.neap.hook.set_aside");
  CHECK(aside.data.text("deadline") == "2026-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace neap::serve
