// The order of keys: from the keys alone, however the table came to hold them.
#include <algorithm>

#include <fmt/format.h>

#include "base/random.h"
#include "fixture.h"
#include "support/lua_script.h"
#include "support/seed.h"

using namespace neap;
using test::LuaScript;

namespace {

constexpr const char* kShow = R"(
  local function show(t)
    local parts = {}
    for k, v in pairs(t) do parts[#parts + 1] = tostring(k) .. '=' .. tostring(v) end
    return table.concat(parts, ' ')
  end
  local function show_next(t)
    local parts = {}
    for k, v in next, t do parts[#parts + 1] = tostring(k) .. '=' .. tostring(v) end
    return table.concat(parts, ' ')
  end
)";

std::string run(const std::string& code) {
  return LuaScript().run(kShow + code).text;
}

// A key as Lua text.
std::string random_key(Random& random) {
  switch (random.bits() % 6) {
    case 0:
      return std::to_string(1 + random.bits() % 12);
    case 1:
      return fmt::format("{}", random.between(-5, 5));
    case 2:
      return random.bits() % 2 == 0 ? "true" : "false";
    case 3:
      return std::to_string(random.bits() % 100'000);
    default: {
      std::string text = "\"";
      for (auto left = random.bits() % 20; left > 0; --left) {
        text += fmt::format("\\{:03}", random.bits() % 256);
      }
      return text + "\"";
    }
  }
}

void shuffle(std::vector<std::string>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.bits() % i]);
}

}  // namespace

TEST_CASE("pairs gives places, other numbers, texts by their bytes, false, true") {
  CHECK(run("return show({ b = 1, B = 2, [true] = 3, [false] = 4, [0] = 5, [-1] = 6, [1.5] = 7, "
            "[40] = 8, 'x', 'y', ab = 9, [''] = 10 })") ==
        "1=x 2=y 40=8 -1=6 0=5 1.5=7 =10 B=2 ab=9 b=1 false=4 true=3");
  CHECK(run("return show({ 'a', 'b', 'c' })") == "1=a 2=b 3=c");
  CHECK(run("return show({})").empty());
  CHECK(run("return show({ 'a', nil, 'c', n = 3 })") == "1=a 3=c n=3");
}

TEST_CASE("pairs and next agree, with two histories of every table") {
  const std::uint64_t seed = test::seed_of_run() % 1'000'000'000;
  Random random{seed};
  INFO("NEAP_SEED=" << seed);
  for (int table = 0; table < 200; ++table) {
    std::vector<std::string> keys;
    for (auto left = random.bits() % 40; left > 0; --left) keys.push_back(random_key(random));
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    std::vector<std::string> seen;
    for (int history = 0; history < 2; ++history) {
      shuffle(keys, random);
      std::string code = "local t = {}\n";
      if (history == 1) code += "for i = 1, 50 do t['gone' .. i] = i t[i] = i end\n";
      if (history == 1) code += "for i = 1, 50 do t['gone' .. i] = nil t[i] = nil end\n";
      for (const std::string& key : keys) code += fmt::format("t[{}] = 1\n", key);
      seen.push_back(run(code + "return show(t)"));
      CHECK(run(code + "return show_next(t)") == seen.back());
    }
    CHECK(seen[0] == seen[1]);
  }
}

