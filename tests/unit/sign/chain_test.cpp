// The chain of credential sources: who wins, renewal, refusal, sharing, and that no secret shows.
#include "sign/chain.h"

#include <catch2/catch.hpp>

#include "sign/iam.h"
#include "support/scripted_transport.h"
#include "support/surroundings.h"

using namespace neap;
using namespace neap::sign;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr const char* kToken =
    R"({"token":{"expires_at":"2026-01-02T00:00:00.000000Z","project":{"id":"P"}}})";

std::string security_key(const char* secret, const char* expires) {
  return std::string(R"({"credential":{"access":"AKM","secret":")") + secret +
         R"(","securitytoken":"TM","expires_at":")" + expires + R"("}})";
}

// A world in virtual time, starting at 2026-01-01T00:00:00Z.
struct World {
  VirtualClock clock;
  Loop loop{clock};
  test::ScriptedTransport transport{loop};
  test::Place place;
  Log log{LogLevel::kOff};
  ChainSource chain{
      loop, transport, log, place.surroundings(), {"https://iam.example", "cn-north-4", true}};

  ~World() { CHECK(loop.timers() == 0); }

  void set_login() {
    place.variables["HW_USER_NAME"] = "op";
    place.variables["HW_USER_PASSWORD"] = "pw-canary-4711";
    place.variables["HW_DOMAIN_NAME"] = "acme";
  }

  Result<Credentials> get() {
    Result<Credentials> result = fail(ErrorKind::kInternal, "not called back");
    const Owner owner = chain.get([&](Result<Credentials> r) { result = std::move(r); });
    loop.run();
    return result;
  }

  void pass(Duration time) {
    const Loop::Timer timer = loop.after(time, [] {});
    loop.run();
  }
};

}  // namespace

TEST_CASE("the first source in order wins and is named") {
  World world;
  world.place.files["/home/op/.hcloud/config.json"] = {
      R"({"profiles":[{"name":"default","accessKeyId":"AKK","secretAccessKey":"S"}]})"};
  CHECK(world.get()->access_key == "AKK");
  World second;
  second.place.files = world.place.files;
  second.place.files["/home/op/.huaweicloud/credentials"] = {"[basic]\nak=AKP\nsk=S\n"};
  CHECK(second.get()->access_key == "AKP");
  World third;
  third.place = second.place;
  third.place.variables["HW_ACCESS_KEY"] = "AKE";
  third.place.variables["HW_SECRET_KEY"] = "S";
  CHECK(third.get()->source == "environment HW_ACCESS_KEY");
  CHECK(world.transport.sent.size() + second.transport.sent.size() + third.transport.sent.size() ==
        0);
}

TEST_CASE("when nothing is found the error lists every place and the variables to set") {
  World world;
  const Result<Credentials> result = world.get();
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::kAuth);
  for (const char* place : {"environment", "HW_USER_NAME", "~/.huaweicloud/credentials",
                            "~/.hcloud/config.json", "ECS metadata"}) {
    CHECK_THAT(result.error().message, Contains(place));
  }
  CHECK_THAT(result.error().hint, Contains("HUAWEICLOUD_SDK_AK"));
}

TEST_CASE("half-set credentials stop the search instead of falling through") {
  World world;
  world.place.variables["HUAWEICLOUD_SDK_AK"] = "A";
  world.place.files["/home/op/.huaweicloud/credentials"] = {"[basic]\nak=AKP\nsk=S\n"};
  CHECK_THAT(world.get().error().message, Contains("HUAWEICLOUD_SDK_SK is not"));
  World login;
  login.set_login();
  login.place.variables.erase("HW_DOMAIN_NAME");
  CHECK_THAT(login.get().error().message, Contains("HW_DOMAIN_NAME is not"));
}

TEST_CASE("an ECS gives its agency's keys: a session token first, three seconds each") {
  World world;
  world.transport.then(test::answered(200, "session-1"));
  world.transport.then(test::answered(200, security_key("SM", "2026-01-01T01:00:00.000000Z")));
  const Result<Credentials> result = world.get();
  REQUIRE(result);
  CHECK(result->access_key == "AKM");
  CHECK(result->security_token.reveal() == "TM");
  CHECK(result->source == "ECS metadata (agency of this server)");
  REQUIRE(world.transport.sent.size() == 2);
  CHECK(world.transport.sent[0].request.method == http::Method::kPut);
  CHECK(world.transport.sent[1].request.headers.get("X-Metadata-Token") == "session-1");
  for (const auto& sent : world.transport.sent) CHECK(sent.options.timeout == 3s);
}

TEST_CASE("an old metadata service without session tokens is asked without one") {
  World world;
  world.transport.then(test::answered(404, ""));
  world.transport.then(test::answered(200, security_key("SM", "2026-01-01T01:00:00Z")));
  CHECK(world.get());
  CHECK_FALSE(world.transport.sent[1].request.headers.has("X-Metadata-Token"));
}

