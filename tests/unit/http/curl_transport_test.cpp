// What the transport says about each way a server can misbehave.
#include "http/curl_transport.h"

#include <atomic>
#include <chrono>

#include <catch2/catch.hpp>

#include "support/fault_count.h"
#include "support/http_fixture.h"
#include "support/raw_server.h"

using namespace neap;
using namespace neap::http;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// Answers every request on every connection.
void serve_well(RawConnection& connection) {
  while (connection.read_request()) connection.send(kOk);
}

// Reads one request, sends these bytes and closes.
RawServer::Script answer_with(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection) {
    if (!connection.read_request()) return;
    count_fault();
    connection.send(bytes);
  };
}

Options patient(Duration timeout) {
  Options options;
  options.timeout = timeout;
  return options;
}

}  // namespace

TEST_CASE("an answer arrives whole: status, headers, body") {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send(
        "HTTP/1.1 404 Not Found\r\nX-Request-Id: r-1\r\nSet-Cookie: a\r\n"
        "Set-Cookie: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  });
  HttpFixture http;
  const Outcome outcome = http.read(server.url());
  REQUIRE(outcome.delivery == Delivery::kAnswered);
  CHECK(outcome.response.status == 404);
  CHECK(outcome.response.headers.get("x-request-id") == "r-1");
  CHECK(outcome.response.headers.count("set-cookie") == 2);
  CHECK(outcome.response.body == "abc");
}

TEST_CASE("the bytes on the wire are those of the request") {
  std::string seen;
  RawServer server([&](RawConnection& connection) {
    seen = connection.read_request().value_or("");
    connection.send(kOk);
  });
  HttpFixture http;
  const auto [method, body] = GENERATE(table<Method, std::string>({
      {Method::kGet, ""},
      {Method::kPost, "{\"a\":1}"},
      {Method::kPost, ""},
      {Method::kPut, "x"},
      {Method::kPatch, "x"},
      {Method::kDelete, ""},
      {Method::kDelete, "x"},
  }));
  const Options options{.profile = Profile::kEffect};
  Request request{method, server.url("/v1/../a%2Fb/?b=1&a="), {}, body};
  request.headers = {{"Host", "sdrs.example.com"}, {"X-Empty", ""}, {"Content-Length", "999"}};
  REQUIRE(http.send(request, options).delivery == Delivery::kAnswered);
  CAPTURE(seen);
  CHECK(seen.starts_with(std::string(to_text(method)) + " /v1/../a%2Fb/?b=1&a= HTTP/1.1\r\n"));
  CHECK_THAT(seen, Catch::Contains("Host: sdrs.example.com\r\n"));
  CHECK_THAT(seen, Catch::Contains("X-Empty:\r\n"));
  CHECK_THAT(seen, Catch::EndsWith("\r\n\r\n" + body));
  CHECK_THAT(seen, !Catch::Contains("999") && !Catch::Contains("Expect") &&
                       !Catch::Contains("Content-Type") && !Catch::Contains("Accept-Encoding"));
  const bool sends_length = !body.empty() || method == Method::kPost;
  CHECK((seen.find("Content-Length: " + std::to_string(body.size())) != std::string::npos) ==
        sends_length);
}

TEST_CASE("a HEAD answer has a length and no body") {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
  });
  HttpFixture http;
  const Outcome outcome = http.send({Method::kHead, server.url(), {}, {}}, {});
  CHECK(outcome.delivery == Delivery::kAnswered);
  CHECK(outcome.response.body.empty());
}

TEST_CASE("reads reuse a connection") {
  RawServer server(serve_well);
  HttpFixture http;
  for (int i = 0; i < 3; ++i) CHECK(http.read(server.url()).delivery == Delivery::kAnswered);
  CHECK(server.connections() == 1);
}

TEST_CASE("an effect that would have been sent twice on a reused connection is sent once") {
  std::atomic<int> posts = 0;
  RawServer server([&](RawConnection& connection) {
    while (const auto request = connection.read_request()) {
      if (request->starts_with("POST")) {
        ++posts;
        count_fault();
        return;
      }
      connection.send(kOk);
    }
  });
  HttpFixture http;
  REQUIRE(http.read(server.url()).delivery == Delivery::kAnswered);
  REQUIRE(http.read(server.url()).delivery == Delivery::kAnswered);
  REQUIRE(server.connections() == 1);  // a connection rests that the POST could take

  SECTION("the effects profile: one POST, outcome unknown") {
    const Outcome outcome = http.effect(server.url());
    CHECK(outcome.delivery == Delivery::kUnknown);
    CHECK(outcome.error.kind == ErrorKind::kNetwork);
    CHECK_THAT(outcome.error.message, Catch::Contains("closed the connection without an answer"));
    CHECK(posts == 1);
    CHECK(server.connections() == 2);
  }
  SECTION("the contrast: with the reads profile libcurl sends the POST again by itself") {
    const Outcome outcome = http.send({Method::kPost, server.url(), {}, "{}"}, {});
    CHECK(outcome.delivery == Delivery::kUnknown);
    CHECK(posts == 2);
  }
}

