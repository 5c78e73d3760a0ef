// Sessions as runbooks.
#include "repl/saved_runbook.h"

#include <catch2/catch.hpp>

#include "support/lua_script.h"

using namespace neap;
using namespace neap::repl;
using Catch::Contains;

namespace {

Lived looked(const std::string& expression) {
  Lived lived;
  lived.typed = {Reading::kCode, expression, "return " + expression, true, false};
  lived.used = {"sdrs:show_protection_group"};
  return lived;
}

Lived did(const std::string& text) {
  Lived lived;
  lived.typed = {Reading::kCode, text, text, false, false};
  lived.used = {"sdrs:list_protection_groups"};
  return lived;
}

Lived changed(const std::string& text, const std::string& operation) {
  Lived lived = did(text);
  lived.used = {operation};
  lived.changed = {operation};
  return lived;
}

std::string saved(std::vector<Lived> statements, std::vector<std::string> globals = {}) {
  std::string text = runbook_of({"night", "2026-11-30 03:41 UTC", "the simulator",
                                 std::move(statements), std::move(globals)});
  INFO(text);
  CHECK(test::LuaScript().load(text) == 0);
  return text;
}

}  // namespace

TEST_CASE("a saved session has a header with the permissions that it used") {
  const std::string text =
      saved({did("g = sdrs.groups:find('demo')"),
             changed("job = g:failover()", "sdrs:start_failover_protection_group")},
            {"g", "job"});
  CHECK_THAT(text, Contains("name = \"night\""));
  CHECK_THAT(text, Contains("local g, job\n"));
  CHECK_THAT(text, Contains("    \"sdrs:list_protection_groups\",\n"
                            "    \"sdrs:start_failover_protection_group\",\n"));
}

TEST_CASE("what changes something becomes a step that asks first") {
  const std::string text =
      saved({changed("job = g:failover()", "sdrs:start_failover_protection_group")}, {"g", "job"});
  CHECK_THAT(text, Contains("    ctx:confirm(\"Send sdrs:start_failover_protection_group?\")\n"
                            "    ctx:step(\"job = g:failover()\", function()\n"
                            "      job = g:failover()\n    end)\n"));
}

TEST_CASE("what was only looked at is a comment, and asks for no permission") {
  const std::string text = saved({looked("g.status"), did("x = 1")}, {"g", "x"});
  CHECK_THAT(text, Contains("    -- looked at: g.status\n    x = 1\n"));
  CHECK_THAT(text, !Contains("sdrs:show_protection_group"));
  CHECK_THAT(text, !Contains("local g, x, _"));
}

TEST_CASE("a last value that is used later is kept under its name") {
  const std::string text = saved({looked("sdrs.groups:find('demo')"), did("g = _")}, {"g"});
  CHECK_THAT(text, Contains("local g, _\n"));
  CHECK_THAT(text, Contains("    _ = sdrs.groups:find('demo')\n    g = _\n"));
  CHECK_THAT(text, Contains("\"sdrs:show_protection_group\""));
}

TEST_CASE("an expression that changes something is carried out, and its value kept") {
  Lived lived = looked("g:failover()");
  lived.changed = {"sdrs:start_failover_protection_group"};
  const std::string text = saved({lived}, {"g"});
  CHECK_THAT(text, Contains("      _ = g:failover()\n"));
  CHECK_THAT(text, Contains("local g, _\n"));
}

TEST_CASE("a statement that failed is a comment; one whose wait was interrupted did what it did") {
  Lived wrong = did("x = nil + 1");
  wrong.error = Error{ErrorKind::kScript, "attempt to perform arithmetic\non a nil value"};
  Lived interrupted = changed("job = g:failover() job:wait()", "sdrs:start_failover");
  interrupted.error = Error{ErrorKind::kCancelled, "interrupted"};
  Lived waited = did("task.sleep('1h')");
  waited.error = Error{ErrorKind::kCancelled, "interrupted"};
  const std::string text = saved({wrong, interrupted, waited}, {"g", "job"});
  CHECK_THAT(text, Contains("    -- failed: x = nil + 1\n    -- attempt to perform arithmetic"));
  CHECK_THAT(text, Contains("      job = g:failover() job:wait()\n    end)\n"));
  CHECK_THAT(text, Contains("    -- failed: task.sleep('1h')\n"));
}

TEST_CASE("a return at the end of a statement does not end the runbook") {
  const std::string text = saved({did("task.sleep(1) return 7"), did("x = 1")}, {"x"});
  CHECK_THAT(text, Contains("    _ = (function()\n      task.sleep(1) return 7\n    end)()\n"));
  CHECK_THAT(text, Contains("local x, _\n"));
}

TEST_CASE("names and texts cannot break out of the header") {
  const std::string text =
      runbook_of({"a\"b\\", "now", "the simulator", {did("x = \"\\\"\"")}, {}});
  CHECK(test::LuaScript().load(text) == 0);
}

TEST_CASE("statements of several lines keep them") {
  const std::string text = saved({did("for i = 1, 2 do\n  x = i\nend")}, {"x"});
  CHECK_THAT(text, Contains("    for i = 1, 2 do\n      x = i\n    end\n"));
}
