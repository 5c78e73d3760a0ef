// What a verifier promises besides its verdicts: one fetch for many, limits on what strangers can
// make it do, and answers that come from the loop.
#include "sign/message_verifier.h"

#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/message_world.h"

using namespace neap;
using namespace neap::sign;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

std::string url_of(int number) {
  return fmt::format("https://smn.cn-north-4.myhuaweicloud.com/smn/SMN_cn-north-4_{:032x}.pem",
                     number);
}

http::IncomingRequest good(const std::string& url = kCertificateUrl) {
  sign::Message message = notification();
  message["signing_cert_url"] = url;
  return post(body_of(with_signature(message)));
}

Result<std::unique_ptr<MessageVerifier>> opened_with(const VerifierSettings& settings) {
  static VirtualClock clock;
  static Loop loop(clock);
  static ScriptedTransport transport(loop);
  return MessageVerifier::open(loop, transport, settings);
}

VerifierSettings with_places(CertificatePlaces places) {
  VerifierSettings settings;
  settings.topics = {kTopic};
  settings.places = std::move(places);
  return settings;
}

}  // namespace

TEST_CASE("a verified message has what its signature covers") {
  MessageWorld world;
  const auto verdict = world.verify(with_signature(notification()));
  REQUIRE(verdict);
  CHECK(verdict->type == MessageType::kNotification);
  CHECK(verdict->message_id == "88c726942175432bac921eafd0036163");
  CHECK(verdict->topic_urn == kTopic);
  CHECK(verdict->subject == "lifecycle hook");
  CHECK(verdict->message == notification().at("message"));
  CHECK(verdict->sent == VirtualClock::kStart);
  CHECK(verdict->subscribe_url.empty());
  CHECK_FALSE(verdict->stale);
}

TEST_CASE("what the signature does not cover is not there") {
  MessageWorld world;
  sign::Message message = with_signature(confirmation("UnsubscribeConfirmation"));
  message["subject"] = "smuggled";
  const auto farewell = world.verify(message);
  REQUIRE(farewell);
  CHECK(farewell->subject.empty());
  message = with_signature(notification());
  message["subscribe_url"] = "https://console.huaweicloud.com/smuggled";
  const auto note = world.verify(message);
  REQUIRE(note);
  CHECK(note->subscribe_url.empty());
}

TEST_CASE("a message older than a quarter of an hour is accepted as stale") {
  MessageWorld world;
  const auto stale = [&](Duration age) {
    sign::Message message = notification();
    message["timestamp"] = timestamp(-age);
    const auto verdict = world.verify(with_signature(message));
    REQUIRE(verdict);
    return verdict->stale;
  };
  CHECK_FALSE(stale(-5min));
  CHECK_FALSE(stale(15min - 1s));
  CHECK(stale(15min + 1s));
  CHECK(stale(23h));
}

TEST_CASE("a certificate is fetched once, with limits, and kept for a day") {
  MessageWorld world;
  for (int i = 0; i < 50; ++i) REQUIRE(world.verify(good()));
  REQUIRE(world.transport.sent.size() == 1);
  const auto& sent = world.transport.sent.front();
  CHECK(sent.request.url == kCertificateUrl);
  CHECK(sent.request.method == http::Method::kGet);
  CHECK(sent.options.profile == http::Profile::kRead);
  CHECK(sent.options.timeout == 2s);
  CHECK(sent.options.body_limit == 16384);
  CHECK(sent.options.public_only);
  world.pass(24h - 1s);
  CHECK(outcome_of(world.verify(good())) == "accepted");
  CHECK(world.verifier->fetches() == 1);
  world.pass(2s);
  sign::Message young = notification();
  young["timestamp"] = timestamp(24h);
  CHECK(outcome_of(world.verify(with_signature(young))) == "accepted");
  CHECK(world.verifier->fetches() == 2);
}

TEST_CASE("a kept certificate is not used beyond its dates") {
  MessageWorld world;
  world.serve(
      make_signer({.key = signing_keys().smn, .issuer = &signing_keys().authority, .until = 1h},
                  VirtualClock::kStart)
          .pem());
  CHECK(outcome_of(world.verify(good())) == "accepted");
  world.pass(1h - 1s);
  CHECK(outcome_of(world.verify(good())) == "accepted");
  world.pass(1s);
  CHECK(outcome_of(world.verify(good())) == "certificate");
  CHECK(world.verifier->fetches() == 2);
}

TEST_CASE("messages that name the same certificate share one fetch") {
  MessageWorld world;
  int accepted = 0;
  std::vector<Owner> work;
  for (int i = 0; i < 100; ++i) {
    work.push_back(world.verifier->verify(
        good(), [&](MessageVerifier::Verdict verdict) { accepted += verdict ? 1 : 0; }));
  }
  CHECK(world.transport.under_way == 1);
  world.loop.run();
  CHECK(accepted == 100);
  CHECK(world.transport.sent.size() == 1);
}

