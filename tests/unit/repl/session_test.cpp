// Sessions in virtual time: the guard, interrupts, the background.
#include "repl/session.h"

#include <fmt/format.h>

#include "unit/repl/session_world.h"

using namespace neap;
using namespace neap::repl;
using namespace std::chrono_literals;
using Catch::Contains;
using test::SessionWorld;

namespace {

constexpr const char* kFailover = "sdrs.groups:find('demo'):failover()";

}  // namespace

TEST_CASE("a session begins read-only: what would change something is refused, unsent") {
  SessionWorld w;
  const Statement& statement = w.run(kFailover);
  CHECK(statement.stage == Stage::kFailed);
  CHECK(statement.outcome.error->kind == ErrorKind::kPermission);
  CHECK_THAT(w.error_of(statement), Contains("sdrs:start_failover_protection_group: the session is "
                                             "read-only; nothing was sent; :arm"));
  CHECK(w.console.questions.empty());
  CHECK(w.text("sdrs.groups:find('demo').status") == "protected");
}

TEST_CASE("armed, a changing call says what it will do and waits for a yes") {
  SessionWorld w;
  w.session->desk().arm(15min);
  const Statement& statement = w.run(kFailover);
  REQUIRE(w.console.questions.size() == 1);
  CHECK_THAT(w.console.questions[0], Contains("sdrs:start_failover_protection_group: Fail over") &&
                                         Contains("\"server_group_id\":") &&
                                         Contains("from protected") &&
                                         Contains("failing-over, then failed-over") &&
                                         Contains("Send it to the simulator?"));
  CHECK(statement.stage == Stage::kRunning);
  w.console.answer(true);
  w.pass(5s);
  CHECK(statement.stage == Stage::kDone);
  CHECK(w.session->desk().trace(statement.number).changed ==
        std::vector<std::string>{"sdrs:start_failover_protection_group"});
  CHECK(
      w.session->desk().trace(statement.number).used ==
      std::set<std::string>{"sdrs:list_protection_groups", "sdrs:start_failover_protection_group"});
  CHECK(w.text("sdrs.groups:find('demo').status") == "failing-over");
}

TEST_CASE("a no is an error of the statement, and nothing is sent") {
  SessionWorld w;
  w.session->desk().arm(15min);
  const Statement& statement = w.run(kFailover);
  w.console.answer(false);
  w.pass(5s);
  CHECK_THAT(w.error_of(statement), Contains("not confirmed; nothing was sent"));
  CHECK(w.session->desk().trace(statement.number).changed.empty());
  CHECK(w.text("sdrs.groups:find('demo').status") == "protected");
}

TEST_CASE("what was armed runs out, also while a question stands") {
  SessionWorld w;
  w.session->desk().arm(1min);
  CHECK(w.session->desk().armed_for());
  w.pass(61s);
  CHECK_FALSE(w.session->desk().armed_for());
  CHECK_THAT(w.error_of(w.run(kFailover)), Contains("read-only"));
  w.session->desk().arm(1min);
  const Statement& late = w.run(kFailover);
  REQUIRE(w.console.asks());
  w.pass(61s);
  w.console.answer(true);
  w.pass(5s);
  CHECK_THAT(w.error_of(late), Contains("read-only"));
  w.session->desk().arm(1min);
  w.session->desk().disarm();
  CHECK_THAT(w.error_of(w.run(kFailover)), Contains("read-only"));
  CHECK(w.text("sdrs.groups:find('demo').status") == "protected");
}

TEST_CASE("bad arguments are refused before anybody is asked") {
  SessionWorld w;
  w.session->desk().arm(15min);
  const Statement& statement = w.run("sdrs.groups:create { name = 'a<b' }");
  CHECK(statement.outcome.error->kind == ErrorKind::kArgument);
  CHECK(w.console.questions.empty());
}

