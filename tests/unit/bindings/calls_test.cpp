// Calls of the platform as scripts make them: what is sent, what is refused, what is in doubt.
#include "fixture.h"

using namespace neap;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kFailover =
    "return require('host.groups').failover { server_group_id = "
    "'523336c5-9d5c-4b7e-8d5e-000000000001' }.job_id";

std::string caught(const std::string& code) {
  return "local function body() " + code +
         " end local ok, e = pcall(body) "
         "return ok and 'no error' or tostring(e.kind) .. ': ' .. tostring(e.message)";
}

// A look at the group shows that it is protected; every changing call gets this outcome.
void answer_changes(World& world, const http::Outcome& outcome) {
  world.transport.otherwise = [outcome](const http::Request& request) {
    if (request.method != http::Method::kGet) return outcome;
    return answered(200, R"({"server_group":{"id":"523336c5-9d5c-4b7e-8d5e-000000000001",)"
                         R"("name":"demo","status":"protected","priority_station":"source",)"
                         R"("updated_at":"2026-01-01 00:00:00.0"}})");
  };
}

}  // namespace

TEST_CASE("an operation outside `needs` is refused before anything is sent or looked up") {
  World world;
  world.host.grants = *Grants::from_needs({"sdrs:show_job_status"}, {});
  for (const char* code :
       {kFailover, "require('host.groups').list()", "require('host.pairs').list {}",
        "require('host.failures').list()",
        "require('host.cloud').request { service = 'sdrs', method = 'POST', path = '/v1/x' }",
        "require('host.cloud').request { service = 'sdrs', method = 'GET', path = '/v1/x' }",
        "require('host.http').request { url = 'http://other.example/' }"}) {
    INFO(code);
    CHECK_THAT(world.run(caught(code)), Catch::StartsWith("permission: "));
  }
  CHECK(world.transport.sent.empty());
  CHECK(world.credentials.looked_up == 0);
  CHECK(world.host.effects.in_flight == 0);
}

TEST_CASE("waiting for a job takes its operation in `needs` too") {
  World world;
  world.host.grants = *Grants::from_needs({"sdrs:list_protection_groups"}, {});
  CHECK_THAT(world.run(caught("require('host.jobs').wait('j')")),
             Catch::StartsWith("permission: "));
  CHECK_THAT(world.run(caught("require('host.jobs').next_change('j', 0, 1)")),
             Catch::StartsWith("permission: "));
  CHECK(world.transport.sent.empty());
}

TEST_CASE("waiting for a job of another service takes that service's operation in `needs`") {
  World world;
  world.host.grants = *Grants::from_needs({"sdrs:show_job_status"}, {});
  CHECK_THAT(world.run(caught("require('host.jobs').wait('ecs:j')")),
             Catch::StartsWith("permission: ecs:show_job "));
  CHECK(world.transport.sent.empty());
  world.host.grants = *Grants::from_needs({"ecs:show_job"}, {});
  world.transport.then(answered(200, R"({"job_id":"j","status":"SUCCESS","entities":{}})"));
  CHECK(world.run("return require('host.jobs').wait('ecs:j').status") == "SUCCESS");
  CHECK_THAT(world.transport.sent.front().request.url, Catch::EndsWith("/jobs/j"));
}

TEST_CASE("a state that forbids a call refuses it before it is sent, unless that is forced") {
  World world;
  world.transport.otherwise = [](const http::Request& request) {
    if (request.method != http::Method::kGet) return answered(200, R"({"job_id":"j1"})");
    return answered(200, R"({"server_group":{"id":"523336c5-9d5c-4b7e-8d5e-000000000001",)"
                         R"("name":"demo","status":"available"}})");
  };
  CHECK_THAT(world.run(caught(kFailover)),
             Catch::StartsWith("precondition: start_failover_protection_group: nothing was sent: "
                               "group demo is available"));
  CHECK(world.transport.sent.size() == 1);
  world.host.force_send = true;
  CHECK(world.run(kFailover) == "j1");
}

TEST_CASE("scripts can ask what a state may come to") {
  World world;
  const auto reachable = [&](const std::string& arguments) {
    return world.run("return tostring(require('host.states').reachable(" + arguments + "))");
  };
  CHECK(reachable("'server_group', 'starting', 'protected'") == "true");
  CHECK(reachable("'server_group', 'stopping', 'protected'") == "false");
  CHECK_THAT(world.run(caught("require('host.states').reachable('no_such_thing', 'a', 'b')")),
             Catch::Contains("argument 1 names no kind of thing"));
}

TEST_CASE("a changing call is under way until it is answered, a read never is") {
  World world;
  world.transport.latency = 10s;
  answer_changes(world, answered(200, R"({"job_id":"j1"})"));
  const auto run = world.start(kFailover);
  std::size_t before = 1;
  std::size_t during = 0;
  auto early = world.loop.after(5s, [&] { before = world.host.effects.in_flight; });
  auto look = world.loop.after(15s, [&] { during = world.host.effects.in_flight; });
  world.loop.run();
  CHECK(before == 0);
  CHECK(during == 1);
  CHECK(run->text == "j1");
  CHECK(world.host.effects.in_flight == 0);
  world.transport.then(answered(200, R"({"count":0,"server_groups":[]})"));
  const auto read = world.start("require('host.groups').list()");
  look = world.loop.after(5s, [&] { during = world.host.effects.in_flight; });
  world.loop.run();
  CHECK(read->ended);
  CHECK(during == 0);
}