TEST_CASE("a fetch that came to nothing is not tried again for some seconds") {
  MessageWorld world;
  world.transport.then(not_sent("connection refused"));
  const auto refused = world.verify(good());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == RejectionReason::kCertificateUnavailable);
  CHECK(refused.error().status() == 503);
  CHECK(refused.error().detail == "the certificate cannot be fetched: connection refused");
  CHECK(outcome_of(world.verify(good())) == "certificate_unavailable");
  world.pass(4s);
  CHECK(outcome_of(world.verify(good())) == "certificate_unavailable");
  CHECK(world.verifier->fetches() == 1);
  world.pass(2s);
  CHECK(outcome_of(world.verify(good())) == "accepted");
  CHECK(world.verifier->fetches() == 2);
}

TEST_CASE("every way in which a fetch can fail is temporary") {
  MessageWorld world;
  for (const http::Outcome& outcome :
       {not_sent("cannot resolve the host"), lost("timed out after 2 s"), answered(404, "no"),
        answered(500, ""), answered(204, ""), answered(302, "")}) {
    world.transport.then(outcome);
    const auto verdict = world.verify(good());
    CHECK(outcome_of(verdict) == "certificate_unavailable");
    world.pass(6s);
  }
  CHECK(outcome_of(world.verify(good())) == "accepted");
}

TEST_CASE("a refused certificate is not fetched again at once either") {
  MessageWorld world;
  world.serve("garbage");
  for (int i = 0; i < 10; ++i) CHECK(outcome_of(world.verify(good())) == "certificate");
  CHECK(world.verifier->fetches() == 1);
}

TEST_CASE("naming many certificates makes us fetch a few, and known ones go on working") {
  MessageWorld world;
  REQUIRE(world.verify(good()));
  world.transport.otherwise = [](const http::Request&) { return answered(404, ""); };
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    refused += outcome_of(world.verify(good(url_of(i)))) == "certificate_unavailable" ? 1 : 0;
  }
  CHECK(refused == 1000);
  // 7 tokens were left; the fetches themselves took some milliseconds.
  CHECK(world.verifier->fetches() == 8);
  CHECK(outcome_of(world.verify(good())) == "accepted");
  world.pass(4s);
  for (int i = 2000; i < 2100; ++i) world.verify(good(url_of(i)));
  CHECK(world.verifier->fetches() == 10);
}

TEST_CASE("an address that proved good is asked again even when strangers name many others") {
  MessageWorld world;
  REQUIRE(world.verify(good()));
  world.pass(24h);
  for (int i = 0; i < 100; ++i) world.verify(good(url_of(i)));
  sign::Message young = notification();
  young["timestamp"] = timestamp(24h);
  CHECK(outcome_of(world.verify(with_signature(young))) == "accepted");
}

TEST_CASE("no more certificates are kept than the limit says, the longest unused goes first") {
  VerifierSettings settings;
  settings.limits.kept = 3;
  settings.limits.asking.burst = 100;
  MessageWorld world(settings);
  for (const int i : {1, 2, 3, 1, 4}) REQUIRE(world.verify(good(url_of(i))));
  CHECK(world.verifier->fetches() == 4);
  for (const int i : {1, 3, 4}) REQUIRE(world.verify(good(url_of(i))));
  CHECK(world.verifier->fetches() == 4);
  REQUIRE(world.verify(good(url_of(2))));
  CHECK(world.verifier->fetches() == 5);
}

TEST_CASE("messages beyond the limit of those that wait for a certificate are put off") {
  VerifierSettings settings;
  settings.limits.waiting = 3;
  MessageWorld world(settings);
  std::vector<std::string> outcomes;
  std::vector<Owner> work;
  for (int i = 0; i < 5; ++i) {
    work.push_back(world.verifier->verify(good(), [&](MessageVerifier::Verdict verdict) {
      outcomes.push_back(outcome_of(verdict));
      if (!verdict) CHECK(verdict.error().status() == 503);
    }));
  }
  world.loop.run();
  CHECK(outcomes ==
        std::vector<std::string>{"overload", "overload", "accepted", "accepted", "accepted"});
  CHECK(outcome_of(world.verify(good())) == "accepted");
}

TEST_CASE("dropping a verification cancels its answer, not the fetch that others wait for") {
  MessageWorld world;
  bool first = false;
  bool second = false;
  Owner dropped =
      world.verifier->verify(good(), [&](const MessageVerifier::Verdict&) { first = true; });
  const Owner kept =
      world.verifier->verify(good(), [&](const MessageVerifier::Verdict&) { second = true; });
  dropped.reset();
  world.loop.run();
  CHECK_FALSE(first);
  CHECK(second);
  Owner rejected =
      world.verifier->verify(post(""), [&](const MessageVerifier::Verdict&) { first = true; });
  rejected.reset();
  world.loop.run();
  CHECK_FALSE(first);
}

