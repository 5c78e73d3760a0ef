// How typed text is understood.
#include "repl/statement.h"

#include <catch2/catch.hpp>

#include "support/lua_script.h"

using namespace neap;
using namespace neap::repl;

namespace {

// Lua's own judgement, as a session has it.
Typed read(std::string_view text) {
  return read_typed(text, [](const std::string& source) -> std::optional<Error> {
    test::LuaScript script;
    if (script.load(source) == 0) return std::nullopt;
    return Error{ErrorKind::kScript, lua_tostring(script.main(), -1)};
  });
}

}  // namespace

TEST_CASE("an expression shows its value, with or without a mark before it") {
  for (const char* text : {"1 + 1", "=1 + 1", " = sdrs.groups:all() ", "f{ a = 1 }", "return 7"}) {
    INFO(text);
    const Typed typed = read(text);
    CHECK(typed.reading == Reading::kCode);
    CHECK(typed.shown);
  }
  CHECK(read("=1 + 1").source == "return 1 + 1");
  CHECK(read("return 7").source == "return 7");
}

TEST_CASE("a statement shows nothing") {
  for (const char* text :
       {"x = 1", "for i = 1, 3 do print(i) end", "function f() end", "local x = 1"}) {
    INFO(text);
    const Typed typed = read(text);
    CHECK(typed.reading == Reading::kCode);
    CHECK_FALSE(typed.shown);
  }
}

TEST_CASE("what is named with local stays for the session") {
  CHECK(read("local x = 1").source == "x = 1");
  CHECK(read("local a, b").source == "a, b = nil");
  CHECK(read("local function f() return f end").source == "function f() return f end");
  CHECK(read("locally = 1").source == "locally = 1");
  CHECK(read("do local x = 1 end").source == "do local x = 1 end");
}

TEST_CASE("code that is not finished asks for more") {
  for (const char* text : {"for i = 1, 3 do", "x = {", "f(", "=", "function f()", "x = [[ab", "1 +",
                           "if a then b() else", "\"a\" ..", "--[[ a comment"}) {
    INFO(text);
    CHECK(read(text).reading == Reading::kMore);
  }
}

TEST_CASE("code that cannot become right does not ask for more") {
  for (const char* text : {"x = \"abc", "end", "x = = 1", "for for", "f)", "x = 'a\nb'"}) {
    INFO(text);
    const Typed typed = read(text);
    CHECK(typed.reading == Reading::kCode);
    CHECK_FALSE(typed.shown);
  }
}

TEST_CASE("an & behind a statement puts it in the background") {
  const Typed typed = read("job:wait() &");
  CHECK(typed.background);
  CHECK(typed.text == "job:wait()");
  CHECK(typed.source == "return job:wait()");
  CHECK_FALSE(read("x = 'a & b'").background);
}

TEST_CASE("commands, blanks and comments are told apart from code") {
  CHECK(read("  :jobs ").reading == Reading::kCommand);
  CHECK(read("  :jobs ").text == ":jobs");
  CHECK(read("").reading == Reading::kNothing);
  CHECK(read(" \n ").reading == Reading::kNothing);
  CHECK(read("-- only words").reading == Reading::kNothing);
  CHECK(read("-- words\nx = 1").reading == Reading::kCode);
}