TEST_CASE("a refused connection proves that nothing was sent") {
  int port = 0;
  { port = RawServer(serve_well).port(); }
  const std::string address = "127.0.0.1:" + std::to_string(port);
  HttpFixture http;
  count_fault();
  const Outcome outcome = http.effect("http://" + address + "/");
  CHECK(outcome.delivery == Delivery::kNotSent);
  CHECK(outcome.error.kind == ErrorKind::kNetwork);
  CHECK(outcome.error.message == "cannot connect to " + address + ": connection refused");
}

TEST_CASE("an answer that is cut, ambiguous or malformed leaves an effect in doubt") {
  const auto [bytes, words] = GENERATE(table<std::string, std::string>({
      {"", "without an answer"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "cut short"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nabc", "cut short"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", ""},
      {"HTTP/1.1 200 OK\r\nContent-Le", ""},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nabcde", "two different"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "both Content-Length and"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nab", ""},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "just \"chunked\""},
      {"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", ""},
      {"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nab", ""},
      {"SSH-2.0-OpenSSH_9.2\r\n", ""},
      {"HTTP/1.1 100 Continue\r\n\r\n", ""},
  }));
  CAPTURE(bytes);
  RawServer server(answer_with(bytes));
  HttpFixture http;
  const Outcome outcome = http.effect(server.url(), patient(5s));
  CHECK(outcome.delivery == Delivery::kUnknown);
  CHECK(outcome.error.kind == ErrorKind::kNetwork);
  CHECK_THAT(outcome.error.message, Catch::Contains(words) && Catch::Contains("127.0.0.1:"));
  CHECK(server.connections() == 1);
}

TEST_CASE("a reset after the request leaves an effect in doubt") {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    count_fault();
    connection.reset();
  });
  HttpFixture http;
  const Outcome outcome = http.effect(server.url());
  CHECK(outcome.delivery == Delivery::kUnknown);
  CHECK_THAT(outcome.error.message, Catch::Contains("broke: connection reset by peer"));
}

TEST_CASE("a body ended only by the connection is good enough for a read, not for an effect") {
  RawServer server(answer_with("HTTP/1.0 200 OK\r\n\r\nperhaps all"));
  HttpFixture http;
  const Outcome read = http.read(server.url());
  CHECK(read.delivery == Delivery::kAnswered);
  CHECK(read.response.body == "perhaps all");
  const Outcome effect = http.effect(server.url());
  CHECK(effect.delivery == Delivery::kUnknown);
  CHECK_THAT(effect.error.message, Catch::Contains("no length"));
}

TEST_CASE("the absolute deadline cuts a slow drip") {
  const std::string head =
      GENERATE(as<std::string>(),
               "HTTP/1.1 200 OK\r\nX-Slow: ", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    count_fault();
    connection.send(head);
    connection.drip(std::string(10'000, 'x'), 10);
  });
  HttpFixture http;
  const Instant start = http.loop.now();
  const Outcome outcome = http.effect(server.url(), patient(1s));
  CHECK(http.loop.now() - start < 10s);
  CHECK(outcome.delivery == Delivery::kUnknown);
  CHECK(outcome.error.kind == ErrorKind::kTimeout);
  CHECK_THAT(outcome.error.message, Catch::Contains("no complete answer from 127.0.0.1:"));
}

TEST_CASE("a deadline that passes before the connection stands proves that nothing was sent") {
  // A TLS server that never says hello.
  RawServer server([](RawConnection& connection) {
    count_fault();
    connection.client_left_within(RawConnection::kPatience);
    connection.wait_for_client_to_leave();
  });
  HttpFixture http;
  const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  const Outcome outcome = http.effect(url, patient(200ms));
  CHECK(outcome.delivery == Delivery::kNotSent);
  CHECK(outcome.error.kind == ErrorKind::kTimeout);
  CHECK_THAT(outcome.error.message, Catch::Contains("no connection to 127.0.0.1:"));
}

TEST_CASE("a body over the limit is cut off, however it is framed") {
  const std::string head =
      GENERATE(as<std::string>(), "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n");
  std::atomic<std::size_t> sent = 0;
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    count_fault();
    const std::string block = "10000\r\n" + std::string(65536, 'x') + "\r\n";
    for (bool open = connection.send(head); open && sent < 1'000'000'000; sent += block.size()) {
      open = connection.send(block);
    }
  });
  HttpFixture http;
  const Outcome outcome = http.read(server.url());
  CHECK(outcome.delivery == Delivery::kUnknown);
  CHECK_THAT(outcome.error.message, Catch::Contains("longer than 4194304 bytes"));
  CHECK(sent < 64u << 20);
}

