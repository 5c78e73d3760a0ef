// The runaway corpus of reliability.md 5a, and what the watchdog promises beside it.
#include "lua/watchdog.h"

#include <atomic>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "support/lua_script.h"

namespace neap::lua {
namespace {

using std::chrono::milliseconds;
using test::Libraries;
using test::LuaScript;

constexpr CpuBudget kSmall{.per_resume = milliseconds(20), .per_run = std::chrono::seconds(60)};

struct Runaway {
  const char* name;
  const char* code;
};

// Each would run for ever, or for minutes, if it were let.
constexpr Runaway kLoops[] = {
    {"empty loop", "while true do end"},
    {"counter", "local i = 0 while true do i = i + 1 end"},
    {"table stores", "local t = {} while true do t[1] = t end"},
    {"inlined calls",
     "local function f(x) return x + 1 end local i = 0 while true do i = f(i) end"},
    {"nested pcall loop", "while true do pcall(function() while true do end end) end"},
    {"for to 1e18", "for i = 1, 1e18 do end"},
    {"tail recursion", "local function f(n) return f(n + 1) end return f(0)"},
    {"coroutine.wrap loop", "coroutine.wrap(function() while true do end end)()"},
    {"pcall(error) loop", "while true do pcall(error, 'x') end"},
    {"yield loop",
     "local c = coroutine.wrap(function() while true do coroutine.yield() end end) "
     "while true do c() end"},
    {"allocation loop", "while true do local t = { {}, {} } end"},
    {"handler of xpcall",
     "xpcall(function() while true do end end, function() while true do end end)"},
    {"dead coroutines",
     "while true do coroutine.resume(coroutine.create(function() while true do "
     "end end)) end"},
    {"metamethod",
     "local t = setmetatable({}, { __index = function() while true do end end }) "
     "while true do pcall(function() return t.x end) end"},
};

// Time spent in C, where no hook fires: these are stopped by the bounds of their own.
constexpr Runaway kBuiltins[] = {
    {"find", "('a'):rep(65536):find(('.-'):rep(20) .. 'b')"},
    {"gsub", "('a'):rep(65536):gsub(('a*'):rep(20) .. 'b', '')"},
    {"rep", "local s = 'x' while true do s = s:rep(1000) end"},
    {"sort",
     "local t = {} for i = 1, 1e5 do t[i] = i % 7 end while true do "
     "table.sort(t, function(a, b) return a < b end) end"},
    {"concat",
     "local t = {} for i = 1, 1e4 do t[i] = ('x'):rep(1000) end while true do "
     "table.concat(t) end"},
    {"string doubling", "local s = 'x' while true do s = s .. s end"},
};

struct Stopped {
  int status;
  Expired expired;
  std::optional<Error> error;
  Duration cpu;
};

Duration thread_cpu() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

Stopped run_watched(LuaScript& script, Watchdog& dog, const char* code) {
  REQUIRE(script.load(code) == 0);
  const Duration began = thread_cpu();
  int status = 0;
  {
    const auto guard = dog.watch();
    status = lua_pcall(script.main(), 0, 0, 0);
  }
  const Duration cpu = thread_cpu() - began;
  const Expired expired = dog.expired();
  lua_settop(script.main(), 0);
  script.state().relieve();
  return {status, expired, dog.take_expiry(), cpu};
}

bool still_usable(LuaScript& script) {
  if (account_of(script.main()).nested != 0) return false;
  return script
             .run(
                 "local s = 0 for i = 1, 1000 do s = s + select(2, pcall(tonumber, i)) end "
                 "return s == 500500 and ('abc'):gsub('b', 'x') == 'axc'")
             .text == "true";
}

TEST_CASE("every endless loop in Lua is stopped soon after its budget, and the state goes on") {
  LuaScript script;
  Watchdog dog(script.main(), kSmall);
  std::printf("runaway Lua, budget 20 ms of CPU\n");
  for (const Runaway& runaway : kLoops) {
    INFO(runaway.name);
    const Stopped stopped = run_watched(script, dog, runaway.code);
    std::printf("  %-20s stopped after %6.1f ms of CPU\n", runaway.name,
                to_seconds(stopped.cpu) * 1e3);
    CHECK(stopped.status != 0);
    CHECK(stopped.expired == Expired::kResume);
    CHECK(still_usable(script));
  }
}

TEST_CASE("every runaway built-in function ends by its own bound or by the watchdog") {
  LuaScript script(Libraries::kSandboxed, {.memory_limit = 16U << 20});
  // Stage two must not be what ends them, on a slow machine or under a sanitizer either.
  Watchdog dog(script.main(), {.per_resume = milliseconds(300)});
  std::printf("runaway built-ins, budget 300 ms of CPU\n");
  for (const Runaway& runaway : kBuiltins) {
    INFO(runaway.name);
    const Stopped stopped = run_watched(script, dog, runaway.code);
    std::printf("  %-20s stopped after %6.1f ms of CPU by %s\n", runaway.name,
                to_seconds(stopped.cpu) * 1e3,
                stopped.expired == Expired::kNone ? "its bound" : "the watchdog");
    CHECK(stopped.status != 0);
    CHECK(still_usable(script));
  }
}

TEST_CASE("the error names the budget and the line that was running") {
  LuaScript script;
  Watchdog dog(script.main(), kSmall);
  const Stopped stopped = run_watched(script, dog, "local i = 0\n\nwhile true do i = i + 1 end");
  REQUIRE(stopped.error);
  CHECK(stopped.error->kind == ErrorKind::kScript);
  CHECK(stopped.error->message == "used more than 20 ms of CPU without waiting");
  CHECK(stopped.error->where == "script.lua:3");
  CHECK_FALSE(dog.take_expiry());
}

TEST_CASE("an entry within its budget is left alone, and waiting costs nothing") {
  LuaScript script;
  Watchdog dog(script.main(), kSmall);
  const Stopped stopped = run_watched(script, dog, "for i = 1, 1000 do end");
  CHECK(stopped.status == 0);
  CHECK(stopped.expired == Expired::kNone);
  // A coroutine that is resumed again starts with a fresh budget.
  REQUIRE(script.load("local n = 0 while true do n = n + 1 if n % 1000 == 0 then "
                      "coroutine.yield(n) end end") == 0);
  lua_State* co = lua_newthread(script.main());
  lua_insert(script.main(), -2);
  lua_xmove(script.main(), co, 1);
  const Duration until = thread_cpu() + 3 * kSmall.per_resume;
  int resumed = 0;
  while (thread_cpu() < until) {
    const auto guard = dog.watch();
    REQUIRE(lua_resume(co, 0) == LUA_YIELD);
    lua_settop(co, 0);
    ++resumed;
  }
  CHECK(resumed > 100);
}

TEST_CASE("the budget of a run is that of all its entries together") {
  LuaScript script;
  Watchdog dog(script.main(), {.per_resume = milliseconds(20), .per_run = milliseconds(60)});
  Expired expired = Expired::kNone;
  int entries = 0;
  for (; expired == Expired::kNone && entries < 100'000; ++entries) {
    expired = run_watched(script, dog, "for i = 1, 3e4 do end").expired;
  }
  CHECK(expired == Expired::kRun);
  CHECK(entries > 1);
  CHECK(dog.cpu_used() >= milliseconds(60));
  CHECK(run_watched(script, dog, "while true do end").expired == Expired::kRun);
}

TEST_CASE("interrupt stops the entry under way, from another thread") {
  LuaScript script;
  Watchdog dog(script.main(), {.per_resume = Duration::zero(), .per_run = Duration::zero()});
  std::atomic<bool> running = false;
  lua_pushlightuserdata(script.main(), &running);
  lua_pushcclosure(
      script.main(),
      [](lua_State* L) {
        static_cast<std::atomic<bool>*>(lua_touserdata(L, lua_upvalueindex(1)))->store(true);
        return 0;
      },
      1);
  lua_setglobal(script.main(), "started");
  std::thread user([&] {
    while (!running.load()) std::this_thread::yield();
    dog.interrupt();
  });
  const Stopped stopped = run_watched(script, dog, "started() while true do pcall(started) end");
  user.join();
  CHECK(stopped.expired == Expired::kInterrupt);
  REQUIRE(stopped.error);
  CHECK(stopped.error->kind == ErrorKind::kCancelled);
  CHECK(still_usable(script));
}

TEST_CASE("interrupt between entries does nothing") {
  LuaScript script;
  Watchdog dog(script.main(), kSmall);
  dog.interrupt();
  CHECK(run_watched(script, dog, "for i = 1, 1e6 do end").expired != Expired::kInterrupt);
}

TEST_CASE("an entry inside an entry is covered by the outer guard") {
  LuaScript script;
  Watchdog dog(script.main(), kSmall);
  const auto outer = dog.watch();
  { const auto inner = dog.watch(); }
  REQUIRE(script.load("while true do end") == 0);
  CHECK(lua_pcall(script.main(), 0, 0, 0) != 0);
  CHECK(dog.expired() == Expired::kResume);
}

// Uses CPU without ever returning to Lua.
int spin(lua_State*) {
  const std::atomic<bool> spinning = true;
  while (spinning.load()) {
  }
  return 0;
}

TEST_CASE("a C function that does not return ends the process with a message and status 70") {
  int channel[2];
  REQUIRE(::pipe(channel) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(channel[1], STDERR_FILENO);
    LuaScript script;
    Watchdog dog(script.main(), kSmall);
    lua_register(script.main(), "spin", spin);
    script.load("pcall(spin)");
    const auto guard = dog.watch();
    lua_pcall(script.main(), 0, 0, 0);
    ::_exit(0);
  }
  ::close(channel[1]);
  std::string said(200, '\0');
  const ssize_t size = ::read(channel[0], said.data(), said.size());
  ::close(channel[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 70);
  REQUIRE(size > 0);
  CHECK(said.substr(0, static_cast<std::size_t>(size)) ==
        "neap: stopped: a built-in function did not return within " +
            format_duration(5 * kSmall.per_resume) + "\n");
}

TEST_CASE("stopping a loop a hundred times leaves the state as good as new") {
  LuaScript script;
  Watchdog dog(script.main(), {.per_resume = milliseconds(5)});
  int stops = 0;
  for (int i = 0; i < 100; ++i) {
    const Stopped stopped =
        run_watched(script, dog, "while true do pcall(function() while true do end end) end");
    stops += stopped.status != 0 && stopped.expired == Expired::kResume ? 1 : 0;
  }
  CHECK(stops == 100);
  CHECK(still_usable(script));
  CHECK(lua_gethook(script.main()) == nullptr);
}

TEST_CASE("a guard costs next to nothing") {
  LuaScript script;
  Watchdog dog(script.main());
  constexpr int kEntries = 1'000'000;
  const Duration began = thread_cpu();
  for (int i = 0; i < kEntries; ++i) {
    const auto guard = dog.watch();
  }
  const double each = to_seconds(thread_cpu() - began) / kEntries * 1e9;
  std::printf("one guard: %.1f ns\n", each);
  CHECK(each < 1000);
}

}  // namespace
}  // namespace neap::lua
