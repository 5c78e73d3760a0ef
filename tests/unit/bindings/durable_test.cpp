// What a durable run keeps of questions, steps, locks and waits, and what it makes of that when it
// is resumed.
#include <algorithm>

#include "fixture.h"
#include "support/fault_points.h"

using namespace neap;
using namespace neap::test;
using namespace std::chrono_literals;
using journal::Kind;

namespace {

constexpr const char* kAsk =
    "local a = require('host.run').ask('Sure?', '4h') "
    "return tostring(a.yes) .. ' ' .. a.by .. ' ' .. a.comment";

// A run in a store, and what other processes add to it.
struct Kept {
  std::unique_ptr<journal::Store> store = journal::make_memory_store();
  std::string run = make_run();

  std::vector<journal::Logged> log() const { return store->log(run).value(); }
  std::string make_run() {
    journal::NewRun wish;
    wish.name = "sample";
    wish.owner = "test";
    wish.at = VirtualClock::kStart;
    return store->create(wish)->id;
  }
  void add(Kind kind, json::Object body, const journal::Step& step = {}) {
    journal::Batch batch;
    batch.run = run;
    batch.at = VirtualClock::kStart + 24h;
    journal::Entry entry;
    entry.kind = kind;
    entry.step = step;
    entry.body = std::move(body);
    batch.entries.push_back(std::move(entry));
    REQUIRE(store->commit(batch));
  }
  // Where the entry of that kind stands; 0: nowhere.
  std::int64_t position(Kind kind) const { return last(kind).position; }
  journal::Logged last(Kind kind) const {
    journal::Logged found;
    for (const journal::Logged& entry : log()) {
      if (entry.kind == kind) found = entry;
    }
    return found;
  }
  std::size_t count(Kind kind) const {
    const auto entries = log();
    return static_cast<std::size_t>(std::count_if(
        entries.begin(), entries.end(), [&](const auto& entry) { return entry.kind == kind; }));
  }
  void answer(bool yes, const std::string& by) {
    json::Object body;
    body.set("yes", yes);
    body.set("by", by);
    body.set("comment", "from elsewhere");
    add(Kind::kAnswered, std::move(body), last(Kind::kAsked).step);
  }
};

json::Object override_of(const std::string& step, const std::string& action, json::Value value) {
  json::Object body;
  body.set("step", step);
  body.set("action", action);
  body.set("value", std::move(value));
  body.set("by", "anna");
  body.set("why", "because");
  return body;
}

// Runs until nothing moves, writes what was learnt, and leaves the run as it is.
void leave_waiting(World& world) {
  world.loop.run();
  REQUIRE(world.log_of_run->commit());
}

}  // namespace

TEST_CASE("question and answer are in the log before the script learns of the answer") {
  Kept kept;
  World world;
  world.keep(*kept.store, kept.run);
  world.op.answer = Answer{true, "anna", "go"};
  CHECK(world.run(kAsk) == "true anna go");
  REQUIRE(world.log_of_run->commit());
  CHECK(kept.last(Kind::kAsked).body.text("question") == "Sure?");
  CHECK(kept.last(Kind::kAsked).body.text("deadline") == "2026-01-01T04:00:00.000Z");
  CHECK(kept.last(Kind::kAnswered).body.text("by") == "anna");
  CHECK(kept.last(Kind::kAnswered).body.flag("yes"));
  CHECK(kept.position(Kind::kAsked) < kept.position(Kind::kAnswered));
  CHECK(kept.position(Kind::kAnswered) < kept.position(Kind::kRecord));
}

TEST_CASE("what was answered is not asked again, although the answer never reached the script") {
  Kept kept;
  {
    World world;
    world.keep(*kept.store, kept.run);
    world.op.silent = true;
    const auto run = world.start(kAsk);
    auto later = world.loop.after(10s, [&] { world.loop.stop(); });
    world.loop.run();
    CHECK_FALSE(run->ended);
  }
  kept.answer(true, "boss");
  World world;
  world.keep(*kept.store, kept.run);
  CHECK(world.run(kAsk) == "true boss from elsewhere");
  CHECK(world.op.questions.empty());
  CHECK(kept.count(Kind::kAsked) == 1);
  CHECK(kept.count(Kind::kAnswered) == 1);
}

TEST_CASE("when nobody can be asked the run is parked, and goes on with an approval") {
  Kept kept;
  {
    World world;
    world.keep(*kept.store, kept.run);
    world.op.answer = fail(ErrorKind::kCancelled, "no terminal");
    const auto run = world.start(kAsk);
    leave_waiting(world);
    CHECK_FALSE(run->ended);
    REQUIRE(world.parked);
    CHECK(world.parked->kind == ErrorKind::kPrecondition);
    CHECK(world.parked->message == "waits for approval: Sure?");
  }
  kept.answer(true, "boss");
  World world;
  world.keep(*kept.store, kept.run);
  CHECK(world.run(kAsk) == "true boss from elsewhere");
  CHECK(world.op.questions.empty());
}