TEST_CASE("objects come in the order of the numbers that tostring shows") {
  CHECK(run(R"(
    local a, b, c = {}, print, {}
    local order = tostring(c) .. ' ' .. tostring(a) .. ' ' .. tostring(b)
    local t, keys = { [a] = 1, [b] = 1, [c] = 1, z = 1 }, {}
    for k in pairs(t) do keys[#keys + 1] = tostring(k) end
    return tostring(table.concat(keys, ' ') == 'z ' .. order)
  )") == "true");
}

TEST_CASE("one object without a number is the last, and has one from then on") {
  CHECK(run(R"(
    local a, b = {}, {}
    tostring(b)
    local t = { [a] = 'a', [b] = 'b' }
    return select(2, show(t):gsub('table: %d+=', ''))  .. show(t):gsub('table: %d+=', '')
  )") == "2b a");
}

TEST_CASE("two objects without numbers have no order") {
  for (const char* code : {"pairs(t)", "next(t)", "next(t, 'z')", "table.foreach(t, print)"}) {
    INFO(code);
    const std::string told = run(fmt::format(
        "local t = {{ [{{}}] = 1, [print] = 2, z = 3 }} local ok, e = pcall(function() {} end) "
        "return e.kind .. ': ' .. e.message .. '; ' .. e.hint",
        code));
    CHECK(told ==
          "script: a table with 2 keys that are tables, functions or other objects has no order "
          "that a resumed run could repeat; keep them in a list, or key them by an id");
  }
}

TEST_CASE("a table may be changed and emptied while it is traversed") {
  CHECK(run(R"(
    local t, sum = { 1, 2, 3, a = 4, b = 5 }, 0
    for k, v in pairs(t) do t[k] = v * 10 sum = sum + v end
    return sum .. ' ' .. show(t)
  )") == "15 1=10 2=20 3=30 a=40 b=50");
  CHECK(run(R"(
    local t, seen = { 1, 2, 3, a = 4, b = 5 }, ''
    for k in pairs(t) do seen = seen .. k t[k] = nil end
    return seen .. tostring(next(t))
  )") == "123abnil");
  CHECK(run(R"(
    local t, seen = { 1, 2, 3, a = 4, b = 5, c = 6 }, ''
    for k in next, t do seen = seen .. k t[k] = nil end
    return seen .. tostring(next(t))
  )") == "123abcnil");
  CHECK(run(R"(
    local t, seen = { a = 1, b = 2, c = 3, d = 4 }, ''
    for k in pairs(t) do seen = seen .. k t.c = nil end
    return seen
  )") == "abd");
  CHECK(run(R"(
    local queue, seen = { b = 1, a = 2, c = 3 }, ''
    while next(queue) do local k = next(queue) seen = seen .. k queue[k] = nil end
    return seen
  )") == "abc");
}

TEST_CASE("traversals of two tables do not disturb each other") {
  CHECK(run(R"(
    local seen = ''
    for a in next, { x = 1, y = 2 } do
      for b in next, { p = 1, q = 2, 7 } do seen = seen .. a .. b .. ' ' end
      for b in pairs({ z = 1 }) do seen = seen .. b .. ' ' end
    end
    return seen
  )") == "x1 xp xq z y1 yp yq z ");
}

TEST_CASE("next goes on behind any key, also one that is not there") {
  CHECK(
      run("local t = { a = 1, c = 2, 9 } return tostring(next(t, 'b')) .. tostring(next(t, 1)) .. "
          "tostring(next(t, 'c')) .. tostring(next(t, true)) .. tostring((next({ 1, 2 }, 1)))") ==
      "canilnil2");
}

TEST_CASE("pairs and next refuse what is no table, in Lua's words") {
  CHECK(run("local _, e = pcall(function() for _ in pairs() do end end) return e") ==
        "script.lua:12: bad argument #1 to 'pairs' (table expected, got no value)");
  CHECK(run("local _, e = pcall(function() local a = next(5) end) return e") ==
        "script.lua:12: bad argument #1 to 'next' (table expected, got number)");
}

TEST_CASE("table.foreach goes in the same order and stops at the first result") {
  CHECK(run(R"(
    local seen = ''
    local got = table.foreach({ c = 1, a = 2, b = 3, 7 }, function(k)
      seen = seen .. k
      if k == 'b' then return 'stopped' end
    end)
    return seen .. got
  )") == "1abstopped");
}

TEST_CASE("a script's tables cannot be weak") {
  CHECK(run("local _, e = pcall(setmetatable, {}, { __mode = 'k' }) return e") ==
        "setmetatable: __mode is not available to scripts: no resumed run could repeat when a weak "
        "table loses what");
}

TEST_CASE("the dice of math.random fall alike in every fresh state") {
  const std::string code =
      "local t = {} for i = 1, 20 do t[i] = math.random(1000) end "
      "return table.concat(t, ' ')";
  CHECK(run(code) == run(code));
}

TEST_CASE("a large table is traversed whole") {
  LuaScript script;
  const std::string text = script
                               .run(R"(
    local t = {}
    for i = 1, 100000 do t['key ' .. (i * 7919 % 100003)] = i end
    local n = 0
    for _ in pairs(t) do n = n + 1 end
    return n
  )")
                               .text;
  CHECK(text == "100000");
}