TEST_CASE("a verifier may be destroyed by what it calls, and leaves nothing behind") {
  MessageWorld world;
  std::vector<Owner> work;
  int called = 0;
  for (int i = 0; i < 3; ++i) {
    work.push_back(world.verifier->verify(good(), [&](const MessageVerifier::Verdict&) {
      ++called;
      work.clear();
      world.verifier.reset();
    }));
  }
  world.loop.run();
  CHECK(called == 1);
  CHECK(world.transport.under_way == 0);
  CHECK(world.loop.timers() == 0);
}

TEST_CASE("a verifier that goes takes its fetch along") {
  MessageWorld world;
  bool called = false;
  const Owner work =
      world.verifier->verify(good(), [&](const MessageVerifier::Verdict&) { called = true; });
  world.verifier.reset();
  CHECK(world.transport.under_way == 0);
  world.loop.run();
  CHECK_FALSE(called);
}

TEST_CASE("a simulator on this machine has certificates of its own, signed by themselves") {
  const std::string origin = "http://127.0.0.1:8780";
  MessageWorld world(with_places({.simulator_origin = origin}));
  const MessageKey key("SMN of the simulator", VirtualClock::kStart);
  world.serve(key.certificate_pem());
  sign::Message message = notification();
  message["signing_cert_url"] = origin + "/smn/SMN_cn-north-4_" + key.certificate_id() + ".pem";
  message["signature"] = key.sign(message_text(message).value());
  CHECK(outcome_of(world.verify(message)) == "accepted");
  CHECK(outcome_of(world.verify(good())) == "certificate_address");
  message["signing_cert_url"] =
      "http://127.0.0.1:8781/smn/SMN_cn-north-4_" + key.certificate_id() + ".pem";
  CHECK(outcome_of(world.verify(message)) == "certificate_address");
}

TEST_CASE("regions whose host departs from the pattern are known, and more can be named") {
  CHECK(certificate_origin({}, "cn-north-4") == "https://smn.cn-north-4.myhuaweicloud.com");
  CHECK(certificate_origin({}, "cn-north-2") == "https://smn.cn-north-2.myhuaweicloud.cn");
  CHECK(certificate_origin({}, "eu-west-101") == "https://smn.eu-west-101.myhuaweicloud.eu");
  const CertificatePlaces places{.cloud = "cloud.example",
                                 .origins = {{"cn-north-4", "https://console.example"}}};
  CHECK(certificate_origin(places, "cn-north-1") == "https://smn.cn-north-1.cloud.example");
  CHECK(certificate_origin(places, "cn-north-4") == "https://console.example");
  MessageWorld world(with_places(places));
  const std::string url =
      "https://console.example/smn/SMN_cn-north-4_0123456789abcdef0123456789abcdef.pem";
  CHECK(outcome_of(world.verify(good(url))) == "accepted");
  CHECK(outcome_of(world.verify(good())) == "certificate_address");
}

TEST_CASE("settings that cannot be meant are refused") {
  const auto refused = [](CertificatePlaces places) {
    const auto verifier = opened_with(with_places(std::move(places)));
    return !verifier && verifier.error().kind == ErrorKind::kConfig;
  };
  CHECK(opened_with(with_places({})));
  CHECK(refused({.simulator_origin = "http://192.0.2.1:8780"}));
  CHECK(refused({.simulator_origin = "http://localhost.evil.example"}));
  CHECK(refused({.simulator_origin = "http://127.0.0.1:8780/"}));
  CHECK(refused({.simulator_origin = "127.0.0.1:8780"}));
  CHECK(refused({.origins = {{"cn-north-4", "http://smn.cn-north-4.myhuaweicloud.com"}}}));
  CHECK(refused({.origins = {{"cn-north-4", "https://user@smn.example"}}}));
  CHECK(refused({.origins = {{"cn-north-4", "https://smn.example/path"}}}));
  CHECK(refused({.cloud = "my cloud"}));
  CHECK(refused({.cloud = "evil.example/"}));
  for (const char* topic : {"", "hooks", "urn:smn:cn-north-4:project", "urn:smn::project:hooks",
                            "urn:smn:CN-north-4:project:hooks", "urn:smn:a.b:project:hooks",
                            "urn:smn:cn-north-4:project:hooks:sub", "arn:smn:a:b:c"}) {
    INFO(topic);
    VerifierSettings settings;
    settings.topics = {topic};
    CHECK_FALSE(opened_with(settings));
  }
}

TEST_CASE("every reason has a name of its own and a status that SMN understands") {
  std::set<std::string_view> names;
  for (const RejectionReason reason : rejection_reasons()) {
    names.insert(to_text(reason));
    const int status = status_of(reason);
    CHECK((status == 400 || status == 403 || status == 503));
  }
  CHECK(names.size() == rejection_reasons().size());
  CHECK(names.size() == 15);
}