TEST_CASE("an answer that another process writes counts while the operator is being asked") {
  Kept kept;
  World world;
  world.keep(*kept.store, kept.run);
  world.op.silent = true;
  auto later = world.loop.after(5500ms, [&] { kept.answer(false, "boss"); });
  CHECK(world.run(kAsk) == "false boss from elsewhere");
  CHECK(world.loop.now() >= 5500ms);
  CHECK(world.loop.now() < 7s);
  CHECK(kept.count(Kind::kAnswered) == 1);
}

TEST_CASE("of two answers the one that was written first counts") {
  Kept kept;
  World world;
  world.keep(*kept.store, kept.run);
  world.op.silent = true;
  auto later = world.loop.after(500ms, [&] {
    kept.answer(true, "first");
    kept.answer(false, "second");
  });
  CHECK(world.run(kAsk) == "true first from elsewhere");
}

TEST_CASE("a question that nobody answers in time is answered no") {
  Kept kept;
  World world;
  world.keep(*kept.store, kept.run);
  world.op.silent = true;
  CHECK(world.run(kAsk) == "false deadline ");
  CHECK(world.loop.now() == 4h);
  CHECK(kept.last(Kind::kAnswered).body.text("by") == "deadline");
}

TEST_CASE("the deadline counts from the first asking, whichever process asks") {
  Kept kept;
  {
    World world;
    world.keep(*kept.store, kept.run);
    world.op.answer = fail(ErrorKind::kCancelled, "no terminal");
    world.start(kAsk);
    leave_waiting(world);
  }
  SECTION("it has passed") {
    World world;
    world.clock.advance_to(5h);
    world.keep(*kept.store, kept.run);
    CHECK(world.run(kAsk) == "false deadline ");
    CHECK(world.op.questions.empty());
  }
  SECTION("it has not passed") {
    World world;
    world.clock.advance_to(3h);
    world.keep(*kept.store, kept.run);
    world.op.silent = true;
    CHECK(world.run(kAsk) == "false deadline ");
    CHECK(world.loop.now() == 4h);
    CHECK(kept.count(Kind::kAsked) == 1);
  }
}

TEST_CASE("the bugs that a checker must catch are there to be planted") {
  Kept kept;
  World world;
  world.keep(*kept.store, kept.run);
  SECTION("an answer that nobody wrote down") {
    fault::plant("ask.answer_not_written");
    CHECK(world.run(kAsk) == "true test ");
    CHECK(kept.count(Kind::kAnswered) == 0);
  }
  SECTION("a deadline that nobody heeds") {
    fault::plant("ask.ignore_deadline");
    world.op.silent = true;
    auto later = world.loop.after(30h, [&] { kept.answer(true, "late"); });
    CHECK(world.run(kAsk) == "true late from elsewhere");
  }
  CHECK(fault::asked() > 0);
  fault::reset();
}

TEST_CASE("a step is replaced by what an operator wants in its place, by its name or number") {
  const char* begin =
      "local run = require('host.run') "
      "local function show(o) return o and o.action .. ':' .. tostring(o.value) .. ':' .. o.by .. "
      "':' .. o.why or 'none' end "
      "return table.concat({ show(run.begin_step(1, 'find')), show(run.begin_step(2, 'move')), "
      "show(run.begin_step(3, 'verify')) }, ' ')";
  {
    World plain;
    CHECK(plain.run(begin) == "none none none");
  }
  Kept kept;
  kept.add(Kind::kOverride, override_of("move", "skip", json::Null()));
  kept.add(Kind::kOverride, override_of("3", "set", 1));
  kept.add(Kind::kOverride, override_of("verify", "set", 2));
  World world;
  world.keep(*kept.store, kept.run);
  CHECK(world.run(begin) == "none skip:nil:anna:because set:2:anna:because");
}

TEST_CASE("a lock is held by the run, and another run's is refused with its name") {
  const char* lock = "require('host.run').lock('server_group g1') return 'held'";
  const char* caught =
      "local ok, e = pcall(function() return require('host.run').lock('server_group g1') end) "
      "return tostring(e.kind) .. ' ' .. tostring(e.code)";
  {
    World plain;
    CHECK(plain.run(lock) == "held");
  }
  Kept kept;
  {
    World world;
    world.keep(*kept.store, kept.run);
    CHECK(world.run(lock) == "held");
    REQUIRE(world.log_of_run->locks().size() == 1);
    CHECK(world.log_of_run->locks()[0].resource == "server_group g1");
  }
  CHECK(kept.store->locks()->size() == 1);
  World other;
  const std::string second = kept.make_run();
  other.keep(*kept.store, second);
  CHECK(other.run(caught) == "conflict " + std::string(journal::kLockHeld));
}

TEST_CASE("a resumed run sleeps for what is left, and its clock has gone on meanwhile") {
  const char* code =
      "local timer = require('host.timer') local began = timer.now() timer.sleep(60) "
      "return tostring(timer.now() - began)";
  Kept kept;
  {
    World world;
    world.keep(*kept.store, kept.run);
    world.start(code);
    auto later = world.loop.after(20s, [&] { world.loop.stop(); });
    world.loop.run();
    REQUIRE(world.log_of_run->commit());
  }
  World world;
  world.clock.advance_to(45s);
  world.keep(*kept.store, kept.run);
  CHECK(world.run(code) == "60");
  CHECK(world.loop.now() == 60s);
}