TEST_CASE("who waits for changing calls to settle is told when the last one is answered") {
  World world;
  world.transport.latency = 10s;
  int settled = 0;
  world.host.effects.settled = [&] { ++settled; };
  answer_changes(world, answered(200, R"({"job_id":"j1"})"));
  const auto first = world.start(kFailover);
  std::shared_ptr<World::Run> second;
  auto later = world.loop.after(5s, [&] { second = world.start(kFailover); });
  auto look = world.loop.after(22s, [&] {
    CHECK(first->ended);
    CHECK(settled == 0);
    CHECK(world.host.effects.in_flight == 1);
  });
  world.loop.run();
  CHECK(second->ended);
  CHECK(settled == 1);
}

TEST_CASE("a changing call that is cancelled settles as well") {
  World world;
  world.transport.latency = 10s;
  int settled = 0;
  world.host.effects.settled = [&] { ++settled; };
  answer_changes(world, answered(200, R"({"job_id":"j1"})"));
  const auto run = world.start(kFailover);
  auto killer = world.loop.after(11s, [&] { world.machine.scheduler().cancel(run->task); });
  world.loop.run();
  REQUIRE(run->error);
  CHECK(run->error->kind == ErrorKind::kCancelled);
  CHECK(settled == 1);
  CHECK(world.transport.sent.size() == 2);
}

TEST_CASE(
    "a lost answer that nothing tells of reaches Lua as kind in_doubt, and is not sent again") {
  World world;
  world.transport.then(lost("connection reset"));
  CHECK_THAT(world.run(caught("require('host.cloud').request { service = 'sdrs', "
                              "method = 'POST', path = '/v1/x' }")),
             Catch::StartsWith("in_doubt: "));
  CHECK(world.transport.sent.size() == 1);
  CHECK(world.transport.sent[0].options.profile == http::Profile::kEffect);
}

TEST_CASE("a changing call that never left is kind network, a lost read too") {
  World world;
  answer_changes(world, not_sent("connection refused"));
  CHECK_THAT(world.run(caught(kFailover)), Catch::StartsWith("network: "));
  world.transport.otherwise = [](const http::Request&) { return lost("connection reset"); };
  CHECK_THAT(world.run(caught("require('host.groups').list()")), Catch::StartsWith("network: "));
}

TEST_CASE("requests to other hosts follow the same rules: in doubt once sent, reads retried") {
  World world;
  world.host.grants = Grants::all({"net:hooks.example"});
  world.transport.then(lost("connection reset"));
  CHECK_THAT(world.run(caught("require('http').post('https://hooks.example/x', 'body')")),
             Catch::StartsWith("in_doubt: "));
  CHECK(world.transport.sent.size() == 1);
  world.transport.then(lost("connection reset"));
  world.transport.then(answered(200, "hello", {{"X-Answer", "42"}}));
  CHECK(world.run("local r = require('http').get('https://hooks.example/') "
                  "return r.status .. r.body .. r.headers['X-Answer']") == "200hello42");
  CHECK(world.transport.sent.size() == 3);
}

TEST_CASE("requests to other hosts carry no credentials of the platform") {
  World world;
  world.host.grants = Grants::all({"net:hooks.example"});
  world.transport.then(answered(200, ""));
  world.run("require('http').post('https://hooks.example/x', 'body', { timeout = '5s' })");
  REQUIRE(world.transport.sent.size() == 1);
  CHECK_FALSE(world.transport.sent[0].request.headers.has("Authorization"));
  CHECK_FALSE(world.transport.sent[0].request.headers.has("X-Sdk-Date"));
  CHECK(world.transport.sent[0].options.timeout == 5s);
  CHECK(world.credentials.looked_up == 0);
}

TEST_CASE("the operator hears of a job before the script does") {
  World world;
  answer_changes(world, answered(200, R"({"job_id":"j1"})"));
  world.run(std::string("local id = (function() ") + kFailover +
            " end)() require('host.run').tell('script_knows', {})");
  REQUIRE(world.op.count("job_started") == 1);
  CHECK(world.op.texts("job_started", "job_id") == "j1\n");
  CHECK(world.op.texts("job_started", "operation") == "start_failover_protection_group\n");
  CHECK(world.op.events.back().name == "script_knows");
}

TEST_CASE("an answer of the operator reaches the script, and so does having none") {
  World world;
  const char* ask =
      "local a = require('host.run').ask('Sure?', '1h') "
      "return tostring(a.yes) .. ' ' .. a.by .. ' ' .. a.comment";
  world.op.answer = Answer{true, "anna", "go"};
  CHECK(world.run(ask) == "true anna go");
  world.op.answer = Answer{false, "bert", ""};
  CHECK(world.run(ask) == "false bert ");
  world.op.answer = fail(ErrorKind::kPrecondition, "nobody is there");
  CHECK(world.run(caught(ask)) == "precondition: nobody is there");
  CHECK(world.op.questions.size() == 3);
}
