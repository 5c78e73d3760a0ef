// What makes suspend and resume foolproof: a test for every line F1-F10 of the style guide.
#include "fixture.h"

using namespace neap;
using namespace std::chrono_literals;
using test::World;

TEST_CASE("F1: a dropped Resumer wakes its task with kind abandoned") {
  World world;
  const auto run = world.run("local ok, e = pcall(host.forget) return e.kind");
  CHECK(run.text == "abandoned");
}

TEST_CASE("F1: a Resumer works once") {
  World world;
  const auto run = world.start("host.hold() host.sleep(10) return 'slept'");
  auto first = world.loop.after(1s, [&] { world.host.held->give(); });
  auto second = world.loop.after(2s, [&] { world.host.held->give(); });
  world.loop.run();
  CHECK(run->text == "slept");
  CHECK(world.loop.now() == 11s);
}

TEST_CASE("F2: a Resumer outlives its task, and even the scheduler, without doing anything") {
  World world;
  const auto run = world.start("host.hold() return 'woken'");
  auto later = world.loop.after(1s, [&] { world.scheduler->cancel(run->task); });
  world.loop.run();
  CHECK(run->error.kind == ErrorKind::kCancelled);
  REQUIRE(world.host.held);
  world.host.held->give();
  world.loop.run();
  CHECK_FALSE(run->ok);
}

TEST_CASE("F3: an operation that is done before its task has parked is the normal case") {
  World world;
  CHECK(world.run("return host.at_once('already')").text == "already");
  CHECK(world.run("local s = '' for i = 1, 1000 do s = host.at_once('x') end return s").text ==
        "x");
}

TEST_CASE("F4: a wake-up for an earlier suspension is dropped") {
  World world;
  const auto run = world.start(R"(
    pcall(host.run_race, { function() host.hold() end, function() host.sleep(1) end })
    local before = host.now()
    host.sleep(5)
    return tostring(host.now() - before)
  )");
  auto late = world.loop.after(2s, [&] { world.host.held->give(); });
  world.loop.run();
  CHECK(run->text == "5");
}

TEST_CASE("F5: what a task waits for dies before the task goes on") {
  World world;
  const auto run = world.start("host.hold() return 'on'");
  auto wake = world.loop.after(1s, [&] {
    CHECK(world.host.destroyed == 0);
    world.host.held->give();
  });
  world.loop.run();
  CHECK(run->text == "on");
  CHECK(world.host.destroyed == 1);
}

TEST_CASE("F5: cancelling a task destroys what it waits for") {
  World world;
  const auto run = world.start("host.sleep(3600) error('never')");
  auto killer = world.loop.after(10ms, [&] { world.scheduler->cancel(run->task); });
  world.loop.run();
  CHECK(run->error.kind == ErrorKind::kCancelled);
  CHECK(world.loop.now() == 10ms);
}

TEST_CASE("F6: a yield outside a coroutine fails the task and says so") {
  World world;
  const auto run = world.run("coroutine.yield(1)");
  CHECK(run.error.message == "coroutine.yield outside a coroutine");
}

TEST_CASE("F7: a wait outside a task, or where nothing can wait, is kind usage") {
  World world;
  const auto outside = lua::protect(world.state.main(), [&](lua_State* L) {
    lua::Loader::load(L, "return host.sleep(1)", "@test.lua");
    lua_call(L, 0, 0);
    return 0;
  });
  REQUIRE_FALSE(outside.has_value());
  CHECK(outside.error().kind == ErrorKind::kUsage);
  const auto sort = world.run(
      "local ok, e = pcall(table.sort, {3, 2, 1}, function(a, b) host.sleep(0) return a < b end)"
      "return tostring(e)");
  CHECK_THAT(sort.text, Catch::Contains("sleep waits, and nothing can wait here"));
}

TEST_CASE("F8: a result that cannot be built fails its task and no other") {
  World world;
  const auto other = world.start("host.sleep(1) return 'fine'");
  const auto run = world.run("host.bad_push()");
  CHECK_THAT(run.error.message, Catch::Contains("push failed"));
  CHECK(other->text == "fine");
}

