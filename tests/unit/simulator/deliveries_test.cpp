// Messages that leave the simulator: a subscriber over real HTTP is invited, confirms, hears of a
// held instance, and proves what it got with the certificate that the simulator serves.
#include "simulator/deliveries.h"

#include <functional>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "http/curl_transport.h"
#include "http/server.h"
#include "http/url.h"
#include "json/document.h"
#include "sign/signer.h"
#include "support/message_proof.h"

using namespace neap;
using namespace neap::simulator;
using namespace std::chrono_literals;

namespace {

struct Received {
  http::Headers headers;
  sign::Message members;
};

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

std::string text_at(const std::string& body, std::string_view pointer) {
  const auto document = json::Document::parse(body);
  REQUIRE(document);
  const auto text = document->text(pointer);
  REQUIRE(text);
  return std::string(*text);
}

// A simulator on a port of its own and a subscriber on another. Simulated time runs 100 times
// faster, so that servers are made within a second and attempts repeated within a tenth of one.
class Exchange {
 public:
  Exchange() {
    simulated_ = serve([this](http::Exchange exchange) { simulate(std::move(exchange)); });
    subscriber_ = serve([this](http::Exchange exchange) { take(std::move(exchange)); });
    deliveries_ = std::make_unique<Deliveries>(loop_, simulator_, transport_, origin(*simulated_),
                                               [](const Error& error) { FAIL(describe(error)); });
  }

  ~Exchange() {
    deliveries_.reset();
    simulated_.reset();
    subscriber_.reset();
  }

  std::string endpoint() const { return origin(*subscriber_) + "/smn"; }

  http::Response ask(http::Method method, const std::string& target, const std::string& body = "") {
    http::Request request;
    request.method = method;
    request.url = "http://simulator.test" + target;
    request.body = body;
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    sign::Credentials credentials;
    credentials.access_key = kAccessKey;
    credentials.secret_key = Secret(std::string(kSecretKey));
    credentials.project_id = kProjectId;
    REQUIRE(sign::sign_request(request, credentials, clock_.utc()));
    Result<Answer> answer = simulator_.answer(request, target);
    REQUIRE(answer);
    deliveries_->look();
    return answer->response;
  }

  json::Document deliveries() {
    auto document = json::Document::parse(ask(http::Method::kGet, "/_sim/deliveries").body);
    REQUIRE(document);
    return *std::move(document);
  }

  // From here on the endpoint's port is closed.
  void stop_listening() { subscriber_.reset(); }

  http::Response get(const std::string& url) {
    std::optional<http::Outcome> outcome;
    const Owner transfer = transport_.send({http::Method::kGet, url, {}, {}}, {},
                                           [&](http::Outcome o) { outcome = std::move(o); });
    REQUIRE(until([&] { return outcome.has_value(); }));
    return outcome->response;
  }

  // Runs the loop until something is so; false after 20 seconds.
  bool until(std::function<bool()> is_so) {
    const Instant deadline = clock_.now() + 20s;
    while (!is_so() && clock_.now() < deadline) {
      const Loop::Timer tick = loop_.after(5ms, [this] { loop_.stop(); });
      loop_.run();
    }
    return is_so();
  }

  std::vector<Received> received;
  std::vector<int> answers;  // of the subscriber, one after the other; then 200

 private:
  static std::string origin(const http::Server& server) {
    return fmt::format("http://127.0.0.1:{}", server.port());
  }

  // SMN is one peer with many connections.
  std::unique_ptr<http::Server> serve(http::Server::Handler handler) {
    auto opened = http::Server::open(loop_, {}, {.connections_per_peer = 256}, std::move(handler));
    REQUIRE(opened);
    return std::move(*opened);
  }

  void simulate(http::Exchange exchange) {
    const std::string target = exchange.request().target;
    auto certificate = deliveries_->certificate(target);
    if (certificate) {
      CHECK(exchange.respond(std::move(*certificate)));
      return;
    }
    http::Request request;
    request.url = target;
    request.headers = exchange.request().headers;
    Result<Answer> answer = simulator_.answer(request, target);
    REQUIRE(answer);
    CHECK(exchange.respond(std::move(answer->response)));
    deliveries_->look();
  }

  void take(http::Exchange exchange) {
    const std::size_t index = received.size();
    received.push_back({exchange.request().headers, members_of(exchange.request().body)});
    http::Response response;
    response.status = index < answers.size() ? answers[index] : 200;
    CHECK(exchange.respond(std::move(response)));
  }

  SystemClock clock_;
  Loop loop_{clock_};
  Simulator simulator_{clock_, {.seed = 7, .time_scale = 100}};
  http::CurlTransport transport_{loop_};
  std::unique_ptr<http::Server> simulated_;
  std::unique_ptr<http::Server> subscriber_;
  std::unique_ptr<Deliveries> deliveries_;
};

std::string topics() {
  return fmt::format("/v2/{}/notifications/topics", kProjectId);
}

// Makes a topic and subscribes the endpoint; returns the topic's URN.
std::string subscribe(Exchange& exchange) {
  const http::Response made =
      exchange.ask(http::Method::kPost, topics(), R"({"name":"hooks","display_name":"hooks"})");
  REQUIRE(made.status == 201);
  const std::string topic = text_at(made.body, "/topic_urn");
  const http::Response added =
      exchange.ask(http::Method::kPost, topics() + "/" + topic + "/subscriptions",
                   fmt::format(R"({{"protocol":"http","endpoint":"{}"}})", exchange.endpoint()));
  REQUIRE(added.status == 201);
  return topic;
}

std::string confirmed(Exchange& exchange) {
  std::string topic = subscribe(exchange);
  REQUIRE(exchange.until([&] { return exchange.received.size() == 1; }));
  CHECK(exchange.get(exchange.received[0].members.at("subscribe_url")).status == 200);
  return topic;
}

void check_signed(Exchange& exchange, const sign::Message& message) {
  const http::Response certificate = exchange.get(message.at("signing_cert_url"));
  CHECK(certificate.status == 200);
  const Result<std::string> text = sign::message_text(message);
  REQUIRE(text);
  CHECK(test::proves(certificate.body, *text, message.at("signature")));
  CHECK_FALSE(test::proves(certificate.body, *text + "x", message.at("signature")));
}

}  // namespace

