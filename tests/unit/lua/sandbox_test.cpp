// The sandbox: attempts to get out of it, and what must go on working inside.
#include "lua/sandbox.h"

#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/lua_script.h"

namespace neap::lua {
namespace {

using test::Libraries;
using test::LuaScript;

struct Snippet {
  const char* name;
  const char* code;
};

constexpr Snippet kAttempts[] = {
#include "unit/lua/sandbox_attempts.inc"
};

constexpr Snippet kControls[] = {
#include "unit/lua/sandbox_controls.inc"
};

// Runs the snippet as its own chunk; true leaves its first result on the stack, false the error.
bool run(lua_State* L, const Snippet& snippet) {
  const std::string code = snippet.code;
  REQUIRE(luaL_loadbufferx(L, code.data(), code.size(), "=sandbox", "t") == 0);
  return lua_pcall(L, 0, 1, 0) == 0;
}

std::string show(lua_State* L, int index) {
  const char* text = lua_tostring(L, index);
  return text == nullptr ? luaL_typename(L, index) : text;
}

TEST_CASE("no attempt to get out of the sandbox gains anything") {
  int refused = 0;
  int nothing = 0;
  for (const Snippet& attempt : kAttempts) {
    INFO(attempt.name);
    LuaScript script;
    lua_State* L = script.main();
    if (run(L, attempt)) {
      INFO("gained: " << show(L, -1));
      CHECK_FALSE(lua_toboolean(L, -1));
      ++nothing;
    } else {
      // A crash of our own wrappers would look like a refusal too.
      INFO("error: " << show(L, -1));
      CHECK(show(L, -1).find("C++ exception") == std::string::npos);
      ++refused;
    }
    CHECK(script.run("local x = ('ok'):upper() return x").text == "OK");
  }
  std::printf("sandbox: %zu attempts, %d refused with an error, %d found nothing\n",
              std::size(kAttempts), refused, nothing);
  CHECK(std::size(kAttempts) >= 70);
}

TEST_CASE("every attempt is understood by a state without the sandbox") {
  // Otherwise an attempt could be contained by a slip of the pen.
  LuaScript script(Libraries::kOriginal);
  for (const Snippet& attempt : kAttempts) {
    INFO(attempt.name);
    const std::string code = attempt.code;
    CHECK(luaL_loadbufferx(script.main(), code.data(), code.size(), "=attempt", "t") == 0);
    lua_settop(script.main(), 0);
  }
}

TEST_CASE("what scripts need goes on working") {
  LuaScript script;
  lua_State* L = script.main();
  for (const Snippet& control : kControls) {
    INFO(control.name);
    const bool ran = run(L, control);
    INFO(show(L, -1));
    CHECK(ran);
    CHECK(lua_isboolean(L, -1));
    CHECK(lua_toboolean(L, -1));
    lua_settop(L, 0);
  }
  std::printf("sandbox: %zu positive controls\n", std::size(kControls));
  CHECK(std::size(kControls) >= 18);
}

// Every function that can be reached from the value on top through fields, metatables included,
// which is more than a script can follow. Pops the value.
void collect_functions(lua_State* L, std::set<const void*>& seen,
                       std::set<const void*>& functions) {
  if (lua_isfunction(L, -1)) functions.insert(lua_topointer(L, -1));
  if (lua_getmetatable(L, -1) != 0) collect_functions(L, seen, functions);
  if (lua_istable(L, -1) && seen.insert(lua_topointer(L, -1)).second) {
    luaL_checkstack(L, 8, "too deep");
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
      collect_functions(L, seen, functions);
      lua_pushvalue(L, -1);
      collect_functions(L, seen, functions);
    }
  }
  lua_pop(L, 1);
}

TEST_CASE("no dangerous function is reachable from the globals, the registry or a string") {
  LuaScript script(Libraries::kOriginal);
  lua_State* L = script.main();
  std::set<const void*> dangerous;
  const char* const lists[] = {
      "return io",
      "return os",
      "return debug",
      "return package",
      "return jit",
      "return { require, module, dofile, loadfile, load, loadstring, getfenv }",
      "return { setfenv, collectgarbage, newproxy, gcinfo, getmetatable }",
      "return { setmetatable, rawset, tostring, string.dump, string.find }",
      "return { string.match, string.gmatch, string.gsub, string.rep }",
      "return { string.format, table.sort, table.concat }",
      "return require('ffi')",
      "return require('string.buffer')"};
  for (const char* list : lists) {
    REQUIRE(luaL_dostring(L, list) == 0);
    std::set<const void*> seen;
    lua_pushvalue(L, LUA_GLOBALSINDEX);  // package.loaded leads back to the harmless ones
    seen.insert(lua_topointer(L, -1));
    lua_pop(L, 1);
    lua_pushnil(L);
    while (lua_next(L, 1) != 0) {
      if (lua_isfunction(L, -1)) dangerous.insert(lua_topointer(L, -1));
      lua_pop(L, 1);
    }
    lua_settop(L, 0);
  }
  REQUIRE(luaL_dostring(L, "return os.difftime") == 0);
  dangerous.erase(lua_topointer(L, -1));
  lua_settop(L, 0);
  CHECK(dangerous.size() > 60);
  lua_gc(L, LUA_GCSTOP, 0);  // so that no address is used twice

  make_sandbox(L);
  std::set<const void*> seen;
  std::set<const void*> reachable;
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  collect_functions(L, seen, reachable);
  lua_pushliteral(L, "");
  collect_functions(L, seen, reachable);
  CHECK(reachable.size() > 80);
  for (const void* function : dangerous) CHECK(reachable.count(function) == 0);
}

TEST_CASE("the numbers that tostring shows are the same in every state") {
  const char* code =
      "local text = '' for _, thing in ipairs({ {}, print, {}, {} }) do "
      "text = text .. tostring(thing) .. ' ' end return text";
  LuaScript first;
  LuaScript second;
  CHECK(first.run(code).text == "table: 1 function: 2 table: 3 table: 4 ");
  CHECK(second.run(code).text == "table: 1 function: 2 table: 3 table: 4 ");
}

TEST_CASE("recursion by way of the C stack ends in an error") {
  const char* attempts[] = {
      "local function f() ('x'):gsub('x', f) end f()",
      "local function f() table.sort({ 1, 2 }, f) end f()",
      "local t = setmetatable({}, {}) getmetatable(t).__tostring = function() "
      "return tostring(t) .. 'x' end tostring(t)",
      "local t = setmetatable({}, {}) getmetatable(t).__tostring = function() "
      "local s = ('%s'):format(t) return s end tostring(t)",
      "local t = setmetatable({}, {}) getmetatable(t).__tostring = function() "
      "print(t) return 'x' end print(t)",
      "local t = setmetatable({}, {}) getmetatable(t).__index = function() "
      "return (('x'):gsub('x', t)) end local x = t.x",
      "local function f() assert(load(f)) end f()",
      "local function f() coroutine.wrap(f)() end f()",
      "local function f() assert(coroutine.resume(coroutine.create(f))) end f()",
      "local function f() coroutine.wrap(function() ('x'):gsub('x', f) end)() end f()",
  };
  LuaScript script;
  for (const char* attempt : attempts) {
    INFO(attempt);
    const test::Outcome outcome = script.run(attempt);
    CHECK(outcome.status == LUA_ERRRUN);
    CHECK(outcome.text.find("nested too deep") != std::string::npos);
    CHECK(account_of(script.main()).nested == 0);
  }
  CHECK(script
            .run("local function f(n) if n == 0 then return 0 end "
                 "return 1 + coroutine.wrap(f)(n - 1) end return f(150)")
            .text == "150");
}

TEST_CASE("seal_library closes os once the host has added its clock") {
  LuaScript script;
  lua_State* L = script.main();
  REQUIRE(script.run("os.time = function() return 42 end").status == 0);
  seal_library(L, "os");
  CHECK(script.run("return os.time()").text == "42");
  CHECK(script.run("os.time = nil").text == "script.lua:1: the library 'os' is read-only");
}

}  // namespace
}  // namespace neap::lua
