// A run that is stopped anywhere goes on as if it had not been: what its script learnt comes out
// of the log, in the same order, and only what is new is asked of the outside.
#include <algorithm>

#include "replay_world.h"

using namespace neap;
using namespace std::chrono_literals;
using test::History;
using test::Life;
using test::live;

namespace {

// Lives through the code, then from every cut of its log; returns the uninterrupted life.
Life live_from_every_cut(const std::string& code) {
  const Life whole = live(code);
  INFO(code);
  INFO((whole.error ? describe(*whole.error) : whole.result));
  REQUIRE(whole.ended);
  CHECK(whole.caught_up == 1);
  for (std::size_t cut = 0; cut <= whole.history.size(); ++cut) {
    INFO("cut after " << cut << " of\n" << test::to_text(whole.history));
    test::Circumstances how;
    how.seed = cut + 77;
    const Life second = live(code, test::first(whole.history, cut), how);
    INFO("second life\n" << test::to_text(second.history));
    INFO((second.diverged ? second.diverged->message : ""));
    REQUIRE_FALSE(second.diverged);
    REQUIRE_FALSE(second.unused);
    REQUIRE(second.ended);
    CHECK(second.caught_up == 1);
    const auto common = second.notes.begin() + static_cast<std::ptrdiff_t>(second.repeated);
    REQUIRE(second.repeated <= whole.notes.size());
    CHECK(std::equal(second.notes.begin(), common, whole.notes.begin()));
    CHECK(second.too_early == 0);
    if (cut == whole.history.size()) CHECK(second.begun.empty());
    const Life third = live(code, second.history, {});
    REQUIRE_FALSE(third.diverged);
    CHECK(third == second);
    CHECK(third.begun.empty());
    CHECK(third.history.size() == second.history.size());
  }
  return whole;
}

}  // namespace

TEST_CASE("a run of one task gives the same result from every cut of its log") {
  const Life life = live_from_every_cut(R"(
    local a = world.read('a')
    world.note(a.number .. a.what)
    local t = world.ticks()
    local b = world.read({ z = 1, a = t > 0, list = { 1, 2 } })
    world.note(b.what)
    return { a.what, b.what }
  )");
  CHECK(life.result == R"x(["\"a\"","{\"a\":true,\"list\":[1,2],\"z\":1}"])x");
  REQUIRE(life.records() == 3);
  CHECK(life.history[0].name == "host.world.read");
  CHECK(life.history[0].where == "test.lua:2");
  CHECK(life.history[0].body.text("request") == R"(["a"])");
  CHECK(to_text(life.history[0].step) == "0#1");
}

