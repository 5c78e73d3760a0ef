// Which addresses are those of a private network, and that none of them is connected to for a
// stranger.
#include "http/address_range.h"

#include <atomic>
#include <string>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>

#include "support/fault_count.h"
#include "support/http_fixture.h"
#include "support/raw_server.h"

using namespace neap;
using namespace neap::http;
using namespace neap::test;

namespace {

// The same by text and by socket address.
bool is_private(const std::string& text) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  const bool by_text = is_private_address(text);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    CHECK(is_private_address(reinterpret_cast<const sockaddr&>(v4)) == by_text);
  } else {
    REQUIRE(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1);
    CHECK(is_private_address(reinterpret_cast<const sockaddr&>(v6)) == by_text);
  }
  return by_text;
}

Options for_a_stranger() {
  Options options;
  options.public_only = true;
  return options;
}

// A server on loopback under a name that says nothing of it.
struct Inside {
  Inside()
      : server([this](RawConnection& connection) {
          while (connection.read_request()) {
            ++requests;
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          }
        }) {}
  std::atomic<int> requests = 0;
  RawServer server;
};

}  // namespace

TEST_CASE("addresses of this machine, its link and private networks are told from public ones") {
  for (const char* const address : {"0.0.0.0",
                                    "10.0.0.1",
                                    "10.255.255.255",
                                    "127.0.0.1",
                                    "127.1.2.3",
                                    "169.254.169.254",
                                    "172.16.0.1",
                                    "172.31.255.255",
                                    "192.0.0.8",
                                    "192.0.2.1",
                                    "192.168.0.1",
                                    "198.18.0.1",
                                    "198.19.255.255",
                                    "198.51.100.7",
                                    "203.0.113.7",
                                    "224.0.0.1",
                                    "239.1.1.1",
                                    "240.0.0.1",
                                    "255.255.255.255",
                                    "::",
                                    "::1",
                                    "fe80::1",
                                    "fc00::1",
                                    "fd12:3456::1",
                                    "ff02::1",
                                    "::ffff:10.0.0.1",
                                    "::ffff:127.0.0.1",
                                    "64:ff9b::a9fe:a9fe",
                                    "2002:0a00:0001::1",
                                    "2001::1",
                                    "2001:1ff::1",
                                    "2001:db8::1",
                                    "::10.0.0.1",
                                    "4000::1"}) {
    CAPTURE(address);
    CHECK(is_private(address));
    count_fault();
  }
  for (const char* const address :
       {"1.1.1.1",         "9.255.255.255",   "11.0.0.0",         "100.64.0.1",
        "100.125.1.250",   "126.255.255.255", "128.0.0.1",        "169.253.255.255",
        "169.255.0.1",     "172.15.255.255",  "172.32.0.1",       "192.0.1.1",
        "192.167.255.255", "192.169.0.1",     "198.17.255.255",   "198.20.0.1",
        "223.255.255.255", "::ffff:1.1.1.1",  "64:ff9b::101:101", "2002:101:101::1",
        "2001:200::1",     "2407:c080::1",    "2606:4700::1"}) {
    CAPTURE(address);
    CHECK_FALSE(is_private(address));
  }
  for (const char* const text : {"", "localhost", "1.1.1", "0x7f000001", "[::1]", "1.1.1.1 "}) {
    CHECK(is_private_address(std::string_view(text)));
  }
}

TEST_CASE("no connection to a private network is made for a stranger") {
  const Inside inside;
  HttpFixture http;
  count_fault();
  const Outcome outcome = http.read(inside.server.url(), for_a_stranger());
  CHECK(outcome.delivery == Delivery::kNotSent);
  CHECK(outcome.error.kind == ErrorKind::kNetwork);
  CHECK_THAT(outcome.error.message, Catch::StartsWith("no connection to 127.0.0.1") &&
                                        Catch::EndsWith("its address is one of a private network"));
  CHECK(inside.server.connections() == 0);
}

TEST_CASE("nor is one used for a stranger that another request has opened") {
  const Inside inside;
  HttpFixture http;
  REQUIRE(http.read(inside.server.url()).delivery == Delivery::kAnswered);
  count_fault();
  const Outcome outcome = http.read(inside.server.url(), for_a_stranger());
  CHECK(outcome.delivery == Delivery::kNotSent);
  CHECK_THAT(outcome.error.message, Catch::EndsWith("its address is one of a private network"));
  CHECK(inside.requests == 1);
  // Nor does the refusal stay with the handle, which is used again.
  CHECK(http.read(inside.server.url()).delivery == Delivery::kAnswered);
}