TEST_CASE("a subscriber is invited, confirms and hears of a held instance, all of it signed") {
  Exchange exchange;
  const std::string topic = confirmed(exchange);
  const Received invitation = exchange.received[0];
  CHECK(invitation.members.at("type") == "SubscriptionConfirmation");
  CHECK(invitation.headers.get("X-SMN-MESSAGE-TYPE") == "SubscriptionConfirmation");
  CHECK_FALSE(invitation.headers.has("X-SMN-SUBSCRIPTION-URN"));
  check_signed(exchange, invitation.members);

  const http::Response group = exchange.ask(
      http::Method::kPost, "/_sim/as/groups",
      fmt::format(
          R"({{"name":"web","hooks":[{{"name":"up","type":"INSTANCE_LAUNCHING","topic_urn":"{}"}}]}})",
          topic));
  REQUIRE(group.status == 200);
  exchange.ask(http::Method::kPost, "/_sim/as/groups/web/set", R"({"desire":1})");
  REQUIRE(exchange.until([&] { return exchange.received.size() == 2; }));

  const Received notification = exchange.received[1];
  CHECK(notification.members.at("type") == "Notification");
  CHECK(notification.members.at("topic_urn") == topic);
  CHECK(notification.headers.get("X-SMN-MESSAGE-ID") == notification.members.at("message_id"));
  CHECK(notification.headers.get("X-SMN-TOPIC-URN") == topic);
  CHECK(notification.headers.has("X-SMN-SUBSCRIPTION-URN"));
  check_signed(exchange, notification.members);
  const std::string& event = notification.members.at("message");
  CHECK(text_at(event, "/service") == "AutoScaling");
  CHECK(text_at(event, "/tenant_id") == kProjectId);
  CHECK(text_at(event, "/lifecycle_hook_name") == "up");
  const http::Response held = exchange.ask(http::Method::kGet, "/_sim/as/held");
  CHECK(text_at(held.body, "/held/0/lifecycle_action_key") ==
        text_at(event, "/lifecycle_action_key"));
}

TEST_CASE("an answer of 500 or more is tried again with the same message, one of 400 is not") {
  Exchange exchange;
  const std::string topic = confirmed(exchange);
  exchange.answers = {200, 503, 500, 200, 404};
  const std::string publish = topics() + "/" + topic + "/publish";
  exchange.ask(http::Method::kPost, publish, R"({"subject":"s","message":"first"})");
  REQUIRE(exchange.until([&] { return exchange.received.size() == 4; }));
  CHECK(exchange.received[3].members.at("message_id") ==
        exchange.received[1].members.at("message_id"));
  CHECK(exchange.received[3].members.at("timestamp") ==
        exchange.received[1].members.at("timestamp"));
  check_signed(exchange, exchange.received[3].members);

  exchange.ask(http::Method::kPost, publish, R"({"message":"second"})");
  REQUIRE(exchange.until([&] {
    const http::Response dropped =
        exchange.ask(http::Method::kGet, "/_sim/deliveries?state=dropped");
    return dropped.body.find("second") != std::string::npos;
  }));
  CHECK(exchange.received.size() == 5);
  CHECK(exchange.received[4].members.count("subject") == 0);
}

TEST_CASE("a burst of 500 messages is delivered at once, each by its first attempt") {
  Exchange exchange;
  const std::string publish = topics() + "/" + confirmed(exchange) + "/publish";
  for (int i = 0; i < 500; ++i) {
    exchange.ask(http::Method::kPost, publish, R"({"message":"m"})");
  }
  REQUIRE(exchange.until([&] { return exchange.received.size() == 501; }));
  const auto over = [&] {
    return exchange.deliveries().text("/deliveries/500/state") == "delivered";
  };
  REQUIRE(exchange.until(over));
  const json::Document deliveries = exchange.deliveries();
  for (int i = 0; i <= 500; ++i) {
    const std::string row = fmt::format("/deliveries/{}", i);
    CHECK(deliveries.text(row + "/state").value() == "delivered");
    CHECK(deliveries.number(row + "/attempts").value() == 1);
  }
}

TEST_CASE("a refused connection is a failed attempt, and another one follows") {
  Exchange exchange;
  const std::string topic = confirmed(exchange);
  exchange.stop_listening();
  exchange.ask(http::Method::kPost, topics() + "/" + topic + "/publish", R"({"message":"m"})");
  REQUIRE(exchange.until([&] { return exchange.deliveries().has("/deliveries/1/answers/1"); }));
  const json::Document deliveries = exchange.deliveries();
  CHECK(deliveries.number("/deliveries/1/answers/0").value() == 0);
  CHECK(deliveries.text("/deliveries/1/state").value() != "delivered");
  const http::Response endpoints = exchange.ask(http::Method::kGet, "/_sim/smn/endpoints");
  const auto failures = json::Document::parse(endpoints.body);
  REQUIRE(failures);
  CHECK(failures->number("/endpoints/0/failures").value() >= 2);
}
