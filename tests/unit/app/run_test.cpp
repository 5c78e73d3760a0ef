// A run of a script, from its text to the document that `--output json` writes.
#include <cstdio>

#include <catch2/catch.hpp>
#include <sys/mman.h>
#include <unistd.h>

#include "app/run_view.h"
#include "json/writer.h"
#include "support/rehearsal.h"

using namespace neap;
using namespace neap::app;
using test::Rehearsal;

namespace {

runs::Script runbook(const std::string& body, const std::string& needs = "") {
  runs::Script script =
      runs::typed_script("return { name = 'sample', summary = 'A sample', needs = {" + needs +
                         "}, run = function(ctx, p) " + body + " end }");
  script.typed = false;
  return script;
}

// What is written to a descriptor while this lives.
class Captured {
 public:
  explicit Captured(int descriptor)
      : descriptor_(descriptor), kept_(dup(descriptor)), file_(memfd_create("captured", 0)) {
    std::fflush(nullptr);
    dup2(file_, descriptor_);
  }
  ~Captured() {
    restore();
    close(kept_);
    close(file_);
  }
  std::string text() {
    restore();
    std::string all(static_cast<std::size_t>(lseek(file_, 0, SEEK_END)), '\0');
    REQUIRE(pread(file_, all.data(), all.size(), 0) == static_cast<ssize_t>(all.size()));
    return all;
  }

 private:
  void restore() const {
    std::fflush(nullptr);
    dup2(kept_, descriptor_);
  }
  int descriptor_;
  int kept_;
  int file_;
};

// What `--output json` writes for a run that ended so.
json::Object document_of(Rehearsal& world, const runs::ScriptRun::Outcome& outcome,
                         ExitCode expected) {
  ViewOptions options;
  options.output = config::Output::kJson;
  options.quiet = true;
  const auto view = make_line_view(world.world->loop(), options);
  for (const auto& event : world.op.events) view->tell(RunEvent{event.name, event.fields});
  Captured errors(STDERR_FILENO);
  Captured output(STDOUT_FILENO);
  const ExitCode code = view->finish("sample", outcome);
  const std::string text = output.text();
  errors.text();
  CHECK(code == expected);
  const Result<json::Document> document = json::Document::parse(text);
  INFO(text);
  REQUIRE(document.has_value());
  return *document->value().as<json::Object>();
}

}  // namespace

TEST_CASE("typed code gives its value, and needs no header") {
  Rehearsal world;
  const auto outcome = world.run(runs::typed_script("return { sum = 1 + 1, list = { 1, 2 } }"), {});
  REQUIRE_FALSE(outcome.error);
  CHECK(json::write(outcome.value) == R"({"list":[1,2],"sum":2})");
  CHECK(world.run(runs::typed_script("print('hi')"), {}).value.is_null());
  CHECK(world.op.printed == std::vector<std::string>{"hi"});
}

TEST_CASE("a syntax error is kind script and names its line") {
  Rehearsal world;
  const auto outcome = world.run(runs::typed_script("local x = 1\nlocal = 2"), {});
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kScript);
  CHECK_THAT(describe(*outcome.error) + outcome.error->where, Catch::Contains(":2"));
}

TEST_CASE("a runbook is held to its needs, before anything is sent") {
  Rehearsal world;
  const auto outcome = world.run(runbook("return sdrs.groups:all()"), {});
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kPermission);
  CHECK(Rehearsal::exit_code(outcome) == ExitCode::kPermission);
  CHECK(world.arrived("list_protection_groups") == 0);
  const auto granted =
      world.run(runbook("return #sdrs.groups:all()", "'sdrs:ListProtectionGroups'"), {});
  CHECK(granted.value == json::Value(1));
}

TEST_CASE("an unknown need and a header that is none are kind usage") {
  Rehearsal world;
  const auto slip = world.run(runbook("", "'sdrs:list_protection_group'"), {});
  REQUIRE(slip.error);
  CHECK(slip.error->kind == ErrorKind::kUsage);
  CHECK_THAT(slip.error->message, Catch::Contains("sdrs:list_protection_groups"));
  runs::Script none = runs::typed_script("return 42");
  none.typed = false;
  const auto outcome = world.run(none, {});
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kUsage);
}

TEST_CASE("tasks that wait for each other end the run, not the program") {
  Rehearsal world;
  const auto outcome = world.run(runs::typed_script(R"(
    local one, two
    one = task.spawn(function() task.sleep(1) two:wait() end)
    two = task.spawn(function() task.sleep(1) one:wait() end)
  )"),
                                 {});
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind == ErrorKind::kScript);
  CHECK_THAT(outcome.error->hint, Catch::Contains("wait for each other"));
}

TEST_CASE("a result that JSON cannot hold is an error of the run") {
  Rehearsal world;
  const auto outcome = world.run(runbook("return { f = function() end }"), {});
  REQUIRE(outcome.error);
  CHECK_THAT(outcome.error->message, Catch::Contains("the result cannot be shown"));
}

TEST_CASE("the document of a run that went well holds result, steps and jobs") {
  Rehearsal world;
  const auto outcome = world.run("failover", {"--group", "demo"});
  const json::Object all = document_of(world, outcome, ExitCode::kDone);
  CHECK(all.text("format") == "neap.run/1");
  CHECK(all.text("runbook") == "sample");
  CHECK(all.flag("ok"));
  CHECK(all.number("exit_code") == 0);
  CHECK(all.number("elapsed").has_value());
  REQUIRE(all.object("result") != nullptr);
  CHECK(all.object("result")->text("status") == "failed-over");
  REQUIRE(all.find("error") != nullptr);
  CHECK(all.find("error")->is_null());
  REQUIRE(all.list("steps").size() == 4);
  for (const json::Value& step : all.list("steps")) {
    CHECK(step.as<json::Object>()->text("status") == "done");
    CHECK(step.as<json::Object>()->number("elapsed").has_value());
  }
  REQUIRE(all.list("jobs").size() == 1);
  const json::Object& job = *all.list("jobs")[0].as<json::Object>();
  CHECK(job.text("operation") == "start_failover_protection_group");
  CHECK(job.text("status") == "SUCCESS");
  CHECK(job.text("job_id").size() == 32);
}

TEST_CASE("the document of a run that failed holds the error with all that is known") {
  Rehearsal world;
  world.plant(R"({"operation":"start_failover_protection_group","kind":"job_fail",)"
              R"("code":"SDRS.1816","message":"storage is away"})");
  const auto outcome = world.run("failover", {"--group", "demo"});
  const json::Object all = document_of(world, outcome, ExitCode::kFailed);
  CHECK_FALSE(all.flag("ok"));
  CHECK(all.number("exit_code") == 1);
  REQUIRE(all.find("result") != nullptr);
  CHECK(all.find("result")->is_null());
  REQUIRE(all.object("error") != nullptr);
  const json::Object& error = *all.object("error");
  CHECK(error.text("kind") == "job_failed");
  CHECK(error.text("code") == "SDRS.1816");
  CHECK_FALSE(error.text("job_id").empty());
  CHECK_FALSE(error.text("hint").empty());
}
