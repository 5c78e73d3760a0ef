// The bounded matcher against the original string library, and its bounds.
#include "lua/match.h"

#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/lua_script.h"
#include "support/seed.h"

namespace neap::lua {
namespace {

using test::Libraries;
using test::LuaScript;
using test::Outcome;

// One call in every form that takes a pattern; all results and errors come back as one text.
constexpr const char* kProbe = R"lua(
local string, concat, pcall, select, tostring, type =
  string, table.concat, pcall, select, tostring, type
local function show(...)
  local out = {}
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    out[i] = type(value) .. ":" .. tostring(value)
  end
  return concat(out, "|")
end
local function words(subject, pattern)
  local out = {}
  for a, b, c in string.gmatch(subject, pattern) do out[#out + 1] = show(a, b, c) end
  return concat(out, ";")
end
local names = setmetatable({ a = "<A>", b = false, ["1"] = 7 }, {
  __index = function(_, key) return key == "ab" and "<index>" or nil end,
})
local function answer(first, second)
  if first == "aa" then error("raised", 0) end
  if first == "b" then return {} end
  if first == 2 then return 2.5 end
  return second and "<" .. tostring(second) .. ">"
end
function probe(call, subject, pattern, extra)
  if call == "find" then return show(pcall(string.find, subject, pattern, extra)) end
  if call == "plain" then return show(pcall(string.find, subject, pattern, extra, true)) end
  if call == "match" then return show(pcall(string.match, subject, pattern, extra)) end
  if call == "gmatch" then return show(pcall(words, subject, pattern)) end
  if call == "gsub" then
    return show(pcall(string.gsub, subject, pattern, ({ "x", "%1-%0", "%2%%", "%", "" })[extra % 5 + 1]))
  end
  if call == "gsub some" then return show(pcall(string.gsub, subject, pattern, "[%0]", extra)) end
  if call == "gsub table" then return show(pcall(string.gsub, subject, pattern, names)) end
  return show(pcall(string.gsub, subject, pattern, answer))
end)lua";

const std::vector<const char*> kCalls = {"find", "plain",     "match",      "gmatch",
                                         "gsub", "gsub some", "gsub table", "gsub function"};

std::string probe(LuaScript& script, const char* call, const std::string& subject,
                  const std::string& pattern, int extra) {
  lua_State* L = script.main();
  lua_getglobal(L, "probe");
  lua_pushstring(L, call);
  lua_pushlstring(L, subject.data(), subject.size());
  lua_pushlstring(L, pattern.data(), pattern.size());
  lua_pushinteger(L, extra);
  lua_pcall(L, 4, 1, 0);
  std::size_t size = 0;
  const char* text = lua_tolstring(L, -1, &size);
  std::string result(text, size);
  lua_pop(L, 1);
  return result;
}

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

  std::string subject() {
    static constexpr std::string_view kLetters = "aaabb12 (),.-\n\xe9";
    std::string text;
    for (int n = below(14); n > 0; --n) text += kLetters[pick(kLetters.size())];
    if (below(40) == 0) text.insert(pick(text.size() + 1), 1, '\0');
    return text;
  }

  std::string pattern() {
    std::string text = below(5) == 0 ? "^" : "";
    int open = 0;
    for (int n = 1 + below(6); n > 0; --n) {
      if (below(6) == 0 && open < 3) {
        text += below(3) == 0 ? "()" : "(";
        open += text.back() == '(' ? 1 : 0;
      }
      text += item();
      if (open > 0 && below(3) == 0) {
        text += ')';
        --open;
      }
    }
    // Now and then a capture stays open, a set lacks its end: malformed patterns must fail alike.
    if (below(20) != 0) text.append(static_cast<std::size_t>(open), ')');
    if (below(6) == 0) text += '$';
    if (below(25) == 0 && !text.empty()) text.resize(pick(text.size()));
    return text;
  }

 private:
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(below(static_cast<int>(n))); }

  std::string item() {
    static const std::vector<std::string> kSingles = {
        "a",     "b",    "1",    ".",    "%a",    "%d", "%s", "%w",   "%W",    "%p",    "%l",
        "%U",    "%x",   "%c",   "%g",   "%.",    "%%", "%z", "[ab]", "[^a]",  "[%w]",  "[a-b1]",
        "[^%s]", "[]a]", "[a-]", "[%]]", "[^]b]", "-",  "$",  "^",    "[b-a]", "[%a-z]"};
    static const std::vector<std::string> kOthers = {"%b()", "%baa", "%f[%w]", "%f[^a]", "%f[%z]",
                                                     "%1",   "%2",   "%b",     "%f",     "]"};
    if (below(9) == 0) return kOthers[pick(kOthers.size())];
    static constexpr const char* kSuffixes[] = {"", "", "", "*", "+", "-", "?"};
    return kSingles[pick(kSingles.size())] + kSuffixes[pick(7)];
  }

