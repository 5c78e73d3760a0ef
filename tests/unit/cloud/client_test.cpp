// What is sent, how often, and what each answer to it becomes.
#include "cloud/client.h"

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/scripted_transport.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kAccepted = R"({"job_id":"ff80"})";
constexpr std::string_view kWrongKey =
    R"({"error_code":"APIGW.0301","error_msg":"verify aksk signature fail"})";

struct World {
  VirtualClock clock;
  Loop loop{clock};
  ScriptedTransport transport{loop};
  ScriptedCredentials credentials;
  Random random{1};
  Client client{loop,
                transport,
                credentials,
                random,
                {.endpoint = [](std::string_view service) -> Result<std::string> {
                  if (service == "nowhere") return fail(ErrorKind::kConfig, "no such service");
                  return "https://" + std::string(service) + ".example.com";
                }}};

  ~World() {
    CHECK(loop.timers() == 0);
    CHECK(loop.posted() == 0);
    CHECK(transport.under_way == 0);
  }

  Result<http::Response> call(std::string_view name, json::Object arguments,
                              std::string_view service = "sdrs") {
    std::optional<Result<http::Response>> result;
    const Owner owner = client.call(*find_operation(service, name), std::move(arguments),
                                    [&](Result<http::Response> r) { result = std::move(r); });
    CHECK_FALSE(result);
    loop.run();
    REQUIRE(result);
    return *std::move(result);
  }
  Error fail_call(std::string_view name, json::Object arguments) {
    Result<http::Response> result = call(name, std::move(arguments));
    REQUIRE_FALSE(result);
    return std::move(result.error());
  }

  static json::Object group() {
    json::Object arguments;
    arguments.set("server_group_id", "g-1");
    return arguments;
  }
  Error fail_over() { return fail_call("start_failover_protection_group", group()); }
  Error show() { return fail_call("show_protection_group", group()); }
};

bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("an effect goes out once, signed, in the effect profile, and answers its job") {
  World world;
  world.transport.then(answered(200, std::string(kAccepted)));
  const auto result = world.call("start_failover_protection_group", World::group());
  REQUIRE(result);
  CHECK(result->body == kAccepted);
  REQUIRE(world.transport.sent.size() == 1);
  const auto& sent = world.transport.sent[0];
  CHECK(sent.options.profile == http::Profile::kEffect);
  CHECK(sent.request.url ==
        "https://sdrs.example.com/v1/0123456789abcdef0123456789abcdef/server-groups/g-1/action");
  CHECK(mentions(sent.request.headers.get("Authorization"), "SDK-HMAC-SHA256 Access=AKFAKE"));
  CHECK(sent.request.headers.get("X-Sdk-Date") == "20260101T000000Z");
}

TEST_CASE("a GET that changes something goes out once, in the effect profile, like any change") {
  constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";
  World world;
  json::Object arguments;
  arguments.set("token", kToken);
  std::vector<std::string> lines;
  world.client.observe([&](const Exchange& exchange) { lines.push_back(describe(exchange)); });
  SECTION("answered") {
    world.transport.then(answered(200, R"({"request_id":"r","subscription_urn":"urn:smn:a"})"));
    CHECK(world.call("confirm_subscription", arguments, "smn"));
  }
  SECTION("its answer is lost") {
    world.transport.then(lost("the connection was closed"));
    const auto result = world.call("confirm_subscription", arguments, "smn");
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::kInDoubt);
    lines.push_back(describe(result.error()) + result.error().hint);
  }
  REQUIRE(world.transport.sent.size() == 1);
  const auto& sent = world.transport.sent[0];
  CHECK(sent.request.method == http::Method::kGet);
  CHECK(mentions(sent.request.url, "subscribe?token=" + std::string(kToken)));
  CHECK(sent.options.profile == http::Profile::kEffect);
  CHECK_FALSE(lines.empty());
  for (const std::string& line : lines) CHECK_FALSE(mentions(line, kToken));
}

