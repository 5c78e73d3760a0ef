// JSON at the Lua border: tables from texts, texts from tables, and what is refused.
#include "lua/json.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "json/writer.h"
#include "lua/value.h"
#include "support/random_json.h"
#include "support/seed.h"

namespace neap::lua {
namespace {

// A bare Lua state with the JIT off; null and array() as scripts have them.
class Fixture {
 public:
  explicit Fixture(lua_State* state = luaL_newstate()) : L(state) {
    luaL_openlibs(L);
    luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
    push_json_null(L);
    lua_setglobal(L, "null");
    lua_pushcfunction(L, [](lua_State* S) {
      mark_json_array(S, 1);
      return 1;
    });
    lua_setglobal(L, "array");
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  ~Fixture() { lua_close(L); }

  // Decodes the text into the global x and answers the Lua expression about it.
  bool holds(std::string_view text, const std::string& expression) {
    decode_json(L, text);
    lua_setglobal(L, "x");
    evaluate(expression);
    const bool answer = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    REQUIRE(lua_gettop(L) == 0);
    return answer;
  }

  void evaluate(const std::string& expression) {
    const std::string code = "return " + expression;
    if (luaL_dostring(L, code.c_str()) != 0) FAIL(lua_tostring(L, -1));
  }

  std::string encoded(const std::string& expression) {
    evaluate(expression);
    std::string text = encode_json(L, -1);
    lua_settop(L, 0);
    return text;
  }

  std::string refused(const std::string& expression) {
    evaluate(expression);
    try {
      encode_json(L, -1);
    } catch (const Failure& failure) {
      CHECK(failure.error.kind == ErrorKind::kArgument);
      lua_settop(L, 0);
      return failure.error.message;
    }
    FAIL("not refused: " << expression);
    return {};
  }

  std::string again(std::string_view text) {
    decode_json(L, text);
    std::string out = encode_json(L, -1);
    lua_settop(L, 0);
    return out;
  }

  lua_State* L;
};

TEST_CASE("json: every kind of value arrives in Lua as what it is", "[json]") {
  Fixture lua;
  CHECK(lua.holds(R"({"a":[1,-2.5,"x",true,false]})",
                  "x.a[1] == 1 and x.a[2] == -2.5 and x.a[3] == 'x' and x.a[4] == true and "
                  "x.a[5] == false and #x.a == 5"));
  CHECK(lua.holds("7", "x == 7"));
  CHECK(lua.holds(R"({"":1,"a\u0000b":2})", "x[''] == 1 and x['a\\0b'] == 2"));
}

TEST_CASE("json: null is one value that compares, prints and round-trips", "[json]") {
  Fixture lua;
  CHECK(lua.holds("[null,{\"a\":null}]", "x[1] == null and x[2].a == null and #x == 2"));
  CHECK(lua.holds("null", "x == null and x ~= nil and tostring(x) == 'null'"));
  CHECK(lua.holds("null", "getmetatable(x) == 'json.null'"));
  CHECK(lua.again("[null,{\"a\":null}]") == "[null,{\"a\":null}]");
}

TEST_CASE("json: empty arrays and empty objects stay distinct", "[json]") {
  Fixture lua;
  CHECK(lua.again(R"({"a":[],"b":{},"c":[[],{}]})") == R"({"a":[],"b":{},"c":[[],{}]})");
  CHECK(lua.encoded("{}") == "{}");
  CHECK(lua.encoded("array({})") == "[]");
  CHECK(lua.encoded("array({1, 2})") == "[1,2]");
}

TEST_CASE("json: an array that a script empties is still an array", "[json]") {
  Fixture lua;
  CHECK(lua.holds("[1]", "table.remove(x) == 1"));
  CHECK(lua.encoded("x") == "[]");
}

TEST_CASE("json: no script can change what all arrays share", "[json]") {
  Fixture lua;
  CHECK(lua.holds("[]", "getmetatable(x) == 'json.array'"));
  CHECK(lua.holds("[]", "not pcall(setmetatable, x, {})"));
}

TEST_CASE("json: integers beyond 2^53 become texts of their digits", "[json]") {
  Fixture lua;
  CHECK(lua.holds("[9007199254740992,-9007199254740992]", "x[1] == 2^53 and x[2] == -2^53"));
  CHECK(lua.holds("[9007199254740993,-9007199254740993,18446744073709551615,99999999999999999999]",
                  "x[1] == '9007199254740993' and x[2] == '-9007199254740993' and "
                  "x[3] == '18446744073709551615' and x[4] == '99999999999999999999'"));
  push_value(lua.L, json::Value(std::int64_t{9007199254740993}));
  CHECK(std::string(lua_tostring(lua.L, -1)) == "9007199254740993");
}

TEST_CASE("json: of a key that stands twice the last one counts, for learnt shapes too", "[json]") {
  Fixture lua;
  for (int i = 0; i < 10; ++i) CHECK(lua.holds(R"({"a":1,"b":2,"a":3})", "x.a == 3 and x.b == 2"));
}

TEST_CASE("json: like objects in any number and order decode alike", "[json]") {
  Fixture lua;
  std::string text = "[";
  for (int i = 0; i < 100; ++i) {
    text += i == 0 ? "" : ",";
    text += R"({"id":"g)" + std::to_string(i) + R"(","n":)" + std::to_string(i);
    if (i % 7 == 0) text += R"(,"extra":[{"id":null,"n":0}])";
    if (i % 3 == 0) text += R"(,"quote\"\\]]--":true)";
    text += "}";
  }
  text += "]";
  for (int i = 0; i < 3; ++i) {
    CHECK(lua.holds(text, R"(#x == 100 and x[22].id == "g21" and x[22].n == 21
        and x[22].extra[1].n == 0 and x[22]['quote"\\]]--'] == true and x[23].extra == nil)"));
  }
}

TEST_CASE("json: objects of one slot that keep changing never mix", "[json]") {
  Fixture lua;
  for (int i = 0; i < 2000; ++i) {
    const std::string key = "k" + std::to_string(i % 5);
    CHECK(lua.holds(R"({"id":1,")" + key + R"(":2})", "x.id == 1 and x." + key + " == 2"));
  }
}

TEST_CASE("json: endless new shapes are decoded plainly once the budget is spent", "[json]") {
  Fixture lua;
  for (int i = 0; i < 6000; ++i) {
    const std::string key = "k" + std::to_string(i);
    const std::string object = "{\"" + key + "\":" + std::to_string(i) + ",\"b\":2}";
    decode_json(lua.L, "[" + object + "," + object + "," + object + "," + object + "]");
    lua_rawgeti(lua.L, -1, 4);
    lua_getfield(lua.L, -1, key.c_str());
    REQUIRE(lua_tonumber(lua.L, -1) == i);
    lua_settop(lua.L, 0);
  }
}

TEST_CASE("json: objects with very many keys and keys of great length decode", "[json]") {
  Fixture lua;
  json::Object wide;
  for (int i = 0; i < 300; ++i) wide.set("k" + std::to_string(i), i);
  const std::string text = json::write(json::Array{wide, wide, wide, wide, wide});
  CHECK(lua.holds(text, "x[5].k299 == 299"));
  json::Object heavy;
  heavy.set(std::string(5000, 'k'), 1);
  heavy.set("b", 2);
  const std::string long_keys = json::write(json::Array{heavy, heavy, heavy, heavy, heavy});
  CHECK(lua.holds(long_keys, "x[5][('k'):rep(5000)] == 1 and x[5].b == 2"));
}

TEST_CASE("json: keys are written sorted", "[json]") {
  Fixture lua;
  CHECK(lua.encoded("{ b = 1, a = { d = {1}, c = 'x' }, ['A'] = null }") ==
        R"({"A":null,"a":{"c":"x","d":[1]},"b":1})");
}

TEST_CASE("json: what has no JSON form is refused by its path", "[json]") {
  Fixture lua;
  CHECK(lua.refused("{ a = { b = { 1, 2, print } } }") ==
        "cannot turn .a.b[3] into JSON: a function has no JSON form");
  CHECK(lua.refused("print") == "cannot turn the value into JSON: a function has no JSON form");
  CHECK(lua.refused("{ ['a b'] = 0/0 }") ==
        "cannot turn [\"a b\"] into JSON: JSON has no NaN and no infinity");
  CHECK(lua.refused("{ 1/0 }").find("[1]") != std::string::npos);
  CHECK(lua.refused("{ 1, x = 2 }").find("the key \"x\" beside array items") != std::string::npos);
  CHECK(lua.refused("array({ x = 2 })").find("beside array items") != std::string::npos);
  CHECK(lua.refused("{ [1] = 1, [3] = 3 }").find("json.null for the holes") != std::string::npos);
  CHECK(lua.refused("{ [0] = 1 }").find("the key 0 is no place") != std::string::npos);
  CHECK(lua.refused("{ [1.5] = 1 }").find("the key 1.5 is no place") != std::string::npos);
  CHECK(lua.refused("{ [true] = 1 }").find("a boolean is no JSON key") != std::string::npos);
  CHECK(lua.refused("{ a = '\\255' }") == "cannot turn .a into JSON: a text is not UTF-8");
  CHECK(lua.refused("{ ['\\255'] = 1 }").find("not UTF-8") != std::string::npos);
  CHECK(lua.refused("{ coroutine.create(print) }").find("a thread") != std::string::npos);
  CHECK(lua.refused("{ io.stdout }").find("a userdata") != std::string::npos);
}

TEST_CASE("json: cycles are refused, a table that merely stands twice is not", "[json]") {
  Fixture lua;
  CHECK(lua.refused("(function() local t = {} t.a = { t } return t end)()") ==
        "cannot turn .a[1] into JSON: it contains itself");
  CHECK(lua.encoded("(function() local t = {1} return { t, t } end)()") == "[[1],[1]]");
}

TEST_CASE("json: what is written is bounded like what is read", "[json]") {
  Fixture lua;
  const std::string nest = "(function(n) local t = {1} for _ = 2, n do t = {t} end return t end)";
  CHECK(lua.encoded(nest + "(64)").size() == 129);
  CHECK(lua.refused(nest + "(65)").find("nested deeper than 64 levels") != std::string::npos);
  CHECK(lua.refused("(function() local s, t = ('x'):rep(2^20), {} for i = 1, 1000 do t[i] = s end "
                    "return t end)()")
            .find("bytes") != std::string::npos);
  CHECK(lua.refused("(function() local t = {} for _ = 1, 40 do t = {t, t} end return t end)()")
            .find("values") != std::string::npos);
}

TEST_CASE("json: a refused text leaves the state as it was", "[json]") {
  Fixture lua;
  for (const char* text : {"", "{", "[1,]", "\"\xFF\"", "[1e999]"}) {
    CHECK_THROWS_AS(decode_json(lua.L, text), Failure);
    CHECK(lua_gettop(lua.L) == 0);
  }
  CHECK(lua.holds("[1]", "x[1] == 1"));
}

TEST_CASE("json: values are carried from one Lua state to another", "[json]") {
  Fixture from;
  json::Value value;
  {
    from.evaluate("{ list = array({}), map = {}, n = 1.5, none = null, deep = { { 'x' } } }");
    value = to_value(from.L, -1);
    CHECK(lua_gettop(from.L) == 1);
  }
  Fixture to;
  push_value(to.L, value);
  CHECK(encode_json(to.L, -1) == R"({"deep":[["x"]],"list":[],"map":{},"n":1.5,"none":null})");
}

// An allocator that fails at a chosen allocation.
struct Scarce {
  long left = -1;  // negative: no limit
  static void* allocate(void* self, void* block, std::size_t old_size, std::size_t size) {
    auto* scarce = static_cast<Scarce*>(self);
    if (size == 0) {
      std::free(block);
      return nullptr;
    }
    if (size > old_size && scarce->left >= 0 && scarce->left-- == 0) {
      scarce->left = 0;
      return nullptr;
    }
    return std::realloc(block, size);
  }
};

TEST_CASE("json: running out of memory anywhere in a decode leaves the decoder usable", "[json]") {
  Scarce scarce;
  Fixture lua(lua_newstate(Scarce::allocate, &scarce));
  static constexpr std::string_view kText =
      R"([{"a":"one more text","b":[1,2]},{"a":"two","b":[3]},{"a":"three","b":[]},{"a":"4","b":{}}])";
  int failed = 0;
  for (long limit = 0; limit < 200; ++limit) {
    lua_gc(lua.L, LUA_GCCOLLECT, 0);
    lua_pushcfunction(lua.L, [](lua_State* L) {
      decode_json(L, kText);
      return 1;
    });
    scarce.left = limit;
    const int status = lua_pcall(lua.L, 0, 1, 0);
    scarce.left = -1;
    if (status == LUA_ERRMEM) ++failed;
    lua_settop(lua.L, 0);
    REQUIRE(lua.holds(kText, "x[1].a == 'one more text' and x[4].a == '4'"));
  }
  CHECK(failed > 10);
}

TEST_CASE("json: a hundred thousand random documents survive decode and encode", "[json]") {
  const std::uint64_t seed = test::seed_of_run();
  INFO("NEAP_SEED=" << seed);
  test::RandomJson random(seed);
  Fixture lua;
  for (int i = 0; i < 100'000; ++i) {
    const json::Value value = random.value();
    const std::string text = json::write(value);
    decode_json(lua.L, text);
    if (!(to_value(lua.L, -1) == value)) FAIL("case " << i << ": " << text);
    push_value(lua.L, value);
    if (encode_json(lua.L, -1) != text) FAIL("case " << i << ": " << text);
    lua_settop(lua.L, 0);
  }
}

}  // namespace
}  // namespace neap::lua