TEST_CASE("raw calls and other hosts stand behind the same guard") {
  SessionWorld w;
  w.settings.allow.value = {"net:hooks.example"};
  w.session = std::make_unique<Session>(*w.world, w.console, w.log, w.settings, "x", "");
  const char* changing[] = {
      "cloud:request { service = 'sdrs', method = 'DELETE', path = '/v1/{project_id}/x' }",
      "http.post('http://hooks.example/', 'text')"};
  for (const char* text : changing) {
    INFO(text);
    CHECK_THAT(w.error_of(w.run(text)), Contains("read-only; nothing was sent"));
  }
  w.session->desk().arm(15min);
  static_cast<void>(w.run(changing[0]));
  REQUIRE(w.console.questions.size() == 1);
  CHECK_THAT(w.console.questions[0], Contains("DELETE /v1/{project_id}/x") && Contains("sdrs"));
}

TEST_CASE("no question shows a password") {
  SessionWorld w;
  w.session->desk().arm(15min);
  static_cast<void>(
      w.run("cloud:request { service = 'ecs', method = 'POST', path = '/v1/x', "
            "body = { server = { adminPass = 'canary' } } }"));
  REQUIRE(w.console.questions.size() == 1);
  CHECK_THAT(w.console.questions[0], !Contains("canary") && Contains("***"));
}

TEST_CASE("a statement in the background asks once somebody attends to it") {
  SessionWorld w;
  w.session->desk().arm(15min);
  const int number = w.begin(kFailover);
  w.pass(5s);
  CHECK(w.console.questions.empty());
  CHECK(w.session->desk().asks(number));
  REQUIRE(w.console.notices.size() == 1);
  CHECK_THAT(w.console.notices[0],
             Contains("[1] asks: sdrs:start_failover") && Contains(":fg 1 answers it"));
  w.session->desk().attend(number);
  REQUIRE(w.console.questions.size() == 1);
  w.console.answer(true);
  w.pass(5s);
  CHECK(w.has_ended(number));
}

TEST_CASE("tasks within tasks ask in the name of the statement that they come of") {
  SessionWorld w;
  w.session->desk().arm(15min);
  const int failing_over = w.begin("task.all { function() task.spawn(function() " +
                                   std::string(kFailover) + " end) end }");
  const int waiting = w.begin("task.all { function() task.sleep(60) end }");
  w.session->desk().attend(waiting);
  w.pass(5s);
  CHECK(w.console.questions.empty());
  CHECK(w.session->desk().asks(failing_over));
  CHECK_FALSE(w.session->desk().asks(waiting));
  REQUIRE(w.console.notices.size() == 1);
  CHECK_THAT(w.console.notices[0], Contains(fmt::format(":fg {} answers it", failing_over)));
  w.session->desk().attend(failing_over);
  REQUIRE(w.console.questions.size() == 1);
  w.console.answer(true);
  w.pass(60s);
  CHECK(w.has_ended(failing_over));
  CHECK(w.session->desk().trace(failing_over).changed.size() == 1);
  CHECK(w.session->desk().trace(waiting).changed.empty());
}

TEST_CASE("questions of one statement are asked one after the other") {
  SessionWorld w;
  w.session->desk().arm(15min);
  const Statement& statement = w.run("task.all { function() " + std::string(kFailover) +
                                     " end, function() " + kFailover + " end }");
  CHECK(w.console.questions.size() == 1);
  w.console.answer(false);
  w.pass(5s);
  // The refusal of one ends the other, and its question.
  CHECK(statement.stage == Stage::kFailed);
  CHECK_FALSE(w.console.asks());
}

TEST_CASE("Ctrl-C ends a wait and leaves the session as it was") {
  SessionWorld w;
  static_cast<void>(w.run("x = 7"));
  const int number = w.begin("task.sleep('1h')");
  w.pass(10s);
  w.session->interrupt(number);
  w.pass(1s);
  REQUIRE(w.has_ended(number));
  CHECK(w.session->find(number)->outcome.error->kind == ErrorKind::kCancelled);
  CHECK(w.error_of(*w.session->find(number)) == "interrupted");
  CHECK(w.text("tostring(x)") == "7");
}