TEST_CASE("wrong arguments are refused from the loop and nothing is sent") {
  World world;
  const Error error = world.fail_call("start_failover_protection_group", {});
  CHECK(error.kind == ErrorKind::kArgument);
  CHECK(error.operation == "start_failover_protection_group");
  CHECK(world.transport.sent.empty());
}

TEST_CASE("without credentials, project or endpoint nothing is sent and the kind says why") {
  World world;
  world.credentials.known.clear();
  CHECK(world.show().kind == ErrorKind::kAuth);
  world.credentials.known = {fake_credentials()};
  world.credentials.known[0].project_id.clear();
  CHECK(world.show().kind == ErrorKind::kConfig);
  CHECK(world.transport.sent.empty());
  std::optional<Error> error;
  const Owner owner =
      world.client.raw(RawCall{.service = "nowhere", .path = "/v1"},
                       [&](Result<http::Response> result) { error = result.error(); });
  world.loop.run();
  CHECK(error->kind == ErrorKind::kConfig);
}

TEST_CASE("a read is sent again after a network error, a 429 and a 503, each time signed anew") {
  World world;
  world.transport.then(lost("connection reset"));
  world.transport.then(answered(429, "{}", {{"Retry-After", "7"}}));
  world.transport.then(answered(503, ""));
  world.transport.then(answered(200, "{}"));
  REQUIRE(world.call("show_protection_group", World::group()));
  REQUIRE(world.transport.sent.size() == 4);
  CHECK(world.transport.sent[0].options.profile == http::Profile::kRead);
  CHECK(world.transport.sent[2].at - world.transport.sent[1].at >= 7s);
  CHECK(world.transport.sent[2].request.headers.get("X-Sdk-Date") !=
        world.transport.sent[1].request.headers.get("X-Sdk-Date"));
}

TEST_CASE("a read that never gets through is a network error and names the operation") {
  World world;
  world.transport.otherwise = [](const http::Request&) { return not_sent("connection refused"); };
  const Error error = world.show();
  CHECK(error.kind == ErrorKind::kNetwork);
  CHECK(mentions(error.message, "show_protection_group: connection refused"));
}

TEST_CASE("a read refused with 401 is sent once more with other credentials, and only then") {
  World world;
  world.transport.then(answered(401, std::string(kWrongKey)));
  SECTION("others are found") {
    world.credentials.known = {fake_credentials("AKOLD"), fake_credentials("AKNEW")};
    world.transport.then(answered(200, "{}"));
    REQUIRE(world.call("show_protection_group", World::group()));
    REQUIRE(world.transport.sent.size() == 2);
    CHECK(mentions(world.transport.sent[1].request.headers.get("Authorization"), "Access=AKNEW"));
  }
  SECTION("the others are refused, too") {
    world.credentials.known = {fake_credentials("AKOLD"), fake_credentials("AKNEW"),
                               fake_credentials("AKNEWER")};
    world.transport.then(answered(401, std::string(kWrongKey)));
    CHECK(world.show().kind == ErrorKind::kAuth);
    CHECK(world.transport.sent.size() == 2);
  }
  SECTION("there are none") {
    CHECK(world.show().code == "APIGW.0301");
    CHECK(world.transport.sent.size() == 1);
  }
  CHECK(world.credentials.refusals == 1);
}

TEST_CASE("a clock that is off blames no credentials") {
  World world;
  world.credentials.known = {fake_credentials("AKOLD"), fake_credentials("AKNEW")};
  world.transport.then(answered(
      401,
      R"({"error_code":"APIGW.0301","error_msg":"calc ak sk signature fail:signature expired"})",
      {{"Date", format_http_date(VirtualClock::kStart - 1h)}}));
  CHECK(mentions(world.show().message, "our clock is 1h00m ahead"));
  CHECK(world.transport.sent.size() == 1);
  CHECK(world.credentials.refusals == 0);
}