TEST_CASE("parallel tasks repeat themselves from every cut") {
  live_from_every_cut(R"(
    local order = {}
    task.all({
      function() for i = 1, 3 do order[#order + 1] = world.read('a' .. i).what world.note('a' .. i) end end,
      function() for i = 1, 3 do order[#order + 1] = world.read('b' .. i).what world.note('b' .. i) end end,
      function() order[#order + 1] = world.ticks() > 0 timer.sleep(1) world.note('c') end,
    })
    table.sort(order, function(a, b) return tostring(a) < tostring(b) end)
    return order
  )");
}

TEST_CASE("a race has the same winner from every cut behind its end") {
  live_from_every_cut(R"(
    local won = task.race({
      function() return world.read('left').what end,
      function() return world.read('right').what end,
      function() timer.sleep(2) return 'late' end,
    })
    world.note(won)
    world.read('after ' .. won)
    world.note('done')
    return 'over'
  )");
}

TEST_CASE("a map with workers gives the same list from every cut") {
  const Life life = live_from_every_cut(R"(
    return task.map({ 'a', 'b', 'c', 'd', 'e' }, 2, function(item, i)
      world.note(item)
      return world.read(item).what .. i
    end)
  )");
  CHECK(life.result == R"(["\"a\"1","\"b\"2","\"c\"3","\"d\"4","\"e\"5"])");
}

TEST_CASE("timeouts, nested tasks and cancelled ones repeat themselves") {
  live_from_every_cut(R"(
    local function slow(name)
      return function()
        task.spawn(function() for i = 1, 3 do world.read(name .. i) world.note(name .. i) end end)
        timer.sleep(4)
        world.note(name .. ' slept')
      end
    end
    local ok, err = pcall(task.timeout, 3, slow('x'))
    world.note(tostring(ok) .. (err and err.kind or ''))
    ok, err = pcall(task.all, { slow('y'), function() timer.sleep(1) world.fail('z') end })
    world.note(tostring(ok) .. (err and err.kind or ''))
    task.spawn(slow('last'))
    return 'over'
  )");
}

TEST_CASE("an error comes back with every field that it had") {
  const std::string code = R"(
    local _, e = pcall(world.fail, 'x')
    return { e.kind, e.message, e.hint, e.where, e.operation, e.code, e.http_status, e.request_id, e.job_id, tostring(e) }
  )";
  const Life life = live_from_every_cut(code);
  CHECK(life.result.find("SDRS.0216") != std::string::npos);
  CHECK(live(code, life.history).result == life.result);
  CHECK(life.result.find("test.lua:2") != std::string::npos);
}

TEST_CASE("an error that a row raises while it begins is recorded like any other") {
  const Life life = live_from_every_cut(R"(
    local _, e = pcall(world.forbidden)
    local _, f = pcall(world.broken)
    world.read('on')
    return { e.kind, e.hint, f.kind }
  )");
  CHECK(life.result == R"(["permission","ask tomorrow","network"])");
  CHECK(life.records() == 3);
}

TEST_CASE("values come back exactly as they were first seen") {
  const std::string code = R"(
    local json_null
    local function show(v)
      if type(v) == 'number' then return ('%.17g'):format(v) end
      if type(v) ~= 'table' then return type(v) .. tostring(v) end
      local parts = {}
      for k, x in pairs(v) do parts[#parts + 1] = tostring(k) .. '=' .. show(x) end
      return '{' .. table.concat(parts, ',') .. (getmetatable(v) and '#' or '') .. '}'
    end
    local parts = {}
    local list = { n = select('#', world.oddities()), world.oddities() }
    for i = 1, 10 do parts[i] = show(list[i]) end
    parts[11] = show(world.text('{"b":[1,2,{"c":null}],"a":[],"d":1e3}'))
    parts[12] = select('#', world.secret('hunter2'))
    return parts
  )";
  const Life life = live_from_every_cut(code);
  INFO(life.result);
  CHECK(life.result.starts_with(R"(["nilnil","10000000000000000","-0","0.10000000000000001")"));
  const Life again = live(code, life.history);
  CHECK(again.result == life.result);
}

TEST_CASE("what a private call was asked for is not kept") {
  const Life life = live("world.secret('hunter2') return 1");
  CHECK(life.records() == 1);
  CHECK(test::to_text(life.history).find("hunter2") == std::string::npos);
  CHECK(live("world.secret('hunter3') return 1", life.history).diverged);
}

TEST_CASE("a value without a JSON form fails the call, and says so") {
  const Life life =
      live_from_every_cut("local _, e = pcall(world.useless) return { e.kind, e.message }");
  CHECK(
      life.result ==
      R"(["argument","host.world.useless: its answer cannot be kept in the run's log: cannot turn the value into JSON: a function has no JSON form"])");
}

TEST_CASE("a call sees its arguments as they were when it was made") {
  const Life life = live(R"(
    local query = { page = 1 }
    task.all({ function() return world.read(query) end, function() query.page = 2 end })
    return query.page
  )");
  CHECK(life.begun == std::vector<std::string>{R"(read {"page":1})"});
}

TEST_CASE("a resumed run sleeps for what is left") {
  const std::string code = "timer.sleep(100) world.note('up') return timer.now()";
  const Life whole = live(code);
  REQUIRE(whole.history.size() == 3);
  CHECK(whole.history[0].kind == journal::Kind::kBegun);
  for (const int away : {0, 40, 100, 5000}) {
    test::Circumstances how;
    how.asleep = std::chrono::seconds{away};
    const Life second = live(code, test::first(whole.history, 1), how);
    CHECK(second.ended);
    CHECK(second.clock == Approx(std::max(0, 100 - away)).margin(0.01));
  }
}

TEST_CASE("the time that a resumed run waits adds up over several lives") {
  const std::string code = "timer.sleep(100) return 1";
  History history = test::first(live(code).history, 1);
  for (int life = 0; life < 3; ++life) {
    journal::Logged later;
    later.kind = journal::Kind::kStarted;
    later.at = VirtualClock::kStart + std::chrono::seconds{20 * (life + 1)};
    history.push_back(later);
  }
  CHECK(live(code, history).clock == Approx(40).margin(0.01));
}

TEST_CASE("an interruption happens again at the same place") {
  const std::string code = R"(
    local ok, err = pcall(function()
      task.spawn(function() while true do timer.sleep(1) world.note('tick') end end)
      timer.sleep(10)
    end)
    world.note(tostring(ok) .. err.kind)
    world.read('clean up')
    world.note('cleaned')
    error(err)
  )";
  test::Circumstances how;
  how.meanwhile = [&](Loop& loop, lua::Replay& replay) {
    return loop.after(3500ms, [&] { replay.interrupt(Error{ErrorKind::kCancelled, "by anna"}); });
  };
  const Life whole = live(code, {}, how);
  REQUIRE(whole.ended);
  REQUIRE(whole.error);
  CHECK(whole.error->kind == ErrorKind::kCancelled);
  CHECK(whole.notes ==
        std::vector<std::string>{"tick", "tick", "tick", "falsecancelled", "cleaned"});
  const auto interrupt =
      std::find_if(whole.history.begin(), whole.history.end(),
                   [](const journal::Logged& entry) { return entry.name == "interrupt"; });
  REQUIRE(interrupt != whole.history.end());
  CHECK(to_text(interrupt->step) == "0#0");
  for (std::size_t cut = static_cast<std::size_t>(interrupt - whole.history.begin()) + 1;
       cut <= whole.history.size(); ++cut) {
    INFO("cut after " << cut);
    CHECK(live(code, test::first(whole.history, cut)) == whole);
  }
}

TEST_CASE("an interruption reaches a root task that only waits for its children") {
  test::Circumstances how;
  how.meanwhile = [&](Loop& loop, lua::Replay& replay) {
    return loop.after(1s, [&] { replay.interrupt(Error{ErrorKind::kCancelled, "by anna"}); });
  };
  const std::string code = "task.spawn(function() timer.sleep(5) end) return 1";
  const Life whole = live(code, {}, how);
  REQUIRE(whole.error);
  CHECK(whole.error->message == "by anna");
  CHECK(live(code, whole.history) == whole);
}

TEST_CASE("an interruption that comes while the log is replayed waits for its end") {
  const std::string code = "world.read('a') world.note('a') timer.sleep(9) return 1";
  const History history = test::first(live(code).history, 2);
  test::Circumstances how;
  how.meanwhile = [](Loop&, lua::Replay& replay) {
    replay.interrupt(Error{ErrorKind::kCancelled, "by anna"});
    return Loop::Timer();
  };
  const Life second = live(code, history, how);
  CHECK(second.notes == std::vector<std::string>{"a"});
  REQUIRE(second.error);
  CHECK(second.begun.empty());
}

TEST_CASE("a run is parked when nothing but what was parked can move") {
  const std::string code = R"(
    task.all({
      function() world.approval('first') world.note('approved') end,
      function() timer.sleep(5) world.note('slept') end,
      function() timer.sleep(7) world.approval('second') end,
    })
    return 'over'
  )";
  const Life whole = live(code);
  CHECK_FALSE(whole.ended);
  REQUIRE(whole.parked);
  CHECK(whole.parked->message == "first");
  CHECK(whole.notes == std::vector<std::string>{"slept"});
  CHECK(whole.clock == 7);
  const Life second = live(code, whole.history);
  REQUIRE(second.parked);
  CHECK(second.begun == std::vector<std::string>{"approval", "approval"});
  CHECK(second.clock == 0);
}