TEST_CASE("a statement that catches its interruption is ended by the second") {
  SessionWorld w;
  const int number = w.begin("while true do pcall(task.sleep, '1h') end");
  w.pass(1s);
  w.session->interrupt(number);
  w.pass(1s);
  CHECK_FALSE(w.has_ended(number));
  w.session->interrupt(number);
  w.pass(1s);
  CHECK(w.has_ended(number));
}

TEST_CASE("a wait for a job that is interrupted says what goes on in the cloud") {
  SessionWorld w;
  w.session->desk().arm(15min);
  const int number = w.begin("job = " + std::string(kFailover) + " job:wait()");
  w.session->desk().attend(number);
  w.pass(1s);
  w.console.answer(true);
  w.pass(20s);
  CHECK_THAT(w.session->desk().progress(), Contains("job RUNNING, 0 of 5 sub-jobs done"));
  w.session->interrupt(number);
  w.pass(1s);
  REQUIRE(w.has_ended(number));
  REQUIRE(w.session->desk().unfinished_jobs().size() == 1);
  CHECK(w.text("job.id") == w.session->desk().unfinished_jobs()[0]);
  CHECK(w.text("sdrs.job(job.id):wait().status") == "SUCCESS");
  CHECK(w.session->desk().unfinished_jobs().empty());
  CHECK(w.session->desk().progress().empty());
}

TEST_CASE("an interruption waits for the answer of a call that was sent") {
  SessionWorld w;
  w.session->desk().arm(15min);
  const int number = w.begin("j = " + std::string(kFailover) + " task.sleep('1h')");
  w.session->desk().attend(number);
  w.pass(1s);
  w.console.answer(true);
  // Sent within the first look around of the loop, answered some 40 ms later.
  while (w.session->desk().unanswered().empty()) w.pass(1ms);
  w.session->interrupt(number);
  CHECK_FALSE(w.has_ended(number));
  CHECK_THAT(w.console.notices.back(), Contains("waiting for its answer"));
  w.pass(1s);
  CHECK(w.has_ended(number));
  CHECK(w.session->desk().unanswered().empty());
  CHECK(w.text("sdrs.groups:find('demo').status") == "failing-over");
}

TEST_CASE("a thousand statements wait side by side, and each is told of") {
  SessionWorld w;
  for (int i = 0; i < 1000; ++i) w.begin("task.sleep('10s') return " + std::to_string(i));
  CHECK(w.session->statements().size() == 1000);
  w.pass(9s);
  CHECK(w.ended.empty());
  w.pass(2s);
  CHECK(w.ended.size() == 1000);
}

TEST_CASE("an error in the text is the statement's error, with its line") {
  SessionWorld w;
  CHECK_THAT(w.error_of(w.run("x = = 1")), Contains("prompt:1: unexpected symbol"));
  CHECK_THAT(w.error_of(w.run("x = \"abc")), Contains("unfinished string"));
  CHECK_THAT(w.error_of(w.run("function f() return 1 + f() end f()")), Contains("stack overflow"));
  CHECK_THAT(w.error_of(w.run("while true do end")), Contains("of CPU without waiting"));
  CHECK(w.text("'alive'") == "alive");
}

TEST_CASE("the session's own globals are told from those that it began with") {
  SessionWorld w;
  static_cast<void>(w.run("sdrs.groups:find('demo')"));
  static_cast<void>(w.run("local b = 1"));
  static_cast<void>(w.run("function a() end"));
  CHECK(w.session->globals() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a question to the library is given up when it takes too long") {
  SessionWorld w;
  const Instant before = w.world->loop().now();
  const auto answer = w.session->ask_library(
      "fetch", {json::Value(json::Array{json::Value("sdrs"), json::Value("groups")})}, 1ms);
  CHECK_FALSE(answer);
  CHECK(w.world->loop().now() - before <= 1ms);
  CHECK(w.text("'alive'") == "alive");
}