TEST_CASE("an effect of which nothing left this machine is a network error, not a doubt") {
  World world;
  world.transport.then(not_sent("connection refused"));
  const Error error = world.fail_over();
  CHECK(error.kind == ErrorKind::kNetwork);
  CHECK(mentions(error.message, "nothing was sent: connection refused"));
  CHECK(world.transport.sent.size() == 1);
}

TEST_CASE(
    "an effect whose answer does not prove what came of it is in doubt and never sent again") {
  World world;
  const std::string group = R"({"server_group":{"name":"x"}})";
  for (http::Outcome outcome :
       {lost("connection closed"), answered(500, ""), answered(502, "<html>"),
        answered(504, R"({"error_code":"APIGW.0201","error_msg":"timeout"})"),
        answered(500, R"({"error":{"code":"SDRS.1014","message":"m"}})"),
        answered(400, R"({"error":{"code":"SDRS.1030","message":"m"}})"), answered(400, "oops"),
        answered(404, ""), answered(408, "{}"), answered(302, ""), answered(429, "slow"),
        answered(200, ""), answered(200, R"({"job_id":"ff)"), answered(200, "{}"),
        answered(200, R"({"job_id":""})"), answered(200, R"({"job_id":7})"),
        answered(200, group)}) {
    INFO(outcome.response.status << " " << outcome.response.body);
    const std::size_t before = world.transport.sent.size();
    world.transport.then(std::move(outcome));
    const Error error = world.fail_over();
    CHECK(error.kind == ErrorKind::kInDoubt);
    CHECK(error.operation == "start_failover_protection_group");
    CHECK(mentions(error.message, "answer"));
    CHECK(mentions(error.hint, "priority_station other than before"));
    CHECK(world.transport.sent.size() == before + 1);
  }
}

TEST_CASE("a doubt keeps the platform's code, status and request id") {
  World world;
  world.transport.then(answered(500, R"({"error":{"code":"SDRS.1014","message":"m"}})",
                                {{"X-Request-Id", "req-1"}}));
  const Error error = world.fail_over();
  CHECK(error.code == "SDRS.1014");
  CHECK(error.http_status == 500);
  CHECK(error.request_id == "req-1");
}

