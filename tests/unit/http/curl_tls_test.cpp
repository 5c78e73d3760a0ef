// Whom the transport trusts over TLS: six bad servers, and the good one as control.
#include <atomic>
#include <cstdlib>
#include <optional>

#include <catch2/catch.hpp>

#include "http/curl_library.h"
#include "support/certificates.h"
#include "support/fault_count.h"
#include "support/http_fixture.h"

using namespace neap;
using namespace neap::http;
using namespace neap::test;

namespace {

const std::string kName = "sdrs.example.com";

struct Authority {
  explicit Authority(const std::string& name = "Test CA")
      : identity(make_identity({.name = name, .authority = true})) {}
  Identity identity;
  CertificateFile file{identity};
};

// An HTTPS server of that certificate, reached under kName although it is on loopback.
struct TlsServer {
  explicit TlsServer(const Identity& identity, int newest_version = TLS1_3_VERSION)
      : server(
            [this](RawConnection& connection) {
              while (connection.read_request()) {
                ++requests;
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              }
            },
            make_server_context(identity, newest_version)) {}

  std::string url() const { return "https://" + kName + ":" + std::to_string(server.port()) + "/"; }
  CurlSettings settings(std::string ca_file) const {
    CurlSettings settings;
    settings.ca_file = std::move(ca_file);
    settings.resolve = {kName + ":" + std::to_string(server.port()) + ":127.0.0.1"};
    settings.allow_unverified_loopback = true;  // must not matter: the name is not loopback
    return settings;
  }

  std::atomic<int> requests = 0;
  RawServer server;
};

void check_refused(const TlsServer& server, std::string ca_file, const std::string& words) {
  count_fault();
  HttpFixture http(server.settings(std::move(ca_file)));
  const Outcome outcome = http.effect(server.url());
  CHECK(outcome.delivery == Delivery::kNotSent);
  CHECK(outcome.error.kind == ErrorKind::kNetwork);
  CHECK_THAT(outcome.error.message,
             Catch::Contains("cannot make a TLS connection to " + kName) && Catch::Contains(words));
  CHECK(server.requests == 0);
}

}  // namespace

TEST_CASE("a server whose certificate is in order is trusted, and its connection reused") {
  const Authority ca;
  const TlsServer server(make_identity({.name = kName, .issuer = &ca.identity}));
  HttpFixture http(server.settings(ca.file.path()));
  CHECK(http.read(server.url()).delivery == Delivery::kAnswered);
  CHECK(http.read(server.url()).delivery == Delivery::kAnswered);
  CHECK(server.server.connections() == 1);
  CHECK(http.effect(server.url()).delivery == Delivery::kAnswered);
  CHECK(server.server.connections() == 2);
}

TEST_CASE("a certificate signed by itself is refused") {
  const TlsServer server(make_identity({.name = kName}));
  check_refused(server, "", "self-signed certificate");
}

TEST_CASE("a certificate of an unknown authority is refused") {
  const Authority ca;
  const Authority other("Other CA");
  const TlsServer server(make_identity({.name = kName, .issuer = &ca.identity}));
  check_refused(server, other.file.path(), "certificate");
}

TEST_CASE("a certificate for another name is refused") {
  const Authority ca;
  const TlsServer server(make_identity({.name = "other.example.com", .issuer = &ca.identity}));
  check_refused(server, ca.file.path(), "");
}

TEST_CASE("an expired certificate is refused") {
  const Authority ca;
  const TlsServer server(make_identity(
      {.name = kName, .issuer = &ca.identity, .valid_from = -7200, .valid_until = -3600}));
  check_refused(server, ca.file.path(), "expired");
}

TEST_CASE("a certificate that is not yet valid is refused") {
  const Authority ca;
  const TlsServer server(make_identity(
      {.name = kName, .issuer = &ca.identity, .valid_from = 3600, .valid_until = 7200}));
  check_refused(server, ca.file.path(), "not yet valid");
}

TEST_CASE("TLS older than 1.2 is refused") {
  const Authority ca;
  const TlsServer server(make_identity({.name = kName, .issuer = &ca.identity}), TLS1_1_VERSION);
  check_refused(server, ca.file.path(), "");
}

TEST_CASE("a self-signed certificate on loopback is accepted only where that is allowed") {
  const TlsServer server(make_identity({.name = kName}));
  const Authority other;  // one certificate to read instead of all that the system trusts
  HttpFixture strict({.ca_file = other.file.path()});
  const Outcome refused = strict.read(server.server.url());
  CHECK(refused.delivery == Delivery::kNotSent);
  CHECK_THAT(refused.error.message, Catch::Contains("self-signed"));
  HttpFixture lenient({.allow_unverified_loopback = true});
  CHECK(lenient.read(server.server.url()).delivery == Delivery::kAnswered);
}

TEST_CASE("a proxy is used only where it is configured, and never for loopback") {
  const Authority ca;
  const TlsServer server(make_identity({.name = kName, .issuer = &ca.identity}));
  const std::string nobody = "http://127.0.0.1:1";
  REQUIRE(setenv("https_proxy", nobody.c_str(), 1) == 0);
  CurlSettings settings = server.settings(ca.file.path());
  {
    HttpFixture http(settings);
    CHECK(http.read(server.url()).delivery == Delivery::kAnswered);
  }
  settings.proxy_from_environment = true;
  {
    HttpFixture http(settings);
    CHECK(http.read(server.url()).delivery == Delivery::kNotSent);
    CHECK(http.read(server.server.url()).delivery == Delivery::kAnswered);
  }
  REQUIRE(unsetenv("https_proxy") == 0);
  settings.proxy = nobody;
  HttpFixture http(settings);
  const Outcome outcome = http.read(server.url());
  CHECK(outcome.delivery == Delivery::kNotSent);
  CHECK_THAT(outcome.error.message, Catch::EndsWith(" through the proxy: connection refused"));
}

TEST_CASE("a missing libcurl is a configuration error that names the file") {
  const auto library = CurlLibrary::load("libcurl-that-does-not-exist.so.4");
  REQUIRE_FALSE(library);
  CHECK(library.error().kind == ErrorKind::kConfig);
  CHECK_THAT(library.error().message, Catch::Contains("libcurl-that-does-not-exist.so.4"));
  CHECK_FALSE(library.error().hint.empty());
  const auto other = CurlLibrary::load("libc.so.6");
  REQUIRE_FALSE(other);
  CHECK_THAT(other.error().message, Catch::Contains("has no function curl_"));
}