TEST_CASE("a refused session token is renewed once") {
  World world;
  world.transport.then(test::answered(200, "old"));
  world.transport.then(test::answered(401, ""));
  world.transport.then(test::answered(200, "new"));
  world.transport.then(test::answered(200, security_key("SM", "2026-01-01T01:00:00Z")));
  CHECK(world.get());
  World twice;
  for (const int status : {200, 401, 200, 401}) twice.transport.then(test::answered(status, "t"));
  CHECK_THAT(twice.get().error().message, Contains("HTTP 401 for the keys"));
}

TEST_CASE("temporary keys are renewed ten minutes before they expire, and not earlier") {
  World world;
  world.transport.then(test::answered(405, ""));
  world.transport.then(test::answered(200, security_key("S1", "2026-01-01T01:00:00Z")));
  CHECK(world.get()->secret_key.reveal() == "S1");
  world.pass(49min);
  CHECK(world.get()->secret_key.reveal() == "S1");
  CHECK(world.transport.sent.size() == 2);
  world.pass(2min);
  world.transport.then(test::answered(405, ""));
  world.transport.then(test::answered(200, security_key("S2", "2026-01-01T03:00:00Z")));
  CHECK(world.get()->secret_key.reveal() == "S2");
}

TEST_CASE("a renewal that fails is no error while the old keys still hold") {
  World world;
  world.transport.then(test::answered(405, ""));
  world.transport.then(test::answered(200, security_key("S1", "2026-01-01T01:00:00Z")));
  CHECK(world.get());
  world.pass(55min);
  CHECK(world.get()->secret_key.reveal() == "S1");
  world.pass(10min);
  CHECK_FALSE(world.get());
}

TEST_CASE("a password login asks IAM for a token in the region's project") {
  World world;
  world.set_login();
  world.transport.then(test::answered(201, kToken, {{"X-Subject-Token", "token-1"}}));
  const Result<Credentials> result = world.get();
  REQUIRE(result);
  CHECK(result->auth_token.reveal() == "token-1");
  CHECK(result->project_id == "P");
  CHECK(result->source == "environment HW_USER_NAME");
  const http::Request& sent = world.transport.sent.at(0).request;
  CHECK(sent.url == "https://iam.example/v3/auth/tokens?nocatalog=true");
  CHECK(sent.body ==
        R"({"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"op",)"
        R"("password":"pw-canary-4711","domain":{"name":"acme"}}}},)"
        R"("scope":{"project":{"name":"cn-north-4"}}}})");
}

TEST_CASE(
    "a token that is refused is fetched anew once; a second refusal is an error for 5 minutes") {
  World world;
  world.set_login();
  world.transport.then(test::answered(201, kToken, {{"X-Subject-Token", "token-1"}}));
  const Credentials first = world.get().value();
  world.chain.refused(first);
  world.transport.then(test::answered(201, kToken, {{"X-Subject-Token", "token-2"}}));
  const Credentials second = world.get().value();
  CHECK(second.auth_token.reveal() == "token-2");
  world.chain.refused(first);  // a late answer to an earlier request
  CHECK(world.get()->auth_token.reveal() == "token-2");
  world.chain.refused(second);
  CHECK(world.get().error().kind == ErrorKind::kAuth);
  CHECK(world.transport.sent.size() == 2);
  world.pass(5min);
  world.transport.then(test::answered(201, kToken, {{"X-Subject-Token", "token-3"}}));
  CHECK(world.get()->auth_token.reveal() == "token-3");
}

TEST_CASE("a refused access key is not sent again, unless it has been changed") {
  World world;
  world.place.variables["HW_ACCESS_KEY"] = "AK1";
  world.place.variables["HW_SECRET_KEY"] = "S1";
  world.chain.refused(world.get().value());
  const Result<Credentials> again = world.get();
  REQUIRE_FALSE(again);
  CHECK_THAT(again.error().message, Contains("environment HW_ACCESS_KEY") && Contains("the same"));
  world.place.variables["HW_SECRET_KEY"] = "S2";
  CHECK(world.get()->secret_key.reveal() == "S2");
}

TEST_CASE("requests made meanwhile share one look-up, and the last to leave cancels it") {
  World world;
  world.set_login();
  world.transport.then(test::answered(201, kToken, {{"X-Subject-Token", "token-1"}}));
  int called = 0;
  const auto count = [&](Result<Credentials> r) { called += r ? 1 : 0; };
  const Owner a = world.chain.get(count);
  Owner b = world.chain.get(count);
  const Owner c = world.chain.get(count);
  b.reset();
  world.loop.run();
  CHECK(called == 2);
  CHECK(world.transport.sent.size() == 1);

  World alone;
  alone.set_login();
  Owner only = alone.chain.get(count);
  CHECK(alone.loop.timers() == 1);
  only.reset();
  CHECK(alone.loop.timers() == 0);
  alone.transport.then(test::answered(201, kToken, {{"X-Subject-Token", "token-1"}}));
  CHECK(alone.get());
}