TEST_CASE("headers over the limits, and floods of interim answers, are cut off") {
  const auto [start, line] = GENERATE(table<std::string, std::string>({
      {"HTTP/1.1 200 OK\r\n", "X-Many: 1\r\n"},
      {"HTTP/1.1 200 OK\r\n", "X-Big: " + std::string(20'000, 'x') + "\r\n"},
      {"", "HTTP/1.1 100 Continue\r\n\r\n"},
  }));
  RawServer server([start = start, line = line](RawConnection& connection) {
    connection.read_request();
    count_fault();
    bool open = connection.send(start);
    for (int i = 0; open && i < 1'000'000; ++i) open = connection.send(line);
  });
  HttpFixture http;
  const Outcome outcome = http.effect(server.url());
  CHECK(outcome.delivery == Delivery::kUnknown);
  CHECK_THAT(outcome.error.message, Catch::Contains("its headers exceed"));
}

TEST_CASE("a redirect is an answer and is not followed") {
  std::atomic<int> followed = 0;
  RawServer other([&](RawConnection&) { ++followed; });
  RawServer server(answer_with(
      "HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\nLocation: " + other.url() +
      "\r\n\r\n"));
  HttpFixture http;
  for (const Outcome& outcome : {http.read(server.url()), http.effect(server.url())}) {
    CHECK(outcome.delivery == Delivery::kAnswered);
    CHECK(outcome.response.status == 307);
  }
  CHECK(followed == 0);
}

TEST_CASE("dropping the owner cancels the transfer and closes its connection") {
  std::atomic<bool> left = false;
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    left = connection.client_left_within(RawConnection::kPatience);
  });
  HttpFixture http;
  bool called = false;
  Owner transfer = http.transport->send({Method::kGet, server.url(), {}, {}}, {},
                                        [&](Outcome) { called = true; });
  const auto drop = http.loop.after(100ms, [&] { transfer.reset(); });
  http.loop.run();  // ends by itself: nothing is left to wait for
  CHECK_FALSE(called);
  CHECK(http.loop.watches() == 0);
  CHECK(http.loop.timers() == 0);
  while (!left) std::this_thread::yield();
}

TEST_CASE("a connection that rests does not keep the loop from ending") {
  RawServer server(serve_well);
  HttpFixture http;
  bool called = false;
  const Owner transfer = http.transport->send({Method::kGet, server.url(), {}, {}}, {},
                                              [&](Outcome) { called = true; });
  http.loop.run();
  CHECK(called);
  CHECK(http.loop.watches() == 0);
}

TEST_CASE("the transport may be destroyed in a callback, and before its owners") {
  RawServer server(serve_well);
  HttpFixture http;
  int called = 0;
  std::vector<Owner> transfers;
  for (int i = 0; i < 4; ++i) {
    transfers.push_back(
        http.transport->send({Method::kGet, server.url(), {}, {}}, {}, [&](Outcome) {
          ++called;
          http.transport.reset();
        }));
  }
  http.loop.run();
  CHECK(called == 1);
}

TEST_CASE("many transfers at once all end, from inside each other's callbacks too") {
  RawServer server(serve_well);
  HttpFixture http;
  int answered = 0;
  std::vector<Owner> transfers(100);
  for (Owner& transfer : transfers) {
    transfer = http.transport->send({Method::kGet, server.url(), {}, {}}, {}, [&](Outcome) {
      transfer =
          http.transport->send({Method::kGet, server.url(), {}, {}}, {}, [&](Outcome second) {
            answered += second.delivery == Delivery::kAnswered ? 1 : 0;
            transfer.reset();
          });
    });
  }
  http.loop.run();
  CHECK(answered == 100);
  CHECK(server.connections() <= 100);
}

TEST_CASE("a connection that the server closed while it rested costs a read nothing") {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send(kOk);
    count_fault();
  });
  HttpFixture http;
  for (int i = 0; i < 3; ++i) CHECK(http.read(server.url()).delivery == Delivery::kAnswered);
}

TEST_CASE("what must not be sent is refused before anything is opened") {
  HttpFixture http;
  const auto refused = [&](Request request, ErrorKind kind, const std::string& words) {
    const Outcome outcome = http.send(std::move(request), {});
    CHECK(outcome.delivery == Delivery::kNotSent);
    CHECK(outcome.error.kind == kind);
    CHECK_THAT(outcome.error.message, Catch::Contains(words));
    CHECK_THAT(outcome.error.message, !Catch::Contains("s3cret"));
  };
  const std::string here = "http://127.0.0.1:9/";
  refused({Method::kGet, "http://example.com/", {}, {}}, ErrorKind::kConfig, "loopback");
  refused({Method::kGet, "not a url", {}, {}}, ErrorKind::kArgument, "must start with");
  refused({Method::kGet, here, {{"X-A", "s3cret\r\nX-B: 1"}}, {}}, ErrorKind::kArgument, "X-A");
  refused({Method::kGet, here, {{"X-A", "s3cret\xc3\xa9"}}, {}}, ErrorKind::kArgument, "X-A");
  refused({Method::kGet, here, {{"X A", "s3cret"}}, {}}, ErrorKind::kArgument, "header name");
}

TEST_CASE("a name that does not resolve proves that nothing was sent") {
  HttpFixture http;
  count_fault();
  const Outcome outcome = http.effect("https://no-such-host.invalid/");
  CHECK(outcome.delivery == Delivery::kNotSent);
  CHECK_THAT(outcome.error.message, Catch::Contains("cannot resolve no-such-host.invalid:443"));
}
