// A script that does not do again what its run did is noticed before anything is sent.
#include "replay_world.h"
#include "support/fault_points.h"

using namespace neap;
using test::Life;
using test::live;

namespace {

// Runs `now` over the whole log of `then`, expects it to diverge, and returns what is told.
std::string diverge(const std::string& then, const std::string& now) {
  const Life whole = live(then);
  REQUIRE(whole.ended);
  const Life second = live(now, whole.history);
  INFO("the script went on with " << second.result);
  REQUIRE(second.diverged.has_value() != second.unused.has_value());
  CHECK(second.begun.empty());
  CHECK(second.caught_up == 0);
  CHECK(second.history.size() == whole.history.size());
  const Error& error = second.diverged ? *second.diverged : *second.unused;
  CHECK(error.kind == ErrorKind::kConflict);
  CHECK(error.hint ==
        "resume without --with to run the recorded script, or give the run up: neap cancel");
  return error.message;
}

}  // namespace

TEST_CASE("a call of another name diverges, and both calls are shown with their lines") {
  CHECK(diverge("world.read('a')\nworld.read({ id = 5 })\nreturn 1",
                "world.read('a')\n\n\nworld.fail({ id = 5 }, true)\nreturn 1") ==
        R"(the script does not match its run: at step 0#2 the log holds host.world.read {"id":5} )"
        R"(at test.lua:2; the script now calls host.world.fail {"id":5},true at test.lua:4; )"
        "nothing was sent");
}

TEST_CASE("a call with other arguments diverges") {
  CHECK(
      diverge("world.read('a') return 1", "world.read('b') return 1") ==
      R"(the script does not match its run: at step 0#1 the log holds host.world.read "a" )"
      R"(at test.lua:1; the script now calls host.world.read "b" at test.lua:1; nothing was sent)");
  diverge("world.secret('a') return 1", "world.secret('b') return 1");
  diverge("timer.sleep(1) return 1", "timer.sleep(2) return 1");
}

TEST_CASE("calls in another order diverge") {
  diverge("world.read('a') world.read('b') return 1", "world.read('b') world.read('a') return 1");
  diverge("world.ticks() timer.now() return 1", "timer.now() world.ticks() return 1");
  diverge("world.ticks() world.read('a') return 1", "world.read('a') world.ticks() return 1");
  diverge("world.read('a') world.ticks() return 1", "world.ticks() world.read('a') return 1");
}

TEST_CASE("a call that is missing diverges") {
  CHECK(diverge("world.read('a') world.read('b') return 1",
                "world.read('a') task.run = nil while true do coroutine.yield() end")
            .find("the script now ends without it") != std::string::npos);
  diverge("world.ticks() world.read('b') return 1", "world.read('b') return 1");
  diverge("timer.now() world.ticks() world.read('b') return 1",
          "timer.now() world.read('b') return 1");
}

TEST_CASE("a call too many diverges") {
  CHECK(diverge("world.read('a') world.read('b') return 1",
                "task.spawn(function() world.read('x') end) world.read('a') task.all({}) return 1")
            .find("ends without it") == std::string::npos);
  diverge("timer.now() world.read('b') return 1", "timer.now() timer.now() world.read('b')");
}

TEST_CASE("a task too many, or too few, diverges when it shows") {
  const std::string two =
      "task.all({ function() world.read('a') end, function() world.read('b') end })";
  diverge(two + " return 1", "task.all({ function() world.read('b') end }) return 1");
  diverge("task.all({ function() world.read('b') end }) world.read('c') return 1", two);
}

TEST_CASE("a script that ends early is told by the host's question") {
  CHECK(diverge("world.read('a') world.read('b') return 1", "world.read('a') return 1") ==
        R"(the script does not match its run: at step 0#2 the log holds host.world.read "b" )"
        "at test.lua:1; the script now ends without it; nothing was sent");
}