TEST_CASE("no error, source or description ever holds a secret") {
  const std::string canary = "canary-4711";
  const auto check = [&](const Result<Credentials>& result) {
    const std::string text =
        result ? result->source
               : describe(result.error()) + result.error().where + result.error().code;
    CHECK_FALSE(text.empty());
    CHECK_THAT(text, !Contains(canary));
  };
  const auto with_variables = [&](std::map<std::string, std::string> variables) {
    World world;
    world.place.variables.merge(variables);
    check(world.get());
    if (const auto got = world.get()) world.chain.refused(*got);
    check(world.get());
  };
  with_variables({{"HUAWEICLOUD_SDK_AK", "A"}, {"HUAWEICLOUD_SDK_SK", canary}});
  with_variables({{"HUAWEICLOUD_SDK_SK", canary}});
  with_variables(
      {{"HW_ACCESS_KEY", "A"}, {"HW_SECRET_KEY", canary}, {"HW_SECURITY_TOKEN", canary}});
  with_variables({{"HW_USER_PASSWORD", canary}});
  for (const std::string& text :
       {"[basic]\nak=A\nsk=" + canary, "[basic]\nsk=" + canary, "[basic]\n" + canary,
        "sk=" + canary, "[basic]\nak=A\nsk=x\n" + canary}) {
    World world;
    world.place.files["/home/op/.huaweicloud/credentials"] = {text, true};
    check(world.get());
  }
  for (const std::string text : {R"("accessKeyId":"A",)", ""}) {
    World world;
    world.place.files["/home/op/.hcloud/config.json"] = {
        R"({"profiles":[{"name":"default",)" + text + R"("secretAccessKey":")" + canary + "\"}]}"};
    check(world.get());
    world.place.files["/home/op/.hcloud/config.json"].text.pop_back();
    check(world.get());
  }
  for (const std::string& body : {security_key("canary-4711", "2026-01-01T01:00:00Z"),
                                  security_key("canary-4711", "soon"), canary}) {
    World world;
    world.transport.then(test::answered(200, canary));
    world.transport.then(test::answered(200, body));
    check(world.get());
  }
  for (const int status : {201, 401, 500}) {
    World world;
    world.set_login();
    world.transport.then(
        test::answered(status, R"({"error":{"code":401,"message":"wrong: pw-canary-4711"}})"));
    check(world.get());
  }
  World dropped;
  dropped.set_login();
  dropped.transport.then(test::not_sent("broken while sending pw-canary-4711"));
  check(dropped.get());
}

TEST_CASE("the project of a region is looked up once, signed, for the whole domain") {
  World world;
  ProjectLookup projects(world.loop, world.transport, "https://iam.example/");
  Credentials credentials;
  credentials.access_key = "AK";
  credentials.secret_key = Secret("SK");
  credentials.domain_id = "D";
  world.transport.then(test::answered(200, R"({"projects":[{"id":"P4","name":"cn-north-4"}]})"));
  std::vector<std::string> ids;
  const auto keep = [&](Result<std::string> id) { ids.push_back(id ? *id : id.error().message); };
  const Owner a = projects.get(credentials, "cn-north-4", keep);
  const Owner b = projects.get(credentials, "cn-north-4", keep);
  world.loop.run();
  const Owner c = projects.get(credentials, "cn-north-4", keep);
  CHECK(ids == std::vector<std::string>{"P4", "P4", "P4"});
  REQUIRE(world.transport.sent.size() == 1);
  const http::Request& sent = world.transport.sent[0].request;
  CHECK(sent.url == "https://iam.example/v3/projects?name=cn-north-4");
  CHECK(sent.headers.get("X-Domain-Id") == "D");
  CHECK(sent.headers.get("Authorization").starts_with("SDK-HMAC-SHA256 Access=AK, "));
}

TEST_CASE("a project that cannot be found or asked for is one clear error") {
  World world;
  ProjectLookup projects(world.loop, world.transport, "https://iam.example");
  Credentials credentials;
  credentials.access_key = "AK";
  credentials.secret_key = Secret("SK");
  Error error;
  const auto ask = [&](const char* region) {
    const Owner owner =
        projects.get(credentials, region, [&](Result<std::string> id) { error = id.error(); });
    world.loop.run();
    return error.kind;
  };
  CHECK(ask("") == ErrorKind::kConfig);
  world.transport.then(test::answered(200, R"({"projects":[]})"));
  CHECK(ask("cn-nowhere-1") == ErrorKind::kNotFound);
  world.transport.then(
      test::answered(401, R"({"error_code":"APIGW.0301","error_msg":"verify aksk signature fail"})",
                     {{"X-Request-Id", "r-1"}}));
  CHECK(ask("cn-north-4") == ErrorKind::kAuth);
  CHECK(error.code == "APIGW.0301");
  CHECK(error.request_id == "r-1");
  CHECK_THAT(error.message, Contains("verify aksk signature fail"));
  CHECK(ask("cn-north-4") == ErrorKind::kNetwork);
}
