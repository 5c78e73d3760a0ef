// The HTTP server with well-behaved clients.
#include "http/server.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "server_fixture.h"

using namespace neap;
using namespace neap::http;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

const std::string kGet = "GET /a?b=%20c HTTP/1.1\r\nHost: a\r\n\r\n";

bool has(const RawClient& client, std::string_view text) {
  return client.received().find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a request gets its answer, and the connection serves the next one") {
  TestServer site;
  RawClient client(site.loop, site.server->port());
  client.send(kGet);
  REQUIRE(site.until([&] { return client.answers() == 1; }));
  CHECK(client.received().starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: "));
  CHECK(client.received().ends_with("Content-Length: 14\r\n\r\nGET /a?b=%20c "));
  client.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  REQUIRE(site.until([&] { return client.answers() == 2; }));
  CHECK(client.received().ends_with("POST /b hello"));
  CHECK_FALSE(client.closed());
  CHECK(site.server->connections() == 1);
}

TEST_CASE("pipelined requests are answered in order") {
  TestServer site;
  RawClient client(site.loop, site.server->port());
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    requests +=
        "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  }
  client.send(requests);
  REQUIRE(site.until([&] { return client.answers() == 20; }));
  for (int i = 0; i < 20; ++i) {
    CHECK(site.targets.at(static_cast<std::size_t>(i)) == "/" + std::to_string(i));
  }
}

TEST_CASE("a chunked body arrives whole, and its trailers do not become headers") {
  IncomingRequest seen;
  TestServer site({}, [&](Exchange exchange) {
    seen = exchange.request();
    CHECK(exchange.respond({204, {}, "never sent"}));
  });
  RawClient client(site.loop, site.server->port());
  client.send(
      "PUT /c HTTP/1.1\r\nhost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Late: 1\r\nHost: b\r\n\r\n");
  REQUIRE(site.until([&] { return client.answers() == 1; }));
  CHECK(seen.body == "hello world");
  CHECK(seen.method == "PUT");
  CHECK(seen.peer == "127.0.0.1");
  CHECK(seen.headers.get("HOST") == "a");
  CHECK_FALSE(seen.headers.has("X-Late"));
  CHECK(client.received().starts_with("HTTP/1.1 204 No Content\r\n"));
  CHECK_FALSE(has(client, "Content-Length"));
  CHECK(client.received().ends_with("\r\n\r\n"));
}

TEST_CASE("good requests of every allowed form are served") {
  TestServer site;
  const std::string big(1u << 20, 'x');
  const std::vector<std::string> requests = {
      "GET / HTTP/1.0\r\n\r\n",
      "GET http://A/path?q HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n",
      "BREW / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
      "GET /%00%zz/../.. HTTP/1.1\r\nHost: a\r\nX-Text: caf\xC3\xA9 \t%0d%0a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Space:  y \t\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0000000005\r\n\r\nhello",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + big,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" + big +
          "\r\n0\r\n\r\n",
  };
  for (const std::string& request : requests) {
    INFO(request.substr(0, 100));
    RawClient client(site.loop, site.server->port());
    client.send(request);
    CHECK(site.until([&] { return client.status() != 0; }));
    CHECK(client.status() == 200);
  }
  CHECK(site.targets.at(1) == "/path?q");
  CHECK(site.targets.at(2) == "/");
  CHECK(site.server->rejections().empty());
}

TEST_CASE("a client that waits for 100 Continue is told to go on") {
  TestServer site;
  RawClient client(site.loop, site.server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  REQUIRE(site.until([&] { return client.received() == "HTTP/1.1 100 Continue\r\n\r\n"; }));
  client.send("hello");
  CHECK(site.until([&] { return has(client, "HTTP/1.1 200 OK") && has(client, "POST / hello"); }));
}

TEST_CASE("the connection closes when the client, HTTP/1.0 or the handler asks for it") {
  TestServer site({}, [](Exchange exchange) {
    Response response = echo(exchange.request());
    if (exchange.request().target == "/last") response.headers.set("Connection", "close");
    response.headers.set("Content-Length", "999");
    response.headers.set("Transfer-Encoding", "chunked");
    CHECK(exchange.respond(std::move(response)));
  });
  for (const std::string request :
       {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
        "GET /last HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    RawClient client(site.loop, site.server->port());
    client.send(request + kGet);
    CHECK(site.until([&] { return client.closed(); }));
    CHECK(client.answers() == 1);
    CHECK(has(client, "Connection: close\r\n"));
    CHECK_FALSE(has(client, "999"));
    CHECK_FALSE(has(client, "chunked"));
  }
}

TEST_CASE("HEAD gets the header of the answer and no body") {
  TestServer site;
  RawClient client(site.loop, site.server->port());
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + kGet);
  REQUIRE(site.until([&] { return client.answers() == 2; }));
  CHECK(has(client, "Content-Length: 8\r\n\r\nHTTP/1.1 200"));
}

TEST_CASE("an answer may come from a later turn of the loop") {
  std::vector<Exchange> waiting;
  TestServer site({}, [&](Exchange exchange) { waiting.push_back(std::move(exchange)); });
  RawClient first(site.loop, site.server->port());
  RawClient second(site.loop, site.server->port());
  first.send(kGet);
  REQUIRE(site.until([&] { return waiting.size() == 1; }));
  second.send(kGet);
  REQUIRE(site.until([&] { return waiting.size() == 2; }));
  auto later = site.loop.after(1ms, [&] { CHECK(waiting.at(1).respond({201, {}, ""})); });
  CHECK(site.until([&] { return second.status() == 201; }));
  CHECK(first.received().empty());
  CHECK(waiting.at(0).respond({202, {}, ""}));
  CHECK(site.until([&] { return first.status() == 202; }));
  CHECK(waiting.at(0).respond({202, {}, ""}).error().kind == ErrorKind::kUsage);
}

TEST_CASE("a request dropped unanswered gets 500") {
  TestServer site({}, [](Exchange) {});
  RawClient client(site.loop, site.server->port());
  client.send(kGet);
  REQUIRE(site.until([&] { return client.status() == 500; }));
  client.send(kGet);
  CHECK(site.until([&] { return client.answers() == 2; }));
}

TEST_CASE("a response that cannot be sent leaves the request open") {
  TestServer site({}, [](Exchange exchange) {
    const auto refused = exchange.respond({200, {{"X", "a\nb"}}, ""});
    CHECK(refused.error().kind == ErrorKind::kArgument);
    CHECK(exchange.respond({200, {}, refused.error().message}));
  });
  RawClient client(site.loop, site.server->port());
  client.send(kGet);
  REQUIRE(site.until([&] { return client.status() != 0; }));
  CHECK(has(client, "header X holds a line break"));
}

TEST_CASE("an exchange outlives its connection and the server") {
  std::vector<Exchange> waiting;
  TestServer site({}, [&](Exchange exchange) { waiting.push_back(std::move(exchange)); });
  {
    RawClient gone(site.loop, site.server->port());
    RawClient stays(site.loop, site.server->port());
    gone.send(kGet);
    stays.send(kGet);
    REQUIRE(site.until([&] { return waiting.size() == 2; }));
  }
  CHECK(waiting.at(0).respond({200, {}, std::string(1'000'000, 'x')}));
  site.server.reset();
  CHECK(waiting.at(1).respond({200, {}, "nobody reads this"}));
}

TEST_CASE("the handler may destroy the server, before and after it answers") {
  for (const bool answer_first : {true, false}) {
    std::unique_ptr<Server>* server = nullptr;
    TestServer site({}, [&](Exchange exchange) {
      if (answer_first) CHECK(exchange.respond({200, {}, ""}));
      server->reset();
      if (!answer_first) CHECK(exchange.respond({200, {}, ""}));
    });
    server = &site.server;
    RawClient client(site.loop, site.server->port());
    client.send(kGet);
    CHECK(site.until([&] { return client.closed(); }));
  }
}

TEST_CASE("a destroyed server leaves nothing open, whatever its clients were doing") {
  std::vector<Exchange> waiting;
  TestServer site({}, [&](Exchange exchange) { waiting.push_back(std::move(exchange)); });
  std::vector<std::unique_ptr<RawClient>> clients;
  for (const std::string bytes :
       {"", "GET /", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx", kGet.c_str(),
        "\n"}) {
    clients.push_back(std::make_unique<RawClient>(site.loop, site.server->port()));
    clients.back()->send(bytes);
  }
  REQUIRE(site.until([&] { return waiting.size() == 1 && site.server->connections() == 5; }));
  site.server.reset();
  CHECK(site.until([&] {
    return std::all_of(clients.begin(), clients.end(), [](const auto& c) { return c->closed(); });
  }));
}

TEST_CASE("closing lets running requests finish, turns idle clients away, and then reports") {
  std::vector<Exchange> waiting;
  TestServer site({}, [&](Exchange exchange) { waiting.push_back(std::move(exchange)); });
  RawClient idle(site.loop, site.server->port());
  RawClient busy(site.loop, site.server->port());
  busy.send(kGet);
  REQUIRE(site.until([&] { return waiting.size() == 1 && site.server->connections() == 2; }));
  bool closed = false;
  const std::uint16_t port = site.server->port();
  site.server->close([&] {
    closed = true;
    site.server.reset();
  });
  CHECK_FALSE(closed);
  CHECK(site.until([&] { return idle.closed(); }));
  CHECK_FALSE(closed);
  CHECK_THROWS_AS(RawClient(site.loop, port), std::system_error);
  CHECK(waiting.at(0).respond({200, {}, "done"}));
  CHECK(site.until([&] { return busy.closed(); }));
  CHECK(has(busy, "Connection: close\r\n"));
  CHECK(site.until([&] { return closed; }));
}

TEST_CASE("a closed server no longer keeps the loop running") {
  TestServer site;
  bool closed = false;
  site.server->close([&] { closed = true; });
  site.loop.run();
  CHECK(closed);
}