TEST_CASE("a run whose log cannot be written stops and says so") {
  test::Circumstances how;
  how.commits_until_failure = 1;
  const Life life = live("for i = 1, 9 do timer.sleep(1) world.note('n') end return 1", {}, how);
  REQUIRE(life.broken);
  CHECK(life.broken->message == "the disk is full");
  CHECK_FALSE(life.ended);
  CHECK(life.notes.size() < 3);
}

TEST_CASE("what is rewound is a step of its own, what was under way is not") {
  const std::string code = R"(
    task.all({
      function() timer.sleep(50) end,
      function() for i = 1, 3 do world.read(i) end end,
    })
    return 1
  )";
  History history = live(code).history;
  std::erase_if(history, [](const journal::Logged& entry) {
    return entry.step.task == "0.1" && entry.kind == journal::Kind::kRecord;
  });
  REQUIRE(history.size() == 4);  // the sleep began; three reads
  for (std::size_t i = 0; i < history.size(); ++i) history[i].position = static_cast<int>(i) + 1;
  journal::Logged rewound;
  rewound.kind = journal::Kind::kRewound;
  rewound.at = history.back().at;
  rewound.body.set("to", 2);
  history.push_back(rewound);
  const Life second = live(code, history);
  REQUIRE(second.ended);
  std::vector<std::string> steps;
  for (std::size_t i = history.size(); i < second.history.size(); ++i) {
    steps.push_back(to_text(second.history[i].step));
  }
  CHECK(steps == std::vector<std::string>{"0.2#2~1", "0.2#3~1", "0.1#1"});
  CHECK(live(code, second.history) == second);
}

TEST_CASE("the same script in twenty fresh states gives byte-equal logs") {
  const std::string code = R"(
    local function work(name)
      return function()
        for key in pairs({ x = 1, y = 2, z = 3, [1] = 4 }) do world.read(name .. key) end
        local ok = pcall(world.fail, tostring({}) .. tostring(print))
        timer.sleep(math.random(5))
        world.note(tostring(coroutine.running()):match('%a+'))
      end
    end
    task.all({ work('a'), work('b'), work('c') })
    return 'over'
  )";
  const std::string once = test::to_text(live(code).history);
  for (int i = 0; i < 20; ++i) CHECK(test::to_text(live(code).history) == once);
}
