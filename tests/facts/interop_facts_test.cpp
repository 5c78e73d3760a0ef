// Pins how errors and exceptions of LuaJIT and C++ meet (style.md 3.7): the border relies on it.
#include <memory>
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>
#include <lua.hpp>

namespace neap {
namespace {

// Counts the objects that were cleaned up when an error passed through their frame.
struct Witness {
  explicit Witness(int& count) : died(count) {}
  ~Witness() { ++died; }
  int& died;
  std::string text = std::string(100, 'x');
};

struct Unknown {};  // not a std::exception

class Lua {
 public:
  Lua() : state_(luaL_newstate(), lua_close) {
    luaL_openlibs(state());
    add("raise", raise);
    add("throw_typed", throw_typed);
    add("throw_unknown", throw_unknown);
    add("catch_typed", catch_typed);
    add("catch_all", catch_all);
    add("raise_in_handler", raise_in_handler);
  }
  lua_State* state() const { return state_.get(); }

  // The text of the first result, or of the error.
  std::string run(const char* code) {
    const int status = luaL_dostring(state(), code);
    const char* text = lua_tostring(state(), -1);
    std::string result = (status == 0 ? "" : "error: ") + std::string(text == nullptr ? "?" : text);
    lua_settop(state(), 0);
    return result;
  }

  int died = 0;

 private:
  void add(const char* name, lua_CFunction function) {
    lua_pushlightuserdata(state(), this);
    lua_pushcclosure(state(), function, 1);
    lua_setglobal(state(), name);
  }
  static int& count(lua_State* L) {
    return static_cast<Lua*>(lua_touserdata(L, lua_upvalueindex(1)))->died;
  }
  static int raise(lua_State* L) {
    const Witness witness(count(L));
    return luaL_error(L, "raised");
  }
  static int throw_typed(lua_State* L) {
    const Witness witness(count(L));
    throw std::runtime_error("thrown");
  }
  static int throw_unknown(lua_State* L) {
    const Witness witness(count(L));
    throw Unknown{};
  }
  static int catch_typed(lua_State* L) {
    try {
      lua_call(L, 0, 0);
    } catch (const std::exception&) {
      lua_pushliteral(L, "caught");
      return 1;
    }
    lua_pushliteral(L, "returned");
    return 1;
  }
  static int catch_all(lua_State* L) {
    bool caught = false;
    try {
      lua_call(L, 0, 0);
    } catch (...) {
      caught = true;
    }
    lua_pushstring(L, caught ? "caught" : "returned");
    return 1;
  }
  static int raise_in_handler(lua_State* L) {
    try {
      throw std::runtime_error("thrown");
    } catch (const std::exception& error) {
      return luaL_error(L, "from the handler: %s", error.what());
    }
  }

  std::unique_ptr<lua_State, void (*)(lua_State*)> state_;
};

TEST_CASE("a Lua error runs the destructors of the C++ frames it passes") {
  Lua lua;
  CHECK(lua.run("local ok, err = pcall(raise) return err") == "raised");
  CHECK(lua.died == 1);
  CHECK(lua.run("for i = 1, 1000 do pcall(raise) end return 'usable'") == "usable");
  CHECK(lua.died == 1001);
}

TEST_CASE("a C++ exception becomes a Lua error that has lost its text") {
  Lua lua;
  CHECK(lua.run("local ok, err = pcall(throw_typed) return err") == "C++ exception");
  CHECK(lua.run("throw_typed()") == "error: C++ exception");
  CHECK(
      lua.run("local co = coroutine.create(throw_typed) return select(2, coroutine.resume(co))") ==
      "C++ exception");
  CHECK(lua.died == 3);
}

TEST_CASE("a C++ exception calls no handler of xpcall, a Lua error does") {
  Lua lua;
  CHECK(lua.run("local got = 'not called' xpcall(throw_unknown, function() got = 'called' end) "
                "return got") == "not called");
  CHECK(lua.run("local got xpcall(raise, function(err) got = err end) return got") == "raised");
}

TEST_CASE("catching std::exception lets Lua errors and other exceptions pass") {
  Lua lua;
  CHECK(lua.run("return select(2, pcall(catch_typed, raise))") == "raised");
  CHECK(lua.run("return select(2, pcall(catch_typed, throw_unknown))") == "C++ exception");
  CHECK(lua.run("return catch_typed(throw_typed)") == "caught");
}

TEST_CASE("catch (...) swallows a Lua error, so it is only used with throw") {
  Lua lua;
  CHECK(lua.run("return catch_all(raise)") == "caught");
  CHECK(lua.run("for i = 1, 1000 do catch_all(raise) end return 'usable'") == "usable");
}

TEST_CASE("a Lua error may be raised inside a catch block") {
  Lua lua;
  CHECK(lua.run("for i = 1, 100 do pcall(raise_in_handler) end "
                "return select(2, pcall(raise_in_handler))") == "from the handler: thrown");
}

TEST_CASE("a C++ exception that no protected call stops arrives as it was thrown") {
  Lua lua;
  lua_getglobal(lua.state(), "throw_typed");
  CHECK_THROWS_WITH(lua_call(lua.state(), 0, 0), "thrown");
}

TEST_CASE("waits reach through pcall, xpcall, metamethods and iterators") {
  Lua lua;
  const char* attempts[] = {
      "pcall(coroutine.yield)",
      "xpcall(coroutine.yield, print)",
      "pcall(pcall, pcall, coroutine.yield)",
      "local x = setmetatable({}, { __index = function() coroutine.yield() end }).x",
      "local t = setmetatable({}, { __newindex = function() coroutine.yield() end }) t.x = 1",
      "local x = setmetatable({}, { __add = function() coroutine.yield() end }) + 1",
      "local x = setmetatable({}, { __concat = function() coroutine.yield() end }) .. 'x'",
      "local t = setmetatable({}, { __lt = function() coroutine.yield() end }) local x = t < t",
      "setmetatable({}, { __call = function() coroutine.yield() end })()",
      "for _ in function() coroutine.yield() end do end",
      "loadstring('coroutine.yield()')()",
      "table.foreach({ 1 }, function() coroutine.yield() end)",
  };
  for (const char* attempt : attempts) {
    INFO(attempt);
    const std::string code = "local co = coroutine.create(function() " + std::string(attempt) +
                             " return 'done' end) coroutine.resume(co) "
                             "return select(2, coroutine.resume(co))";
    CHECK(lua.run(code.c_str()) == "done");
  }
}

TEST_CASE("waits do not reach through sort, gsub, require and a load reader") {
  Lua lua;
  const char* attempts[] = {
      "table.sort({ 2, 1 }, coroutine.yield)",
      "string.gsub('x', 'x', coroutine.yield)",
      "package.preload.waits = coroutine.yield require('waits')",
      "assert(load(coroutine.yield))",
  };
  for (const char* attempt : attempts) {
    INFO(attempt);
    const std::string code =
        "local co = coroutine.create(function() local ok, err = pcall(function() " +
        std::string(attempt) + " end) return err end) return select(2, coroutine.resume(co))";
    CHECK(lua.run(code.c_str()).find("attempt to yield across C-call boundary") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace neap