TEST_CASE("a call that was open when the process ended must be made again") {
  const Life whole = live("world.read('a') timer.sleep(50) return 1");
  const test::History open = test::first(whole.history, 2);
  REQUIRE(open.back().kind == journal::Kind::kBegun);
  for (const char* other : {"world.read('a') timer.sleep(60)", "world.read('a') world.read('b')"}) {
    const Life second = live(other, open);
    CHECK(second.diverged);
    CHECK(second.begun.empty());
  }
  const Life ended = live("world.read('a')", open);
  CHECK(ended.unused);
  CHECK(live("world.read('a') timer.sleep(50) return 1", open).result == "1");
}

TEST_CASE("a script that catches the divergence gets no further") {
  const Life whole = live("for i = 1, 3 do world.read(i) end return 1");
  const Life second = live(R"(
    for i = 1, 10 do world.note(tostring(pcall(timer.now))) end
    world.read(1)
    world.note('never')
  )",
                           whole.history);
  REQUIRE(second.diverged);
  CHECK_FALSE(second.ended);
  CHECK(second.notes.size() == 10);
  CHECK(second.begun.empty());
}

TEST_CASE("a script may change where the log does not see it") {
  const Life whole = live("world.read('a') world.read('b') return 1");
  const Life second =
      live("\n\nworld.note('new') world.read('a')\nworld.read('b') world.read('c') return 2",
           whole.history);
  CHECK_FALSE(second.diverged);
  CHECK_FALSE(second.unused);
  CHECK(second.result == "2");
  CHECK(second.begun == std::vector<std::string>{"read \"c\""});
}

TEST_CASE("a run of another interruption diverges") {
  const std::string code = "timer.sleep(9) return 1";
  test::Circumstances how;
  how.meanwhile = [&](Loop& loop, lua::Replay& replay) {
    return loop.after(std::chrono::seconds{1}, [&] { replay.interrupt(Error{}); });
  };
  const Life whole = live(code, {}, how);
  REQUIRE(whole.error);
  CHECK(live("return 1", whole.history).unused);
  CHECK(live("world.read('x') return 1", whole.history).error);  // interrupted there instead
}

namespace {

// Whether a life and its successors, from every cut, no longer agree.
bool goes_wrong(std::uint64_t seed) {
  const std::string code = R"(
    local function work(name, count)
      return function()
        for i = 1, count do
          world.note(name .. world.read(name).number .. ' ' .. world.ticks())
        end
        local ok, err = pcall(timer.sleep, 2)
        world.note(name .. (ok and ' slept' or err.kind))
      end
    end
    pcall(task.all, { work('a', 3), work('b', 4), work('c', 2) })
    world.note(tostring(world.ticks()))
    return world.read('end').number
  )";
  test::Circumstances interrupted;
  interrupted.seed = seed;
  interrupted.meanwhile = [&](Loop& loop, lua::Replay& replay) {
    return loop.after(std::chrono::seconds{5}, [&] { replay.interrupt(Error{}); });
  };
  const Life whole = live(code, {}, interrupted);
  bool wrong = false;
  for (std::size_t cut = 0; cut <= whole.history.size(); ++cut) {
    const Life second = live(code, test::first(whole.history, cut));
    const Life third = live(code, second.history);
    wrong = wrong || second.diverged || second.unused || third.diverged || third.unused ||
            second.too_early > 0 || !third.begun.empty() || !(third == second) ||
            !std::equal(second.notes.begin(),
                        second.notes.begin() + static_cast<std::ptrdiff_t>(second.repeated),
                        whole.notes.begin());
  }
  // Its own kind of harm: a changed argument that goes unnoticed.
  const Life changed = live("world.read('a') return 1");
  return wrong || !live("world.read('b') return 1", changed.history).diverged;
}

bool caught(const std::string& bug) {
  fault::plant(bug);
  bool wrong = false;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) wrong = goes_wrong(seed) || wrong;
  CHECK((bug.empty() || fault::asked() > 0));
  fault::reset();
  return wrong;
}

}  // namespace

TEST_CASE("every bug that can be planted into replay shows") {
  CHECK_FALSE(caught(""));
  for (const char* bug : {"replay.skip_digest", "replay.deliver_unordered", "replay.forget_now",
                          "replay.begin_early", "replay.lose_interrupt", "replay.fresh_sequence"}) {
    INFO(bug);
    CHECK(caught(bug));
  }
}