TEST_CASE("F9: a scheduler that goes away cancels every task first") {
  World world;
  const auto one = world.start("host.sleep(3600)");
  const auto two = world.start("host.hold()");
  auto stop = world.loop.after(10ms, [&] { world.loop.stop(); });
  world.loop.run();
  world.scheduler->cancel_all();
  CHECK(one->error.kind == ErrorKind::kCancelled);
  CHECK(two->error.kind == ErrorKind::kCancelled);
  CHECK(world.host.destroyed == 1);
}

TEST_CASE("F10: 2,000 suspensions leave nothing behind") {
  World world;
  const std::size_t before = world.state.memory_used();
  world.run("for i = 1, 2000 do host.sleep('1ms') end");
  const auto collected = lua::protect(world.state.main(), [](lua_State* L) {
    lua_gc(L, LUA_GCCOLLECT, 0);
    lua_gc(L, LUA_GCCOLLECT, 0);
    return 0;
  });
  REQUIRE(collected.has_value());
  CHECK(world.state.memory_used() < before + 8192);
}

TEST_CASE("waits work inside coroutines and iterators, however deep") {
  World world;
  const auto run = world.run(R"(
    local function pages()
      return coroutine.wrap(function()
        for i = 1, 3 do host.sleep(0.1) coroutine.yield(i) end
      end)
    end
    local sum = 0
    for i in pages() do sum = sum + i end
    local outer = coroutine.wrap(function()
      local inner = coroutine.wrap(function() host.sleep(1) host.sleep_and_fail(1) end)
      local ok, e = pcall(inner)
      coroutine.yield(e.kind)
    end)
    local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) host.sleep(1) return b * 2 end)
    local _, v1 = coroutine.resume(co, 1)
    local _, v2 = coroutine.resume(co, 21)
    return sum .. " " .. outer() .. " " .. v1 .. " " .. v2 .. " " .. coroutine.status(co)
  )");
  CHECK(run.text == "6 not_found 2 42 dead");
}

TEST_CASE("a coroutine that waits for the host cannot be resumed by another task") {
  World world;
  const auto run = world.run(R"(
    local co = coroutine.create(function() host.sleep(5) return "mine" end)
    local stolen
    host.run_all {
      function() coroutine.resume(co) end,
      function() host.sleep(1) stolen = select(2, coroutine.resume(co)) end,
    }
    return stolen
  )");
  CHECK(run.text == "cannot resume a coroutine that waits for the host");
}

TEST_CASE("errors carry the caller's file and line, from calls that wait and calls that do not") {
  World world;
  CHECK(world.run("local ok, e = pcall(host.refuse)\nreturn e.where").text == "test.lua:1");
  CHECK(world.run("local ok, e = pcall(function()\n host.refuse() end)\nreturn e.where").text ==
        "test.lua:2");
  CHECK(world.run("local ok, e = pcall(function()\n\n host.sleep_and_fail(1) end)\nreturn e.where")
            .text == "test.lua:3");
  CHECK(world.run("local ok, e = pcall(function() host.sleep('soon') end) return e.message").text ==
        "sleep: argument 1: \"soon\" is not a duration; write it like 90s, 30m or 1h30m");
}

TEST_CASE("an Error shows its whole line, and its kind can be matched") {
  World world;
  CHECK(world.run("local ok, e = pcall(host.refuse) return tostring(e)").text ==
        "test.lua:1: not today; ask tomorrow");
  CHECK(world.run("local ok, e = pcall(host.refuse) return e.kind").text == "permission");
  CHECK(world.run("local ok, e = pcall(host.explode) return e.kind .. ': ' .. e.message").text ==
        "internal: kaboom");
}

TEST_CASE("objects refuse a wrong self and keep their collector out of reach") {
  World world;
  CHECK(world.run("local p = host.open() return p:hit()").text == "hit");
  CHECK(world.run("local ok, e = pcall(host.open().hit, io.stdout) return e.message").text ==
        "hit: argument 1 must be a Probe, got userdata");
  CHECK(world.run("local ok, e = pcall(host.open().hit, newproxy(true)) return e.kind").text ==
        "argument");
  CHECK(world.run("local p = host.open() return tostring(p.__gc) .. getmetatable(p)").text ==
        "nilProbe");
}

TEST_CASE("a child's failure cancels its siblings and is raised in the parent, value and all") {
  World world;
  const auto run = world.run(R"(
    host.spawn(function() host.sleep(10) host.note("sibling went on") end)
    host.spawn(function() host.sleep(1) error({ kind = "job_failed", message = "m", extra = 42 }) end)
    local ok, e = pcall(host.sleep, 100)
    return tostring(ok) .. " " .. e.kind .. " " .. e.extra .. " at " .. host.now()
  )");
  CHECK(run.text == "false job_failed 42 at 1");
  CHECK(world.host.notes.empty());
}

