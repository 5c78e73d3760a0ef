// The corpus of hostile requests, against the reader in every way of splitting it and against the
// server.
#include <iostream>

#include <catch2/catch.hpp>

#include "http/request_reader.h"
#include "http/response_text.h"
#include "server_fixture.h"
#include "support/hostile_requests.h"

using namespace neap;
using namespace neap::http;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

const std::string kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

// Feeds pieces of at most `size` bytes; the status of the refusal, 0 when the reader wants more,
// 200 when it has a request.
int read_in_pieces(std::string_view bytes, std::size_t size) {
  RequestReader reader{RequestLimits{}};
  while (!bytes.empty()) {
    const auto room = reader.room();
    const std::size_t count = std::min({bytes.size(), room.size(), size});
    std::copy_n(bytes.begin(), count, room.begin());
    bytes.remove_prefix(count);
    reader.received(count);
    if (reader.stage() == RequestReader::Stage::kRefused) return reader.refusal().status;
    if (reader.stage() == RequestReader::Stage::kDone) return 200;
  }
  return 0;
}

}  // namespace

TEST_CASE("every hostile request is refused with its status, however its bytes are split") {
  std::size_t refused = 0;
  for (const HostileRequest& request : hostile_requests()) {
    for (const std::size_t size : {1u, 2u, 3u, 7u, 1000u, 100000u}) {
      INFO(request.name << ", " << size << " bytes at a time");
      const int status = read_in_pieces(request.bytes, size);
      CHECK(status == request.status);
      refused += status == request.status ? 1 : 0;
    }
  }
  std::cout << refused << " hostile readings refused (" << hostile_requests().size()
            << " requests in 6 splits)\n";
}

TEST_CASE("a chunked body is read whole, however its bytes are split") {
  const std::string head = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string body : {"0\r\n\r\n", "00\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n",
                                 "1\r\nx\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n"}) {
    for (std::size_t size = 1; size <= head.size() + body.size(); ++size) {
      INFO(body << ", " << size << " bytes at a time");
      CHECK(read_in_pieces(head + body, size) == 200);
    }
  }
}

TEST_CASE("the server refuses every hostile request, closes, and never serves what follows it") {
  TestServer site;
  std::size_t refused = 0;
  for (const HostileRequest& request : hostile_requests()) {
    INFO(request.name);
    RawClient client(site.loop, site.server->port());
    client.send(request.bytes + kSmuggled);
    client.finish_sending();
    CHECK(site.until([&] { return client.closed() && site.server->connections() == 0; }));
    CHECK(client.status() == request.status);
    CHECK(client.answers() == 1);
    CHECK(client.received().find("Connection: close\r\n") != std::string::npos);
    refused += client.status() == request.status && client.answers() == 1 ? 1 : 0;
  }
  CHECK(site.targets.empty());
  CHECK(refused == hostile_requests().size());
  CHECK(refused >= 150);
  std::uint64_t counted = 0;
  for (const auto& [reason, count] : site.server->rejections()) counted += count;
  CHECK(counted == refused);
  std::cout << refused << " hostile requests refused\n";
}

TEST_CASE("an answer reaches a client that is still sending a refused body") {
  TestServer site;
  RawClient client(site.loop, site.server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
  CHECK(client.send(std::string(100'000, 'x')));
  CHECK(site.until([&] { return client.status() != 0; }));
  client.send(std::string(100'000, 'x'));
  client.finish_sending();
  CHECK(site.until([&] { return client.closed(); }));
  CHECK(client.status() == 413);
  CHECK(client.received().ends_with("the request body is too large\n"));
}

TEST_CASE("a refusal never echoes the request") {
  TestServer site;
  RawClient client(site.loop, site.server->port());
  client.send("GET http://evil.example/<script> HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(site.until([&] { return client.status() != 0; }));
  CHECK(client.received().find("script") == std::string::npos);
}

TEST_CASE("a response that would break the protocol cannot be sent") {
  CHECK(check_response({200, {{"X-Name", "a b\tc \xC3\xA9"}}, ""}));
  CHECK_FALSE(check_response({199, {}, ""}));
  CHECK_FALSE(check_response({600, {}, ""}));
  CHECK_FALSE(check_response({200, {{"X", "a\r\nSet-Cookie: b"}}, ""}));
  CHECK_FALSE(check_response({200, {{"X", std::string("a\0b", 3)}}, ""}));
  CHECK_FALSE(check_response({200, {{"X Y", "z"}}, ""}));
  CHECK_FALSE(check_response({200, {{"", "z"}}, ""}));
}
