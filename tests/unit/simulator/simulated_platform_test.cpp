// Messages of the platform in virtual time: signed, carried to a handler in the same process, tried
// again and given up as over HTTP.
#include "support/simulated_platform.h"

#include <optional>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "sign/message_key.h"
#include "support/message_proof.h"

using namespace neap;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kReceiver = "http://127.0.0.1:8080";
constexpr const char* kEndpoint = "http://127.0.0.1:8080/smn";

sign::Message members_of(const std::string& body) {
  const auto document = json::Document::parse(body);
  REQUIRE(document);
  sign::Message message;
  const json::Value value = document->value();
  for (const auto& [name, member] : *value.as<json::Object>()) {
    message[name] = *member.as<std::string>();
  }
  return message;
}

// A platform with a topic, and a subscriber that answers as the test says, else with 200.
struct Subscriber {
  explicit Subscriber(bool listens = true) : topic(platform.topic("hooks", kEndpoint)) {
    if (listens) listen();
  }
  ~Subscriber() {
    loop.run();
    CHECK(loop.timers() == 0);
    CHECK(loop.posted() == 0);
  }

  void listen() {
    platform.serve(kReceiver, [this](http::Exchange exchange) {
      const std::size_t index = received.size();
      received.push_back(members_of(exchange.request().body));
      at.push_back(loop.now());
      const int status = index < answers.size() ? answers[index] : 200;
      if (status == 0) return silent.push_back(std::move(exchange));
      CHECK(exchange.respond({status, {}, ""}));
    });
  }

  // Holds a new instance of a new group by a hook, for 300 s.
  void hold() {
    platform.admin(http::Method::kPost, "/as/groups",
                   fmt::format(R"({{"name":"web","hooks":[{{"name":"up","type":"INSTANCE_LAUNCHING",
                               "topic_urn":"{}","default_result":"CONTINUE","timeout":300}}]}})",
                               topic));
    platform.admin(http::Method::kPost, "/as/groups/web/set", R"({"desire":1})");
  }

  http::Response get(const std::string& url) {
    std::optional<http::Outcome> outcome;
    const Owner transfer =
        platform.send({http::Method::kGet, url, {}, {}}, {}, [&](http::Outcome o) {
          outcome = std::move(o);
          loop.stop();
        });
    loop.run();
    REQUIRE(outcome);
    return outcome->response;
  }

  std::size_t attempts() {
    const json::Document rows = delivery();
    double sum = 0;
    for (int i = 0;; ++i) {
      const auto count = rows.number("/deliveries/" + std::to_string(i) + "/attempts");
      if (!count) return static_cast<std::size_t>(sum);
      sum += *count;
    }
  }

  json::Document delivery() { return platform.admin(http::Method::kGet, "/deliveries"); }

  VirtualClock clock;
  Loop loop{clock};
  SimulatedPlatform platform{loop, 7};
  std::string topic;
  std::vector<sign::Message> received;
  std::vector<Instant> at;
  std::vector<int> answers;  // 0: none
  std::vector<http::Exchange> silent;
};

}  // namespace

TEST_CASE("a held instance is told of in virtual time, signed by the platform's certificate") {
  Subscriber subscriber;
  subscriber.hold();
  subscriber.loop.run();
  REQUIRE(subscriber.received.size() == 1);
  const sign::Message& message = subscriber.received[0];
  const http::Response certificate = subscriber.get(message.at("signing_cert_url"));
  CHECK(certificate.status == 200);
  const Result<std::string> text = sign::message_text(message);
  REQUIRE(text);
  CHECK(proves(certificate.body, *text, message.at("signature")));
  CHECK_FALSE(proves(certificate.body, *text + "x", message.at("signature")));
  CHECK(message.at("message").find(R"("lifecycle_hook_name":"up")") != std::string::npos);
  // The loop ran on until the default fired at the deadline, and then had nothing to wait for.
  const json::Document book = subscriber.platform.admin(http::Method::kGet, "/as/outcomes");
  CHECK(book.text("/outcomes/0/by").value() == "default");
  CHECK(subscriber.loop.now() < 400s);
}

