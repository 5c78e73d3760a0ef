// Pictures of Lua values: what they hold, what they cost, and that no script runs meanwhile.
#include "lua/snapshot.h"

#include <chrono>
#include <cstdio>

#include <catch2/catch.hpp>
#include <lua.hpp>

#include "lua/call.h"
#include "support/lua_script.h"

namespace neap::lua {
namespace {

using Kind = Snapshot::Kind;

// Holds the picture of what the code returns.
Snapshot picture(const std::string& code, const SnapshotLimits& limits = {}) {
  test::LuaScript script(test::Libraries::kSandboxed, {.memory_limit = 256U << 20});
  lua_State* L = script.main();
  const std::string chunk = code.find("return") == std::string::npos ? "return " + code : code;
  REQUIRE(luaL_loadbuffer(L, chunk.data(), chunk.size(), "@demo.lua") == 0);
  const int status = lua_pcall(L, 0, 1, 0);
  INFO((status == 0 ? "" : lua_tostring(L, -1)));
  REQUIRE(status == 0);
  const int before = lua_gettop(L);
  Snapshot shot = take_snapshot(L, -1, limits);
  REQUIRE(lua_gettop(L) == before);
  return shot;
}

std::string names(const Snapshot& table) {
  std::string all;
  for (const Snapshot::Field& field : table.fields) all += field.name + " ";
  return all;
}

}  // namespace

TEST_CASE("a picture of plain values holds them") {
  CHECK(picture("nil").kind == Kind::kNil);
  CHECK(picture("true").truth);
  CHECK(picture("1.5").number == 1.5);
  CHECK(picture("'a\\0b'").text == std::string("a\0b", 3));
  const Snapshot table =
      picture("{ 1, 'two', name = 'demo', id = 7, a = true, [10.5] = 1, [false] = 2 }");
  CHECK(table.kind == Kind::kTable);
  CHECK_FALSE(table.is_list);
  REQUIRE(table.items.size() == 2);
  CHECK(table.items[1].text == "two");
  CHECK(names(table) == "[10.5] id name a [false] ");
  CHECK(table.find("id")->number == 7);
  CHECK(table.find("b") == nullptr);
  CHECK(picture("{ 1, 2 }").is_list);
  CHECK_FALSE(picture("{}").is_list);
}

TEST_CASE("functions say where they are written, other values what they are") {
  CHECK(picture("function() end").text == "demo.lua:1");
  CHECK(picture("print").text.empty());
  CHECK(picture("print").kind == Kind::kFunction);
  const Snapshot thread = picture("coroutine.create(print)");
  CHECK(thread.kind == Kind::kOpaque);
  CHECK(thread.type == "thread");
}

TEST_CASE("no code of the script runs, whatever its metatables say") {
  const Snapshot shot = picture(R"(
    local function trap() error("it ran") end
    local class = { __index = trap, __len = trap, __tostring = trap, __name = "protection group",
      __shape = setmetatable({ resource = "server_group", id = "id", label = "name",
                               status = "status" }, { __index = trap }),
      status = "INIT", verb = trap, __private = "x" }
    return setmetatable({ id = "7", name = "demo" }, setmetatable(class, { __index = trap })))");
  CHECK(shot.type == "protection group");
  CHECK(shot.shape.resource == "server_group");
  CHECK(shot.shape.label == "name");
  CHECK(names(shot) == "id name status ");  // the last is what the class says of all its things
  CHECK(shot.find("status")->text == "INIT");
  const Snapshot odd =
      picture("setmetatable({ 1 }, { __name = 5, __shape = 'x', __metatable = {} })");
  CHECK(odd.type.empty());
  CHECK(odd.is_list);
}

TEST_CASE("a collection is known by its methods") {
  const Snapshot shot = picture(R"(
    local base = { get = print, each = print, kind = 5, _own = print }
    base.__index = base
    local verbs = setmetatable({ each = print, create = print }, base)
    return setmetatable({ what = "group", kind = {} },
      { __index = verbs, __name = "collection", __methods = true }))");
  CHECK(shot.kind == Kind::kMethods);
  CHECK(shot.type == "collection");
  CHECK(shot.text == "group");
  CHECK(names(shot) == "create each get ");
}

TEST_CASE("an Error says that it is one") {
  test::LuaScript script;
  define_border(script.main());
  push_error(script.main(), Error{ErrorKind::kNotFound, "no group"});
  const Snapshot shot = take_snapshot(script.main(), -1);
  CHECK(shot.type == "Error");
  CHECK(shot.find("kind")->text == "not_found");
  lua_pop(script.main(), 1);
}

TEST_CASE("a cycle ends with the way to what holds it") {
  const Snapshot shot = picture(
      "local t = { groups = { {}, {} } } t.self = t "
      "t.groups[2].up = t.groups return t");
  CHECK(shot.find("self")->kind == Kind::kAgain);
  CHECK(shot.find("self")->text.empty());
  CHECK(shot.find("groups")->items[1].find("up")->text == ".groups");
  // The same table twice is no cycle.
  CHECK(picture("local t = { 1 } return { t, t }").items[1].items.size() == 1);
}

TEST_CASE("what is left out is counted, whole tables below the depth and texts too") {
  const Snapshot list =
      picture("local t = {} for i = 1, 5000 do t[i] = i end t.x = 1 return t", {.items = 10});
  CHECK(list.items.size() == 10);
  CHECK(list.more_items == 4990);
  CHECK(names(list) == "x ");
  const Snapshot map =
      picture("local t = {} for i = 1, 50 do t['k' .. i] = i end return t", {.items = 10});
  CHECK(map.fields.size() == 10);
  CHECK(map.fields[0].name == "k1");
  CHECK(map.more_fields == 40);
  const Snapshot deep = picture("{ a = { b = { c = { 1, 2, x = 3 } } } }", {.depth = 3});
  const Snapshot* bottom = deep.find("a")->find("b")->find("c");
  CHECK(bottom->items.empty());
  CHECK(bottom->more_items == 2);
  CHECK(bottom->more_fields == 1);
  const Snapshot text = picture("('ä'):rep(10)", {.text = 5});
  CHECK(text.text == "ää");
  CHECK(text.cut == 16);
  CHECK(picture("{ [{}] = 1, [print] = 2 }").more_fields == 2);
}

TEST_CASE("a table of a million elements costs what its picture holds") {
  const char* shapes[] = {
      "local t = {} for i = 1, 1e6 do t[i] = i end return t",
      "local t = {} for i = 1, 1e6 do t[i] = { i } end return t",
      "local t = {} for i = 1, 1e6 do t['k' .. i] = i end return t",
      "local t = {} for i = 1e6, 1, -1 do t[i] = i end return t",
      "local t = {} for i = 1, 2e5 do t = { t } end return t",
      "local t = {} for i = 1, 16 do t = { t, t, t, t } end return t",
      "local s = ('x'):rep(1e5) local t = {} for i = 1, 1e6 do t[i] = s end return t",
  };
  for (const char* shape : shapes) {
    test::LuaScript script(test::Libraries::kSandboxed, {.memory_limit = 512U << 20});
    lua_State* L = script.main();
    REQUIRE(luaL_loadstring(L, shape) == 0);
    REQUIRE(lua_pcall(L, 0, 1, 0) == 0);
    const std::size_t memory = script.state().memory_used();
    const auto begun = std::chrono::steady_clock::now();
    const Snapshot shot = take_snapshot(L, -1);
    const auto took = std::chrono::steady_clock::now() - begun;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    std::printf("snapshot: %6lld us of %s\n", static_cast<long long>(micros), shape);
    INFO(shape);
    CHECK(shot.kind == Kind::kTable);
    CHECK(shot.items.size() + shot.fields.size() <= 2000);
    CHECK(script.state().memory_used() < memory + 10'000);
  }
}

}  // namespace neap::lua
