// The memory budget of a Lua state.
#include "lua/state.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "support/lua_script.h"

namespace neap::lua {
namespace {

using test::Libraries;
using test::LuaScript;

constexpr std::size_t kMiB = 1U << 20;

TEST_CASE("memory in use is counted and comes back to nothing but the base after a collection") {
  LuaScript script;
  lua_gc(script.main(), LUA_GCCOLLECT, 0);
  const std::size_t base = script.state().memory_used();
  CHECK(base > 10'000);
  CHECK(base < 200'000);
  REQUIRE(script.run("kept = ('x'):rep(1e6)").status == 0);
  CHECK(script.state().memory_used() >= base + 1'000'000);
  REQUIRE(script.run("kept = nil").status == 0);
  lua_gc(script.main(), LUA_GCCOLLECT, 0);
  CHECK(script.state().memory_used() < base + 20'000);
}

TEST_CASE("growth beyond the limit is refused and the state goes on") {
  LuaScript script(Libraries::kSandboxed, {.memory_limit = 4 * kMiB});
  const char* attempts[] = {
      "local t = {} for i = 1, 1e9 do t[i] = i end",
      "local s = 'x' while true do s = s .. s end",
      "local t = {} while true do t[#t + 1] = ('x'):rep(1e5 + #t) end",
      "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
      "local function grow(...) return grow(1, ...) end grow()",
  };
  for (const char* attempt : attempts) {
    INFO(attempt);
    const test::Outcome outcome = script.run(attempt);
    CHECK(outcome.status != 0);
    CHECK(script.state().memory_used() <= 4 * kMiB);
    script.state().relieve();
    CHECK(script.run("local t = {} for i = 1, 1e4 do t[i] = {} end return #t").text == "10000");
  }
}

TEST_CASE("a script may catch a denial and go on with what fits") {
  LuaScript script(Libraries::kSandboxed, {.memory_limit = 4 * kMiB});
  CHECK(script.run("local ok, err = pcall(string.rep, 'x', 5e6) return err").text ==
        "not enough memory");
  CHECK(script.run("return 1 + 1").text == "2");
}

TEST_CASE("relieve collects garbage only above three quarters of the limit") {
  LuaScript script(Libraries::kSandboxed, {.memory_limit = 4 * kMiB});
  lua_gc(script.main(), LUA_GCSTOP, 0);
  REQUIRE(script.run("local s = ('x'):rep(2e6)").status == 0);
  CHECK_FALSE(script.state().over_soft_limit());
  const std::size_t before = script.state().memory_used();
  script.state().relieve();
  CHECK(script.state().memory_used() == before);
  REQUIRE(script.run("local s = ('y'):rep(1500000)").status == 0);
  CHECK(script.state().over_soft_limit());
  script.state().relieve();
  CHECK(script.state().memory_used() < kMiB);
}

TEST_CASE("the host can still build an error value after a denial") {
  LuaScript script(Libraries::kSandboxed, {.memory_limit = kMiB});
  const test::Outcome full =
      script.run("kept = {} for i = 1, 1e9 do kept[i] = tostring(i) .. ' fills the last gaps' end");
  REQUIRE(full.status == LUA_ERRMEM);
  const auto build = [](lua_State* L) {
    lua_createtable(L, 0, 16);
    for (int i = 1; i <= 1000; ++i) {
      lua_pushfstring(L, "a text of the host that is new, number %d", i);
      lua_rawseti(L, -2, i);
    }
    return 0;
  };
  CHECK(lua_cpcall(script.main(), build, nullptr) == LUA_ERRMEM);
  lua_settop(script.main(), 0);
  {
    const State::Headroom room = script.state().headroom();
    CHECK(lua_cpcall(script.main(), build, nullptr) == 0);
  }
  CHECK(lua_cpcall(script.main(), build, nullptr) == LUA_ERRMEM);
}

TEST_CASE("a limit of zero is none") {
  LuaScript script(Libraries::kSandboxed, {.memory_limit = 0});
  CHECK(script.run("local t = {} for i = 1, 10 do t[i] = ('x'):rep(8e6 - i) end return #t").text ==
        "10");
  CHECK_FALSE(script.state().over_soft_limit());
}

TEST_CASE("a limit that the libraries do not fit into is an error, not a crash") {
  for (std::size_t limit = 1; limit < 30'000; limit += 997) {
    INFO(limit);
    CHECK_THROWS_AS(State({.memory_limit = limit}), Failure);
  }
}

TEST_CASE("the compiler is off unless asked for") {
  LuaScript interpreted(Libraries::kOriginal);
  CHECK(interpreted.run("return (jit.status())").text == "false");
  LuaScript compiled(Libraries::kOriginal, {.jit = true});
  CHECK(compiled.run("return (jit.status())").text == "true");
}

}  // namespace
}  // namespace neap::lua

TEST_CASE("a state full of live data is not collected again and again for nothing") {
  neap::lua::State state({.memory_limit = 8u << 20});
  lua_State* L = state.main();
  lua_CFunction fill = [](lua_State* l) {
    lua_newtable(l);
    for (int i = 1; i <= 120; ++i) {
      lua_pushstring(l, std::string(56u << 10, static_cast<char>('a' + i % 26))
                            .append(std::to_string(i))
                            .c_str());
      lua_rawseti(l, -2, i);
    }
    lua_setglobal(l, "kept");
    return 0;
  };
  REQUIRE(lua_cpcall(L, fill, nullptr) == 0);
  REQUIRE(state.over_soft_limit());
  state.relieve();
  // Garbage that a collection would take, but too little to be worth one.
  lua_CFunction litter = [](lua_State* l) {
    lua_pushstring(l, std::string(32u << 10, 'x').c_str());
    lua_pop(l, 1);
    return 0;
  };
  REQUIRE(lua_cpcall(L, litter, nullptr) == 0);
  const std::size_t before = state.memory_used();
  state.relieve();
  CHECK(state.memory_used() == before);
}