TEST_CASE("an answer of 503 is tried again after 5 s with the same message") {
  Subscriber subscriber;
  subscriber.answers = {503, 200};
  subscriber.hold();
  subscriber.loop.run();
  REQUIRE(subscriber.received.size() == 2);
  CHECK(subscriber.received[0] == subscriber.received[1]);
  CHECK(subscriber.at[1] - subscriber.at[0] > 5s);
  CHECK(subscriber.at[1] - subscriber.at[0] < 6s);
  CHECK(subscriber.delivery().text("/deliveries/0/state").value() == "delivered");
}

TEST_CASE("silence for 5 s counts as a failed attempt") {
  Subscriber subscriber;
  subscriber.answers = {0, 200};
  subscriber.hold();
  subscriber.loop.run();
  REQUIRE(subscriber.received.size() == 2);
  CHECK(subscriber.at[1] - subscriber.at[0] >= 10s);
  CHECK(subscriber.at[1] - subscriber.at[0] < 11s);
  CHECK(subscriber.delivery().number("/deliveries/0/attempts").value() == 2);
  CHECK(subscriber.delivery().number("/deliveries/0/answers/0").value() == 0);
}

TEST_CASE("where nobody listens the message is tried seven times and dropped") {
  Subscriber subscriber(false);
  subscriber.hold();
  subscriber.loop.run();
  CHECK(subscriber.delivery().number("/deliveries/0/attempts").value() == 7);
  CHECK(subscriber.delivery().text("/deliveries/0/state").value() == "dropped");
}

TEST_CASE("an endpoint where nobody listens is shunned after 20 failures on end") {
  Subscriber subscriber(false);
  for (int i = 0; i < 5; ++i) {
    subscriber.platform.admin(http::Method::kPost, "/smn/mishaps", R"({"kind":"duplicate"})");
  }
  subscriber.hold();  // 32 copies
  const Loop::Timer look = subscriber.loop.after(120s, [&] { subscriber.loop.stop(); });
  subscriber.loop.run();
  const auto shunned = [&] {
    const json::Document rows = subscriber.platform.admin(http::Method::kGet, "/smn/endpoints");
    CHECK(rows.boolean("/endpoints/0/is_shunned").value());
    return rows.number("/endpoints/0/shunned").value();
  };
  const double times = shunned();
  CHECK(times == 1);
  const std::size_t attempts = subscriber.attempts();
  CHECK(attempts == 32);
  const Loop::Timer later = subscriber.loop.after(200s, [&] { subscriber.loop.stop(); });
  subscriber.loop.run();
  CHECK(subscriber.attempts() == attempts);  // nothing is sent meanwhile
  CHECK(shunned() == times);
}

TEST_CASE("a receiver that comes back gets what was tried in vain") {
  Subscriber subscriber;
  subscriber.platform.stop(kReceiver);
  subscriber.hold();
  const Loop::Timer back = subscriber.loop.after(60s, [&] { subscriber.listen(); });
  subscriber.loop.run();
  REQUIRE(subscriber.received.size() == 1);
  CHECK(subscriber.delivery().text("/deliveries/0/state").value() == "delivered");
  CHECK(subscriber.delivery().number("/deliveries/0/attempts").value() > 1);
}

TEST_CASE("the same seed gives the same messages at the same times") {
  const auto story = [] {
    Subscriber subscriber;
    subscriber.platform.admin(http::Method::kPost, "/smn/mishaps",
                              R"({"kind":"duplicate","times":7})");
    subscriber.platform.admin(http::Method::kPost, "/smn/mishaps", R"({"kind":"reorder"})");
    subscriber.hold();
    subscriber.loop.run();
    std::vector<std::pair<std::string, Instant>> told;
    for (std::size_t i = 0; i < subscriber.received.size(); ++i) {
      told.emplace_back(subscriber.received[i].at("message"), subscriber.at[i]);
    }
    return told;
  };
  const auto first = story();
  CHECK(first.size() == 7);
  CHECK(first == story());
}
