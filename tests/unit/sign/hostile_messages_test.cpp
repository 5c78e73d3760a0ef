// The corpora of messages and certificate addresses that must be refused, each for its own reason,
// and as controls their neighbours that must not.
#include "support/hostile_messages.h"

#include <iostream>
#include <set>

#include <catch2/catch.hpp>

#include "support/fault_count.h"
#include "support/hostile_certificate_urls.h"

using namespace neap;
using namespace neap::sign;
using namespace neap::test;
using namespace std::chrono_literals;

TEST_CASE("every hostile message is refused for its own reason") {
  MessageWorld world;
  std::size_t refused = 0;
  std::set<RejectionReason> seen;
  for (const HostileMessage& hostile : hostile_messages()) {
    INFO(hostile.name);
    const auto verdict = world.verify(post(hostile.body, hostile.headers));
    CHECK(outcome_of(verdict) == to_text(hostile.reason));
    if (verdict) continue;
    INFO(verdict.error().detail);
    CHECK(is_showable(verdict.error()));
    CHECK(verdict.error().status() != 503);
    seen.insert(verdict.error().reason);
    ++refused;
    count_fault();
  }
  CHECK(refused == hostile_messages().size());
  CHECK(refused >= 80);
  CHECK(seen.size() == 11);  // certificates and their addresses have tests of their own
  CHECK(outcome_of(world.verify(with_signature(notification()))) == "accepted");
  std::cout << refused << " hostile messages refused, for " << seen.size() << " reasons\n";
}

TEST_CASE("nothing is asked of the network for a message that is not worth it") {
  MessageWorld world;
  for (const auto& some : {broken_json, repeated_members, broken_members, strange_types,
                           ambiguous_texts, contradictions, foreign_topics}) {
    for (const HostileMessage& hostile : some()) world.verify(post(hostile.body, hostile.headers));
  }
  CHECK(world.transport.sent.empty());
}

TEST_CASE("a certificate address that is not exactly the region's is refused, and never asked") {
  MessageWorld world;
  std::size_t refused = 0;
  for (const HostileUrl& hostile : hostile_certificate_urls()) {
    INFO(hostile.trick << ": " << hostile.url.substr(0, 200));
    const auto verdict = world.verify(post(with_value("signing_cert_url", hostile.url)));
    CHECK(outcome_of(verdict) == "certificate_address");
    if (verdict) continue;
    CHECK(is_showable(verdict.error()));
    CHECK(verdict.error().status() == 403);
    ++refused;
    count_fault();
  }
  CHECK(world.transport.sent.empty());
  CHECK(refused >= 60);
  CHECK(outcome_of(world.verify(with_signature(notification()))) == "accepted");
  CHECK(world.transport.sent.size() == 1);
  std::cout << refused << " tricks with certificate addresses refused\n";
}

TEST_CASE("a redirect from the certificate's host is not followed") {
  MessageWorld world;
  for (const int status : {301, 302, 303, 307, 308}) {
    world.transport.then(answered(status, signing_keys().signer.pem(),
                                  {{"Location", "https://evil.example/x.pem"}}));
    const auto verdict = world.verify(with_signature(notification()));
    CHECK(outcome_of(verdict) == "certificate_unavailable");
    CHECK(verdict.error().status() == 503);
    world.pass(10s);
  }
  CHECK(world.transport.sent.size() == 5);
  for (const auto& sent : world.transport.sent) CHECK(sent.request.url == kCertificateUrl);
}

TEST_CASE("what only looks hostile is accepted") {
  MessageWorld world;
  const auto accepted = [&](const std::string& body, http::Headers headers = {}) {
    return outcome_of(world.verify(post(body, std::move(headers)))) == "accepted";
  };
  const std::string good = signed_notification();
  CHECK(accepted(good));
  CHECK(accepted(good, {{"Content-Type", "text/plain"}}));
  CHECK(accepted(good, {{"Content-Type", "application/x-www-form-urlencoded"}}));
  CHECK(accepted(good, {{"x-smn-message-type", "Notification"},
                        {"X-SMN-MESSAGE-ID", "88c726942175432bac921eafd0036163"},
                        {"X-SMN-TOPIC-URN", kTopic},
                        {"X-SMN-SUBSCRIPTION-URN", kTopic + ":2e778e84408e44058e6cbc6d3c377837"}}));
  CHECK(accepted(" \r\n" + good + "\n"));
  CHECK(accepted(with(good, "Notification", "Notificati\\u006fn")));
  CHECK(accepted(with(good, "{", R"({"attributes":{"type":["a",1,null]},)")));
  CHECK(accepted(tampered("unsubscribe_url", "https://console.huaweicloud.com/changed")));
  CHECK(accepted(tampered("signature_version", "V1")));
  CHECK(accepted(without("unsubscribe_url")));
  CHECK(accepted(with_value("subject", "")));
  CHECK(accepted(with_value("subject", "tab\tand \xE5\x91\x8A\xE8\xAD\xA6 \"x\"")));
  CHECK(accepted(with_value("message", "")));
  CHECK(accepted(with_value("message", "subject\ntype\nNotification\ntimestamp\nmessage")));
  CHECK(accepted(with_value("message", "a message_id\nmessage_id b\n message_id")));
  CHECK(accepted(with_value("message", std::string(256u << 10, '"'))));
  CHECK(accepted(body_of(with_signature(confirmation()))));
  CHECK(accepted(body_of(with_signature(confirmation("UnsubscribeConfirmation")))));
  CHECK(accepted(with_value("timestamp", timestamp(-24h + 1s))));
  CHECK(accepted(with_value("timestamp", timestamp(5min))));
  CHECK(accepted(with_value("timestamp", with(timestamp({}), "Z", ".123Z"))));
}