TEST_CASE("a task does not end before its children, and fails when one of them does") {
  World world;
  const auto patient =
      world.run("host.spawn(function() host.sleep(5) host.note('done') end) return 'r'");
  CHECK(patient.text == "r");
  CHECK(world.host.notes == std::vector<std::string>{"done"});
  CHECK(world.loop.now() == 5s);
  const auto failing = world.run("host.spawn(function() host.sleep(1) error('child broke') end)");
  CHECK_FALSE(failing.ok);
  CHECK_THAT(failing.error.message, Catch::Contains("child broke"));
}

TEST_CASE("cancelling a task ends its children and grandchildren") {
  World world;
  const auto run = world.start(R"(
    host.spawn(function()
      host.spawn(function() host.sleep(50) host.note("grandchild") end)
      host.sleep(50) host.note("child")
    end)
    host.run_all { function() host.sleep(50) host.note("nursery") end }
  )");
  auto killer = world.loop.after(1s, [&] { world.scheduler->cancel(run->task); });
  world.loop.run();
  CHECK(world.host.notes.empty());
  CHECK(world.loop.now() == 1s);
}

TEST_CASE("run_all ends with the last function, or at once with the first failure") {
  World world;
  CHECK(world
            .run("host.run_all { function() host.sleep(3) end, function() host.sleep(7) end } "
                 "return tostring(host.now())")
            .text == "7");
  CHECK(world.run("host.run_all {} return 'empty'").text == "empty");
  const auto run = world.run(R"(
    local t0 = host.now()
    local ok, e = pcall(host.run_all, {
      function() host.sleep(9) host.note("slow one went on") end,
      function() host.sleep(2) error("quick failure", 0) end,
    })
    return tostring(e) .. " after " .. host.now() - t0
  )");
  CHECK(run.text == "quick failure after 2");
  CHECK(world.host.notes.empty());
}

TEST_CASE("a race is decided by the first to end, and the rest are cancelled") {
  World world;
  const auto run = world.run(R"(
    host.run_race {
      function() host.sleep(9) host.note("loser") end,
      function() host.sleep(2) end,
    }
    return tostring(host.now())
  )");
  CHECK(run.text == "2");
  CHECK(world.host.notes.empty());
}

TEST_CASE("a task may cancel an ancestor, and is gone with it") {
  World world;
  const auto run = world.start(R"(
    host.spawn(function() host.sleep(1) host.hold() host.note("on") end)
    host.sleep(100)
  )");
  auto killer = world.loop.after(2s, [&] {
    world.scheduler->cancel(run->task);
    world.host.held->give();
  });
  world.loop.run();
  CHECK(run->error.kind == ErrorKind::kCancelled);
  CHECK(world.host.notes.empty());
}

TEST_CASE("a runaway task is stopped, and says where it was") {
  World world;
  const auto run = world.run("local n = 0\nwhile true do\n n = n + 1\nend");
  CHECK(run.error.kind == ErrorKind::kScript);
  INFO(run.error.message);
  CHECK_THAT(run.error.message, Catch::Contains("CPU"));
  CHECK(world.run("return 'the state works on'").text == "the state works on");
}

TEST_CASE("a task that eats all memory fails alone") {
  World world;
  const auto run = world.run("local s = 'x' while true do s = s .. s end");
  CHECK_FALSE(run.ok);
  CHECK_THAT(run.error.message, Catch::Contains("memory"));
  CHECK(world.run("return 'the state works on'").text == "the state works on");
}

TEST_CASE("an error that a script raises as a table shows its line like the host's own") {
  World world;
  CHECK(world
            .run("local ok, e = pcall(function()\n error { kind = 'conflict', message = 'busy' }\n "
                 "end)"
                 "return tostring(e)")
            .text == "test.lua:2: busy");
  CHECK(world.run("local ok, e = pcall(error, { code = 7 }) return tostring(e.code)").text == "7");
  CHECK(world.run("local ok, e = pcall(error, 'plain', 0) return e").text == "plain");
  CHECK(world.run("local ok, e = pcall(function()\n error('here') end) return e").text ==
        "test.lua:2: here");
}
