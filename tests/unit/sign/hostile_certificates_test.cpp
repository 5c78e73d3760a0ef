// The corpus of certificates that must not be trusted, and as controls those that must.
#include "support/hostile_certificates.h"

#include <iostream>

#include <catch2/catch.hpp>

#include "support/fault_count.h"

using namespace neap;
using namespace neap::sign;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

// The outcome of a good message when its certificate's host answers this.
std::string outcome_with(const std::string& pem, VerifierSettings settings = {},
                         const std::string& bundle = {}, const Key& key = signing_keys().smn,
                         const EVP_MD* digest = EVP_sha256()) {
  MessageWorld world(std::move(settings), bundle);
  world.serve(pem);
  const auto verdict = world.verify(with_signature(notification(), key.get(), digest));
  return verdict ? "accepted" : outcome_of(verdict) + ": " + verdict.error().detail;
}

VerifierSettings with_subjects(std::vector<std::string> subjects) {
  VerifierSettings settings;
  settings.certificates.subjects = std::move(subjects);
  return settings;
}

}  // namespace

TEST_CASE("every hostile certificate is refused for its own reason") {
  std::size_t refused = 0;
  const auto all = hostile_certificates();
  for (const HostileCertificate& hostile : all) {
    INFO(hostile.name);
    const std::string outcome =
        outcome_with(hostile.pem, with_subjects(hostile.subjects), hostile.bundle);
    CHECK_THAT(outcome, Catch::StartsWith("certificate: ") && Catch::Contains(hostile.words));
    refused += outcome.starts_with("certificate: ") ? 1 : 0;
    count_fault();
  }
  CHECK(refused == all.size());
  CHECK(refused >= 25);
  std::cout << refused << " hostile certificates refused\n";
}

TEST_CASE("a certificate that is in order is accepted") {
  const SigningKeys& keys = signing_keys();
  CHECK(outcome_with(keys.signer.pem()) == "accepted");
  CHECK(outcome_with("subject=SMN\n" + keys.signer.pem() + "\n") == "accepted");
  CHECK(outcome_with(keys.signer.pem() + keys.authority.pem()) == "accepted");
  CHECK(outcome_with(chained(authorities(1))) == "accepted");
  CHECK(outcome_with(chained(authorities(4))) == "accepted");
  CHECK(outcome_with(signer_of({.digest = EVP_sha384()}).pem()) == "accepted");
  CHECK(outcome_with(signer_of({.digest = EVP_sha512()}).pem()) == "accepted");
  CHECK(outcome_with(
            signer_of({.extensions = {{NID_key_usage, "critical,digitalSignature"}}}).pem()) ==
        "accepted");
  const Key large = rsa_key(3072);
  CHECK(outcome_with(signer_of({.key = large}).pem(), {}, {}, large) == "accepted");
}

TEST_CASE("a certificate signed by itself is accepted when it is one of the authorities") {
  const SigningIdentity own = self_signed({});
  CHECK(outcome_with(own.pem(), {}, own.pem()) == "accepted");
  const SigningIdentity other = self_signed({.key = signing_keys().other});
  CHECK_THAT(outcome_with(own.pem(), {}, other.pem()), Catch::Contains("certificate: "));
}

TEST_CASE("the very certificate, or one below its root, may be trusted alone") {
  const auto chain = authorities(2);
  CHECK(outcome_with(chained(chain), {}, chain.back().pem()) == "accepted");
  const std::string pinned = signing_keys().signer.pem();
  CHECK(outcome_with(pinned, {}, pinned) == "accepted");
}

TEST_CASE("allowed subjects are compared whole") {
  const std::string name = "smn.cn-north-4.myhuaweicloud.com";
  CHECK(outcome_with(signing_keys().signer.pem(), with_subjects({"other", name})) == "accepted");
  CHECK_THAT(outcome_with(signing_keys().signer.pem(), with_subjects({name + "x"})),
             Catch::Contains("its subject \"" + name + "\" is not one of those allowed"));
}

TEST_CASE("SHA-1 is accepted only where the setting says that v1 means it") {
  const std::string old = signer_of({.digest = EVP_sha1()}).pem();
  VerifierSettings settings;
  settings.certificates.sha1 = true;
  CHECK(outcome_with(old, settings, {}, signing_keys().smn, EVP_sha1()) == "accepted");
  CHECK_THAT(outcome_with(old, {}, {}, signing_keys().smn, EVP_sha1()),
             Catch::StartsWith("certificate: "));
  // The algorithm is the setting's: not what the message or the certificate would like.
  CHECK_THAT(outcome_with(old, settings, {}, signing_keys().smn, EVP_sha256()),
             Catch::StartsWith("signature: "));
  CHECK_THAT(outcome_with(signer_of({.digest = EVP_sha512()}).pem(), {}, {}, signing_keys().smn,
                          EVP_sha512()),
             Catch::StartsWith("signature: "));
  const std::string md5 = signer_of({.digest = EVP_md5()}).pem();
  CHECK_THAT(outcome_with(md5, settings), Catch::StartsWith("certificate: "));
}

TEST_CASE("authorities that cannot be read are our trouble, not the sender's") {
  VirtualClock clock;
  Loop loop(clock);
  ScriptedTransport transport(loop);
  VerifierSettings settings;
  settings.topics = {kTopic};
  settings.ca_file = "no-such-bundle.pem";
  auto verifier = MessageVerifier::open(loop, transport, settings);
  REQUIRE(verifier);
  transport.then(answered(200, signing_keys().signer.pem()));
  std::optional<MessageVerifier::Verdict> verdict;
  const Owner work = (*verifier)->verify(
      post(body_of(with_signature(notification()))),
      [&](MessageVerifier::Verdict given) { verdict.emplace(std::move(given)); });
  loop.run();
  REQUIRE(verdict);
  CHECK(outcome_of(*verdict) == "certificate_unavailable");
  CHECK(verdict->error().status() == 503);
  CHECK_THAT(verdict->error().detail, Catch::Contains("no-such-bundle.pem"));
}
