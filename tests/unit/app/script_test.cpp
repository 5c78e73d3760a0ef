// Scripts by name, and the help and seeds that go with them.
#include "runs/script.h"

#include <catch2/catch.hpp>

#include "app/usage.h"
#include "json/document.h"

using namespace neap;
using namespace neap::app;
using namespace neap::runs;

namespace {

Error not_found(const std::string& runbook) {
  const Result<runs::Script> script = runs::find_script(runbook);
  REQUIRE_FALSE(script.has_value());
  return script.error();
}

}  // namespace

TEST_CASE("every bundled runbook is found by its name") {
  CHECK_FALSE(runs::bundled_runbooks().empty());
  for (const std::string& name : runs::bundled_runbooks()) {
    const Result<runs::Script> script = runs::find_script(name);
    REQUIRE(script.has_value());
    CHECK(script->name == name);
    CHECK(script->chunk == "@" + name + ".lua");
    CHECK_FALSE(script->source.empty());
    CHECK_FALSE(script->typed);
  }
}

TEST_CASE("an unknown runbook is kind usage, with the nearest names and the bundled ones") {
  const Error slip = not_found("failver");
  CHECK(slip.kind == ErrorKind::kUsage);
  CHECK_THAT(slip.message, Catch::Contains("did you mean failover?"));
  const Error far = not_found("weather");
  CHECK_THAT(far.message, !Catch::Contains("did you mean"));
  CHECK_THAT(far.hint, Catch::Contains("failover") && Catch::Contains("./weather.lua"));
  CHECK(not_found("\x1b[31m").message.find('\x1b') == std::string::npos);
}

TEST_CASE("a path that cannot be read says why") {
  const Error missing = not_found("./no/such/file.lua");
  CHECK(missing.kind == ErrorKind::kUsage);
  CHECK_THAT(missing.message, Catch::Contains("No such file"));
  CHECK_THAT(not_found("./").message, Catch::Contains("directory"));
}

TEST_CASE("code on the command line needs no header and has no folder") {
  const runs::Script script = runs::typed_script("return 1");
  CHECK(script.typed);
  CHECK(script.folder.empty());
  CHECK(script.source == "return 1");
}

TEST_CASE("a runbook's help shows what it takes, what it may call and its objective") {
  const Result<json::Document> description = json::Document::parse(R"({
    "name": "sample", "summary": "Do a thing", "rto": "15m", "needs": ["sdrs:show_job_status"],
    "params": [
      {"name": "group", "type": "string", "required": true, "help": "which group"},
      {"name": "dry_run", "type": "boolean", "required": false, "default": "false", "help": "only look"},
      {"name": "timeout", "type": "duration", "required": false, "default": "30m", "help": "how long"}
    ]})");
  REQUIRE(description.has_value());
  const std::string usage = runbook_usage("sample", *description->value().as<json::Object>());
  CHECK_THAT(usage, Catch::StartsWith("Do a thing\n"));
  CHECK_THAT(usage, Catch::Contains("neap run sample --group string [--dry-run] "
                                    "[--timeout duration]\n"));
  CHECK_THAT(usage, Catch::Contains("which group (required)\n"));
  CHECK_THAT(usage, Catch::Contains("only look\n"));
  CHECK_THAT(usage, Catch::Contains("how long (30m if not given)\n"));
  CHECK_THAT(usage, Catch::Contains("15m"));
  CHECK_THAT(usage, Catch::Contains("  sdrs:show_job_status\n"));
}

TEST_CASE("a seed is a whole number from 0 to 2^53, or fresh") {
  CHECK(*parse_seed("0") == 0);
  CHECK(*parse_seed("9007199254740992") == 9007199254740992u);
  for (const char* text :
       {"9007199254740993", "-1", "7x", " 7", "0x10", "1e3", "99999999999999999999999"}) {
    INFO(text);
    const Result<std::uint64_t> seed = parse_seed(text);
    REQUIRE_FALSE(seed.has_value());
    CHECK(seed.error().kind == ErrorKind::kUsage);
  }
  CHECK(parse_seed("").has_value());
}