TEST_CASE("a synchronous effect answers the thing it changed, or is in doubt") {
  World world;
  json::Object arguments = World::group();
  arguments.set("name", "new");
  world.transport.then(answered(200, R"({"server_group":{"name":"new"}})"));
  CHECK(world.call("update_protection_group_name", arguments));
  world.transport.then(answered(200, R"({"server_gr)"));
  CHECK(world.fail_call("update_protection_group_name", arguments).kind == ErrorKind::kInDoubt);
}

TEST_CASE("an effect that the platform refuses is that refusal") {
  World world;
  world.transport.then(answered(400, R"({"error":{"code":"SDRS.1002","message":"m"}})"));
  CHECK(world.fail_over().kind == ErrorKind::kConflict);
  world.transport.then(answered(429, R"({"error_code":"APIGW.0308","error_msg":"m"})"));
  CHECK(world.fail_over().kind == ErrorKind::kThrottled);
  world.transport.then(answered(401, std::string(kWrongKey)));
  world.credentials.known = {fake_credentials("AKOLD"), fake_credentials("AKNEW")};
  CHECK(world.fail_over().kind == ErrorKind::kAuth);
  CHECK(world.transport.sent.size() == 3);
  CHECK(world.credentials.refusals == 1);
}

TEST_CASE("raw calls other than GET are effects that nothing can tell from not having happened") {
  World world;
  const auto raw = [&](http::Method method) {
    std::optional<Result<http::Response>> result;
    const Owner owner =
        world.client.raw(RawCall{.service = "vpc", .method = method, .path = "/v1/{project_id}/x"},
                         [&](Result<http::Response> r) { result = std::move(r); });
    world.loop.run();
    return *std::move(result);
  };
  world.transport.then(lost("closed"));
  const auto doubt = raw(http::Method::kPost);
  REQUIRE_FALSE(doubt);
  CHECK(doubt.error().kind == ErrorKind::kInDoubt);
  CHECK(mentions(doubt.error().message, "POST vpc:/v1/{project_id}/x"));
  world.transport.then(lost("closed"));
  world.transport.then(answered(200, "anything"));
  CHECK(raw(http::Method::kGet));
  world.transport.then(answered(204, ""));
  CHECK(raw(http::Method::kDelete));
}

TEST_CASE("dropping the Owner cancels the call at any point") {
  World world;
  const auto drop_after = [&](Duration delay) {
    bool called = false;
    Owner owner = world.client.call(*find_operation("sdrs", "show_protection_group"),
                                    World::group(), [&](auto) { called = true; });
    const auto timer = world.loop.after(delay, [&] { owner.reset(); });
    world.loop.run();
    CHECK_FALSE(called);
  };
  world.transport.otherwise = [](const http::Request&) { return answered(503, ""); };
  drop_after(0ms);
  drop_after(1ms);
  drop_after(6ms);
  drop_after(20ms);
  {
    const Owner unused = world.client.call(*find_operation("sdrs", "show_quota"), {}, [](auto) {});
  }
  {
    const Owner unused =
        world.client.call(*find_operation("sdrs", "show_job_status"), {}, [](auto) {});
  }
  world.loop.run();
}

TEST_CASE("a callback may drop its own call") {
  World world;
  world.transport.then(answered(200, "{}"));
  Owner owner;
  bool called = false;
  owner = world.client.call(*find_operation("sdrs", "show_quota"), {}, [&](auto) {
    called = true;
    owner.reset();
  });
  world.loop.run();
  CHECK(called);
}

TEST_CASE("an observer sees every transmission, without query, headers and body") {
  World world;
  std::vector<std::string> lines;
  world.client.observe([&](const Exchange& exchange) { lines.push_back(describe(exchange)); });
  world.transport.then(lost("reset"));
  world.transport.then(answered(200, "{}", {{"X-Request-Id", "req-7"}}));
  json::Object arguments;
  arguments.set("name", "private");
  REQUIRE(world.call("list_protection_groups", std::move(arguments)));
  const std::string path = "/v1/0123456789abcdef0123456789abcdef/server-groups";
  CHECK(lines == std::vector<std::string>{"GET " + path + " no answer 0.0s",
                                          "GET " + path + " 200 0.0s req-7"});
}

TEST_CASE("secrets appear in no error and no line, even when the server echoes them") {
  World world;
  const std::string canary = "CANARY-f3b1";
  std::string seen;
  world.client.observe([&](const Exchange& exchange) { seen += describe(exchange); });
  sign::Credentials credentials = fake_credentials("AKFAKE", canary + "-secret");
  credentials.security_token = Secret(canary + "-token");
  const auto tell = [&](const Error& error) {
    seen += describe(error) + error.hint + error.code + error.request_id + error.where;
  };
  for (const bool with_token : {false, true}) {
    if (with_token) credentials.auth_token = Secret(canary + "-iam");
    world.credentials.known = {credentials};
    const std::string echo =
        canary + "-secret " + canary + "-token " + (with_token ? canary + "-iam" : std::string());
    for (const int status : {400, 401, 403, 404, 409, 418, 429, 500, 503}) {
      const auto body = R"({"error":{"code":"SDRS.1002","message":")" + echo + R"("}})";
      world.transport.otherwise = [&](const http::Request&) {
        return answered(status, body, {{"X-Request-Id", echo}});
      };
      tell(world.fail_over());
      tell(world.show());
    }
    world.transport.otherwise = [&](const http::Request&) { return lost("cannot send " + echo); };
    tell(world.fail_over());
    tell(world.show());
  }
  REQUIRE_FALSE(seen.empty());
  CHECK(seen.find(canary) == std::string::npos);
}
