// Where a server may listen, and what is refused.
#include "http/listen_address.h"

#include <catch2/catch.hpp>

#include "server_fixture.h"

using namespace neap;
using namespace neap::http;

TEST_CASE("a listen address is an IP address and a port, and prints as it is written") {
  for (const std::string text : {"127.0.0.1:8080", "0.0.0.0:0", "[::1]:65535", "[::]:80"}) {
    const auto address = parse_listen_address(text);
    REQUIRE(address);
    CHECK(to_text(*address) == text);
  }
  CHECK(to_text(parse_listen_address("localhost:1").value()) == "127.0.0.1:1");
}

TEST_CASE("a listen address that leaves something open is refused with its rule") {
  for (const std::string text :
       {"", ":", ":8080", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:+1", "127.0.0.1:80x", "127.0.0.1: 80", "127.1:80", "example.com:80", "::1:80",
        "[::1]", "[127.0.0.1]:80", "[]:80", "http://127.0.0.1:80", "*:80"}) {
    INFO(text);
    const auto address = parse_listen_address(text);
    REQUIRE_FALSE(address);
    CHECK(address.error().kind == ErrorKind::kConfig);
    CHECK(address.error().hint.find("127.0.0.1:8080") != std::string::npos);
  }
  CHECK(parse_listen_address(":8080").error().message == "listen address \":8080\": has no host");
}

TEST_CASE("a taken port is a conflict and an address of another machine a config error") {
  test::TestServer site;
  const auto taken =
      Server::open(site.loop, {"127.0.0.1", site.server->port()}, {}, [](Exchange) {});
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::kConflict);
  CHECK(taken.error().message ==
        "cannot listen on 127.0.0.1:" + std::to_string(site.server->port()) +
            ": Address already in use");
  CHECK(taken.error().hint.find("another one") != std::string::npos);
  const auto elsewhere = Server::open(site.loop, {"192.0.2.1", 0}, {}, [](Exchange) {});
  REQUIRE_FALSE(elsewhere);
  CHECK(elsewhere.error().kind == ErrorKind::kConfig);
}

TEST_CASE("a port is free again once its server is gone") {
  test::TestServer site;
  const std::uint16_t port = site.server->port();
  site.server.reset();
  CHECK(Server::open(site.loop, {"127.0.0.1", port}, {}, [](Exchange) {}));
}