  std::mt19937_64 random_;
};

TEST_CASE("24,000 random calls give what the original string library gives") {
  constexpr int kRounds = 3000;
  LuaScript original(Libraries::kOriginal);
  LuaScript ours;
  REQUIRE(original.run(kProbe).status == 0);
  REQUIRE(ours.run(kProbe).status == 0);
  const std::uint64_t seed = test::seed_of_run();
  INFO("NEAP_SEED=" << seed);
  Maker make(seed);
  std::map<std::string, int> failed;
  int matched = 0;
  int calls = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string subject = make.subject();
    const std::string pattern = make.pattern();
    const int extra = make.below(18) - 4;
    for (const char* call : kCalls) {
      const std::string expected = probe(original, call, subject, pattern, extra);
      const std::string actual = probe(ours, call, subject, pattern, extra);
      if (expected.starts_with("boolean:false")) ++failed[expected.substr(0, 40)];
      if (expected.starts_with("boolean:true|n") && call == kCalls[0]) ++matched;
      ++calls;
      if (actual != expected) {
        FAIL(call << "(" << Catch::Detail::stringify(subject) << ", "
                  << Catch::Detail::stringify(pattern) << ", " << extra
                  << ")\noriginal: " << expected << "\nours:     " << actual);
      }
    }
  }
  std::cout << "patterns: seed " << seed << ", " << calls << " calls alike, " << matched << " of "
            << kRounds << " finds matched or gave nil, " << failed.size()
            << " kinds of error seen\n";
  CHECK(failed.size() >= 8);
}

TEST_CASE("a NUL in a pattern is an ordinary character") {
  LuaScript script;
  CHECK(script.run(R"(return ("x\0y"):match("x\0y") == "x\0y")").text == "true");
  CHECK(script.run(R"(return ("xy"):match("x\0y") == nil)").text == "true");
}

TEST_CASE("a pattern that explodes is given up after ten million steps") {
  LuaScript script;
  const std::string wanted = "script.lua:1: pattern too complex: gave up after 10000000 steps";
  const std::vector<const char*> attempts = {
      "local x = ('a'):rep(30):find(('a*'):rep(20) .. 'c')",
      "local x = ('a'):rep(65536):find('.-b')",
      "local x = ('a'):rep(65536):match('.*b.*c')",
      "local x = ('a'):rep(40):gsub(('a?'):rep(40) .. ('a'):rep(41), 'x')",
      "for _ in ('a'):rep(65536):gmatch('a*b') do end",
      "local x = ('('):rep(65536):find('%b()')",
      "local x = ('a'):rep(65536):find('[' .. ('b'):rep(65536) .. ']')",
      "local x = ('a'):rep(1e6):find('^(' .. ('a'):rep(1000) .. '.*)%1%1%1b')",
  };
  for (const char* attempt : attempts) {
    INFO(attempt);
    const Outcome outcome = script.run(attempt);
    CHECK(outcome.status == LUA_ERRRUN);
    CHECK(outcome.text == wanted);
  }
}

TEST_CASE("captures cannot nest deeper than the original allows") {
  LuaScript script;
  CHECK(script.run("local x = ('a'):rep(300):find(('a?'):rep(250))").text ==
        "script.lua:1: pattern too complex");
  CHECK(script.run("local x = ('a'):find(('('):rep(33) .. 'a')").text ==
        "script.lua:1: too many captures");
}

TEST_CASE("a plain search in a huge text is linear") {
  LuaScript script;
  // Naive search would compare 10^12 bytes here.
  CHECK(script.run("local a = ('a'):rep(4e6) return a:find(a:sub(1, 2e6) .. 'b', 1, true) == nil")
            .text == "true");
}

TEST_CASE("an error raised by a replacement function reaches the caller as it is") {
  LuaScript script;
  CHECK(script
            .run("local thrown = {} local ok, got = pcall(string.gsub, 'abc', '%w', "
                 "function() error(thrown) end) return not ok and got == thrown")
            .text == "true");
}

TEST_CASE("a replacement function may not yield") {
  LuaScript script;
  CHECK(script
            .run("return select(2, coroutine.wrap(function() return pcall(string.gsub, 'abc', "
                 "'%w', coroutine.yield) end)())")
            .text == "attempt to yield across C-call boundary");
}

TEST_CASE("a matcher counts the steps of all its attempts together") {
  const std::string subject(100, 'a');
  Matcher matcher(subject, "a*b", 1000);
  CHECK_THROWS_AS(
      [&] {
        for (const char& start : subject) matcher.match_at(&start);
      }(),
      PatternError);
}

}  // namespace
}  // namespace neap::lua
