// Pins what the sandbox, the memory cap and the watchdog take for granted about this LuaJIT.
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include <catch2/catch.hpp>
#include <lua.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace neap {
namespace {

using Machine = std::unique_ptr<lua_State, void (*)(lua_State*)>;

Machine open(bool jit) {
  Machine machine(luaL_newstate(), lua_close);
  luaL_openlibs(machine.get());
  luaJIT_setmode(machine.get(), 0, LUAJIT_MODE_ENGINE | (jit ? LUAJIT_MODE_ON : LUAJIT_MODE_OFF));
  return machine;
}

struct Halt {};

void halt(lua_State*, lua_Debug*) {
  throw Halt{};
}
void raise(lua_State* L, lua_Debug*) {
  luaL_error(L, "halted");
}

// Runs the code in a child process and sets the hook from another thread once the code says that
// it has begun. Whether the code ended before the child gave up waiting for it.
bool hook_stops(bool jit, lua_Hook hook, const char* code) {
  const pid_t child = ::fork();
  if (child == 0) {
    const Machine machine = open(jit);
    lua_State* L = machine.get();
    luaL_loadstring(L, code);
    std::thread hooker([L, hook] {
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      lua_sethook(L, hook, LUA_MASKCOUNT, 1);
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      ::_exit(1);  // still running
    });
    const int status = lua_pcall(L, 0, 0, 0);
    ::_exit(status == LUA_ERRRUN ? 0 : 2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) != 2);
  return WEXITSTATUS(status) == 0;
}

TEST_CASE("a hook set from another thread stops an interpreted loop, but not a compiled one") {
  CHECK(hook_stops(false, halt, "while true do end"));
  CHECK(hook_stops(false, raise, "while true do end"));
  CHECK_FALSE(hook_stops(true, halt, "local i = 0 while true do i = i + 1 end"));
}

TEST_CASE("at every instruction a hook gets past the pcalls of a script") {
  CHECK(hook_stops(false, halt, "while true do pcall(function() while true do end end) end"));
}

TEST_CASE(
    "a Lua error from a hook runs the handler of xpcall with hooks off, an exception does not") {
  const char* code = "xpcall(function() while true do end end, function() while true do end end)";
  CHECK_FALSE(hook_stops(false, raise, code));
  CHECK(hook_stops(false, halt, code));
}

struct Budget {
  std::size_t allocations_left = 0;
};

void* allocate(void* data, void* block, std::size_t, std::size_t size) {
  auto& budget = *static_cast<Budget*>(data);
  if (size == 0) {
    std::free(block);
    return nullptr;
  }
  if (budget.allocations_left == 0) return nullptr;
  --budget.allocations_left;
  return std::realloc(block, size);
}

TEST_CASE("a denied allocation is LUA_ERRMEM wherever it strikes, and the state stays usable") {
  Budget budget{.allocations_left = 1'000'000};
  const Machine machine(lua_newstate(allocate, &budget), lua_close);
  lua_State* L = machine.get();
  luaL_openlibs(L);
  const char* code =
      "local t = {} for i = 1, 20 do t[i] = { ('x'):rep(i * 10) .. i } end "
      "return coroutine.wrap(function() return #t end)()";
  int denied = 0;
  for (std::size_t left = 0; left < 400; ++left) {
    budget.allocations_left = left;
    const int status = luaL_loadstring(L, code) != 0 ? LUA_ERRMEM : lua_pcall(L, 0, 1, 0);
    budget.allocations_left = 1'000'000;
    CHECK((status == 0 || status == LUA_ERRMEM));
    if (status == 0) break;
    ++denied;
    CHECK(std::string(lua_tostring(L, -1)) == "not enough memory");
    lua_settop(L, 0);
    lua_gc(L, LUA_GCCOLLECT, 0);
  }
  CHECK(denied > 20);
  lua_settop(L, 0);
  REQUIRE(luaL_dostring(L, code) == 0);
  CHECK(lua_tointeger(L, -1) == 20);
}

std::string bytecode(lua_State* L) {
  REQUIRE(luaL_dostring(L, "return string.dump(loadstring('return 42'))") == 0);
  std::size_t size = 0;
  const char* text = lua_tolstring(L, -1, &size);
  std::string code(text, size);
  lua_pop(L, 1);
  return code;
}

TEST_CASE("luaL_loadbuffer takes bytecode, luaL_loadbufferx in mode t refuses it") {
  const Machine machine = open(false);
  lua_State* L = machine.get();
  const std::string code = bytecode(L);
  CHECK(luaL_loadbuffer(L, code.data(), code.size(), "chunk") == 0);
  CHECK(luaL_loadbufferx(L, code.data(), code.size(), "chunk", "t") == LUA_ERRSYNTAX);
  CHECK(std::string(lua_tostring(L, -1)).find("attempt to load chunk with wrong mode") !=
        std::string::npos);
}

TEST_CASE("a 64-bit literal loads the ffi, which finds no table of modules to enter itself into") {
  const Machine machine = open(false);
  lua_State* L = machine.get();
  lua_pushnil(L);
  lua_setfield(L, LUA_REGISTRYINDEX, "_LOADED");
  REQUIRE(luaL_dostring(L, "return tostring(1LL)") == 0);
  CHECK(std::string(lua_tostring(L, -1)) == "1LL");
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  CHECK(lua_isnil(L, -1));
}

TEST_CASE("numbers are doubles: 2^53 + 1 is not kept") {
  const Machine machine = open(false);
  REQUIRE(luaL_dostring(machine.get(), "return 9007199254740993 == 9007199254740992") == 0);
  CHECK(lua_toboolean(machine.get(), -1) == 1);
}

TEST_CASE("a suspended C function does not run on after lua_yield when it returns at once") {
  const Machine machine = open(false);
  lua_State* L = machine.get();
  lua_register(L, "wait", [](lua_State* state) { return lua_yield(state, 0); });
  REQUIRE(luaL_dostring(L,
                        "local co = coroutine.create(function() return wait() end) "
                        "coroutine.resume(co) "
                        "return select(2, coroutine.resume(co, 'answer'))") == 0);
  CHECK(std::string(lua_tostring(L, -1)) == "answer");
}

}  // namespace
}  // namespace neap
