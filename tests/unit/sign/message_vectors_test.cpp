// Every SMN vector through the whole verifier: those of tests/golden, or others of the same shape.
#include <iostream>
#include <set>

#include <catch2/catch.hpp>
#include <openssl/x509.h>

#include "json/document.h"
#include "support/golden.h"
#include "support/message_world.h"

using namespace neap;
using namespace neap::sign;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

UtcTime begin_of(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), &X509_free);
  REQUIRE(certificate);
  std::tm parts{};
  REQUIRE(ASN1_TIME_to_tm(X509_get0_notBefore(certificate.get()), &parts) == 1);
  return UtcTime{std::chrono::seconds{timegm(&parts)}};
}

struct Vector {
  std::string name;
  json::Object body;
  bool valid = false;
};

struct Vectors {
  std::string certificate;
  std::vector<Vector> all;
};

Vectors read_vectors() {
  const auto document = json::Document::parse(read_golden("smn-vectors.json"));
  REQUIRE(document);
  const json::Value value = document->value();
  const json::Object& file = *value.as<json::Object>();
  Vectors vectors{file.text("certificate_pem"), {}};
  for (const json::Value& item : file.list("messages")) {
    const json::Object& row = *item.as<json::Object>();
    vectors.all.push_back({row.text("name"), *row.object("body"), row.flag("valid")});
  }
  return vectors;
}

// A world in which the vector is young, or, where its certificate began later, not too old.
std::unique_ptr<MessageWorld> world_of(const Vector& vector, const Vectors& vectors) {
  const std::string& certificate = vectors.certificate;
  const Result<PlatformTime> sent = parse_platform_time(vector.body.text("timestamp"));
  const UtcTime from = begin_of(certificate);
  const UtcTime written = sent ? std::chrono::floor<std::chrono::milliseconds>(*sent) : from;
  VerifierSettings settings;
  for (const Vector& each : vectors.all) {
    if (each.valid) settings.topics.push_back(each.body.text("topic_urn"));
  }
  const UtcTime now = std::max(written, from) + 1s;
  settings.stale_after = settings.refused_after = now - written + 1min;
  auto world = std::make_unique<MessageWorld>(settings, certificate, now);
  world->serve(certificate);
  return world;
}

}  // namespace

TEST_CASE("every SMN vector is accepted or refused as it says") {
  const Vectors vectors = read_vectors();
  std::size_t valid = 0;
  for (const Vector& vector : vectors.all) {
    INFO(vector.name);
    const auto world = world_of(vector, vectors);
    const auto verdict = world->verify(post(json::write(vector.body)));
    CHECK(verdict.has_value() == vector.valid);
    INFO(outcome_of(verdict) << (verdict ? "" : ": " + verdict.error().detail));
    valid += vector.valid ? 1 : 0;
    if (!verdict) continue;
    CHECK(verdict->message == vector.body.text("message"));
    CHECK(verdict->message_id == vector.body.text("message_id"));
    CHECK(to_text(verdict->type) == vector.body.text("type"));
    CHECK_FALSE(verdict->stale);
  }
  CHECK(valid > 0);
  CHECK(valid < vectors.all.size());
  std::cout << vectors.all.size() << " SMN vectors, " << valid << " of them valid\n";
}

TEST_CASE("no byte of a signed member of a vector can change") {
  const Vectors vectors = read_vectors();
  const std::set<std::string> free_members{"unsubscribe_url", "signature_version",
                                           "signing_cert_url"};
  std::size_t changed = 0;
  for (const Vector& vector : vectors.all) {
    if (!vector.valid) continue;
    const auto world = world_of(vector, vectors);
    for (const auto& [name, value] : vector.body) {
      if (free_members.contains(name)) continue;
      const std::string text = *value.as<std::string>();
      for (std::size_t at = 0; at < text.size(); at += 1 + text.size() / 7) {
        if (static_cast<unsigned char>(text[at]) >= 0x7F) continue;
        std::string other = text;
        other[at] = other[at] == 'a' ? 'b' : 'a';
        json::Object body = vector.body;
        body.set(name, other);
        INFO(vector.name << ": " << name << " at " << at);
        CHECK_FALSE(world->verify(post(json::write(body))));
        ++changed;
      }
    }
  }
  CHECK(changed > 50);
  std::cout << changed << " changed vectors refused\n";
}
