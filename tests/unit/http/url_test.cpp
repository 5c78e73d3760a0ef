// What a URL may look like, and what its parts are.
#include "http/url.h"

#include <catch2/catch.hpp>

using namespace neap;
using namespace neap::http;

TEST_CASE("a URL is taken apart into what curl would make of it") {
  const auto url = parse_url("HTTPS://SDRS.Example.com:8443/v1/p%20q/groups?limit=5&name=a%2Fb");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->host == "sdrs.example.com");
  CHECK(url->port == 8443);
  CHECK(url->path == "/v1/p%20q/groups");
  CHECK(url->query == "limit=5&name=a%2Fb");
  CHECK(origin(*url) == "https://sdrs.example.com:8443");
}

TEST_CASE("port and path have defaults, and an origin leaves the usual port out") {
  const auto plain = parse_url("http://localhost");
  REQUIRE(plain);
  CHECK(plain->port == 80);
  CHECK(plain->path == "/");
  CHECK(origin(*plain) == "http://localhost");
  const auto v6 = parse_url("https://[::1]?x=1");
  REQUIRE(v6);
  CHECK(v6->host == "::1");
  CHECK(v6->port == 443);
  CHECK(v6->path == "/");
  CHECK(v6->query == "x=1");
  CHECK(origin(*v6) == "https://[::1]");
  CHECK(authority(*v6) == "[::1]:443");
  CHECK(origin(*parse_url("https://[::1]:80/")) == "https://[::1]:80");
}

TEST_CASE("a URL that two readers could understand differently is refused, naming the rule") {
  const auto [text, rule] = GENERATE(table<std::string, std::string>({
      {"", "must start with"},
      {"ftp://host/", "must start with"},
      {"//host/", "must start with"},
      {"https:host", "must start with"},
      {"https://", "host is missing"},
      {"https:///path", "host is missing"},
      {"https://user@host/", "user name"},
      {"https://user:pass@host/", "user name"},
      {"https://host#x", "fragment"},
      {"https://host/a#x", "fragment"},
      {"https://ho st/", "letters, digits"},
      {"https://host\\@evil/", "user name"},
      {"https://ho%73t/", "letters, digits"},
      {"https://h\xc3\xb6st/", "letters, digits"},
      {"https://host../", "empty or too long"},
      {"https://host./", "empty or too long"},
      {"https://" + std::string(64, 'a') + "/", "empty or too long"},
      {"https://127.1/", "must be IPv4"},
      {"https://2130706433/", "must be IPv4"},
      {"https://0x7f.0.0.1/", "must be IPv4"},
      {"https://127.0.0.0x1/", "must be IPv4"},
      {"https://127.0.0.01/", "must be IPv4"},
      {"https://[::1/", "']'"},
      {"https://[fe80::1%25eth0]/", "IPv6"},
      {"https://[127.0.0.1]/", "IPv6"},
      {"https://[::1]x/", "port"},
      {"https://::1/", "host is missing"},
      {"https://host:/", "port"},
      {"https://host:0/", "port"},
      {"https://host:65536/", "port"},
      {"https://host:+80/", "port"},
      {"https://host:80x/", "port"},
      {"https://host/a b", "must be escaped"},
      {"https://host/\r\nX: y", "must be escaped"},
      {"https://host/\xc3\xb6", "must be escaped"},
      {"https://host/a\\b", "must be escaped"},
      {"https://host/{id}", "must be escaped"},
      {"https://host/%4", "two hexadecimal digits"},
      {"https://host/%zz", "two hexadecimal digits"},
  }));
  CAPTURE(text);
  const auto url = parse_url(text);
  REQUIRE_FALSE(url);
  CHECK(url.error().kind == ErrorKind::kArgument);
  CHECK_THAT(url.error().message, Catch::Contains(rule));
}

TEST_CASE("only addresses of this machine are loopback") {
  CHECK(is_loopback("localhost"));
  CHECK(is_loopback("LOCALHOST"));
  CHECK(is_loopback("127.0.0.1"));
  CHECK(is_loopback("127.255.3.4"));
  CHECK(is_loopback("::1"));
  CHECK(is_loopback("0:0:0:0:0:0:0:1"));
  CHECK_FALSE(is_loopback("localhost.example.com"));
  CHECK_FALSE(is_loopback("127.0.0.1.example.com"));
  CHECK_FALSE(is_loopback("128.0.0.1"));
  CHECK_FALSE(is_loopback("0.0.0.0"));
  CHECK_FALSE(is_loopback("::"));
  CHECK_FALSE(is_loopback("127.1"));
  CHECK_FALSE(is_loopback(""));
}

TEST_CASE("percent encoding leaves the unreserved characters only, and decodes back") {
  CHECK(percent_encode("aZ09-_.~") == "aZ09-_.~");
  CHECK(percent_encode("a b/c+d%&=\xc3\xa9") == "a%20b%2Fc%2Bd%25%26%3D%C3%A9");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(percent_decode(percent_encode(all)).value() == all);
  CHECK(percent_decode("a+b%2b").value() == "a+b+");
  CHECK_FALSE(percent_decode("%"));
  CHECK_FALSE(percent_decode("a%4"));
  CHECK_FALSE(percent_decode("%g0"));
}
