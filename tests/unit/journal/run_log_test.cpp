// A run's log while its run goes on: what counts, what is written when, and the run's own clock.
#include "journal/run_log.h"

#include <catch2/catch.hpp>

#include "support/journal_samples.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;
using namespace std::chrono_literals;

// A run in memory, which processes take one after another.
struct World {
  World() { id = store->create(new_run("failover")).value().id; }

  RunLog log() {
    Batch take = batch_of(id, {entry(Kind::kStarted, 0)}, clock.utc());
    take.take = true;
    take.owner = "ben@dr-2 (pid 2)";
    REQUIRE(store->commit(take));
    return {*store, clock, store->find(id).value(), store->log(id).value()};
  }

  std::unique_ptr<Store> store = make_memory_store();
  VirtualClock clock{kBirth};
  std::string id;
};

Entry rewound(std::int64_t to) {
  return entry(Kind::kRewound, 0, body("to", to));
}

std::vector<std::uint32_t> sequences(const std::vector<Logged>& records) {
  std::vector<std::uint32_t> found;
  for (const Logged& record : records) found.push_back(record.step.sequence);
  return found;
}

TEST_CASE("entries wait for the commit that anything may depend on", "[run_log]") {
  World world;
  RunLog log = world.log();
  CHECK_FALSE(log.pending());
  log.add(record(1, 1));
  log.add(record(2, 2));
  CHECK(log.pending());
  CHECK(log.records().empty());
  CHECK(world.store->log(world.id).value().size() == 1);
  world.clock.advance_to(5s);
  Batch with;
  with.entries = {record(3, 3)};
  with.change = Change{Status::kWaiting, "go on?", ""};
  CHECK(log.commit(with).value().position == 4);
  CHECK_FALSE(log.pending());
  CHECK(sequences(log.records()) == std::vector<std::uint32_t>{1, 2, 3});
  CHECK(log.all().back().at == after_birth(5));
  CHECK(told(log.all()) == told(world.store->log(world.id).value()));
  CHECK(log.run().status == Status::kWaiting);
  CHECK(log.run().position == 4);
  CHECK(log.run().epoch == 2);
  CHECK(log.commit().value().position == 4);  // nothing to write
}

TEST_CASE("what a rewind undid does not count, and a step done over is another", "[run_log]") {
  World world;
  RunLog log = world.log();
  for (std::uint32_t i = 1; i <= 4; ++i) log.add(record(i, static_cast<int>(i)));
  log.add(entry(Kind::kBegun, 5));
  log.add(entry(Kind::kSent, 5));
  log.add(entry(Kind::kOverride, 3));
  REQUIRE(log.commit());
  CHECK(log.generation() == 0);
  CHECK(log.of_step({"0", 5, 0}).size() == 2);
  CHECK(log.overrides().size() == 1);
  log.add(rewound(3));
  log.add(entry(Kind::kOverride, 4));
  log.add(entry(Kind::kOverride, 9));
  REQUIRE(log.commit());
  // Read back, it is the same.
  const RunLog again(*world.store, world.clock, world.store->find(world.id).value(),
                     world.store->log(world.id).value());
  for (const RunLog* seen : std::initializer_list<const RunLog*>{&log, &again}) {
    CHECK(seen->generation() == 1);
    CHECK(sequences(seen->records()) == std::vector<std::uint32_t>{1, 2});
    CHECK(seen->all().size() == 11);
    // What was sent stays sent.
    REQUIRE(seen->of_step({"0", 5, 0}).size() == 1);
    CHECK(seen->of_step({"0", 5, 0}).front()->kind == Kind::kSent);
    CHECK(seen->of_step({"0", 5, 1}).empty());
    REQUIRE(seen->overrides().size() == 2);
    CHECK(seen->overrides().front()->step.sequence == 9);
  }
}

TEST_CASE("a job leads to the call that began it, until that is closed", "[run_log]") {
  World world;
  RunLog log = world.log();
  log.add(entry(Kind::kIntent, 1));
  log.add(entry(Kind::kAccepted, 1, body("job_id", "j1")));
  log.add(entry(Kind::kAccepted, 2, body("job_id", "j2")));
  REQUIRE(log.commit());
  CHECK(log.effect_of_job("j1")->step.sequence == 1);
  CHECK(log.effect_of_job("j2")->step.sequence == 2);
  CHECK_FALSE(log.effect_of_job("j3"));
  CHECK_FALSE(log.effect_of_job(""));
  log.add(entry(Kind::kDone, 1));
  log.add(entry(Kind::kFailed, 2));
  REQUIRE(log.commit());
  CHECK_FALSE(log.effect_of_job("j1"));
  CHECK_FALSE(log.effect_of_job("j2"));
}

TEST_CASE("an operator's word is read once, also when a commit came across it", "[run_log]") {
  World world;
  RunLog log = world.log();
  CHECK_FALSE(log.refresh().value());
  const auto operator_says = [&] {
    REQUIRE(world.store->commit(batch_of(world.id, {entry(Kind::kResolved, 1)})));
  };
  operator_says();
  CHECK(log.refresh().value());
  CHECK_FALSE(log.refresh().value());
  operator_says();
  log.add(record(2, 2));
  CHECK(log.commit().value().position == 4);
  CHECK(told(log.all()) == told(world.store->log(world.id).value()));
  CHECK(log.refresh().value());
  CHECK_FALSE(log.refresh().value());
  CHECK(log.of_step({"0", 1, 0}).size() == 2);
}

TEST_CASE("locks are known to the log, and to the one of the process after it", "[run_log]") {
  World world;
  RunLog log = world.log();
  EffectLog effect(log, {"0", 1, 0}, "failover", "d", "a.lua:1");
  CHECK(effect.lock({}).value().empty());
  CHECK(effect.lock({"server_group a"}).value().size() == 1);
  CHECK(effect.lock({"server_group a"}).value().size() == 1);
  REQUIRE(log.locks().size() == 1);
  CHECK(world.log().locks().size() == 1);
}

TEST_CASE("a lock that another holds leaves the log usable, and drops what was asked for",
          "[run_log]") {
  World world;
  Batch rival = batch_of(world.store->create(new_run("drill")).value().id, {});
  rival.lock = {"server_group a"};
  REQUIRE(world.store->commit(rival));
  RunLog log = world.log();
  log.add(record(1, 1));
  Batch send;
  send.lock = {"server_group a"};
  send.entries = {entry(Kind::kSent, 2)};
  CHECK(log.commit(send).error().code == kLockHeld);
  CHECK(log.locks().empty());
  CHECK(log.pending());
  Batch end;
  end.entries = {entry(Kind::kEnded, 0)};
  end.change = Change{Status::kFailed, "", "locked"};
  REQUIRE(log.commit(end));
  CHECK(log.all().size() == 3);
  CHECK(log.of_step({"0", 2, 0}).empty());
  CHECK(world.store->find(world.id).value().status == Status::kFailed);
}

TEST_CASE("once another process has taken the run nothing more is written", "[run_log]") {
  World world;
  RunLog log = world.log();
  RunLog next = world.log();
  log.add(record(1, 1));
  for (int i = 0; i < 2; ++i) {
    CHECK(log.commit().error().code == kTakenOver);
    CHECK(log.refresh().error().code == kTakenOver);
  }
  CHECK(world.store->log(world.id).value().size() == 2);
  next.add(record(1, 1));
  CHECK(next.commit());
}

TEST_CASE("a run's clock goes on while nobody runs it, and never back", "[run_log]") {
  World world;
  world.clock.advance_to(10s);
  {
    RunLog log = world.log();
    CHECK(log.now() == 10s);
    world.clock.advance_to(25s);
    CHECK(log.now() == 25s);
    CHECK(log.utc() == after_birth(25));
    log.add(record(1, 1));
    REQUIRE(log.commit());
  }
  world.clock.advance_to(100s);
  CHECK(world.log().now() == 100s);

  VirtualClock behind(kBirth - 1h);  // of another machine
  RunLog log(*world.store, behind, world.store->find(world.id).value(),
             world.store->log(world.id).value());
  CHECK(log.now() == 100s);
  behind.advance_to(5s);
  CHECK(log.now() == 105s);
}

TEST_CASE("an effect outside a durable run remembers only itself", "[run_log]") {
  EffectLog effect;
  CHECK_FALSE(effect.durable());
  CHECK(effect.marker().empty());
  CHECK(effect.epoch() == 0);
  CHECK(effect.locks() == nullptr);
  effect.add(Kind::kIntent, {});
  CHECK(effect.write(Kind::kSent, body("attempt", 1)).value().position == 2);
  REQUIRE(effect.history().size() == 2);
  CHECK(effect.history()[1]->kind == Kind::kSent);
  CHECK_FALSE(effect.refresh().value());
  CHECK(effect.lock({"server_group a"}).value().empty());
}

TEST_CASE("an effect of a durable run stands in its log under its step", "[run_log]") {
  World world;
  RunLog log = world.log();
  EffectLog effect(log, {"0.2", 12, 1}, "sdrs:failover", "digest", "failover.lua:12");
  CHECK(effect.marker() == "neap " + world.id + " 0.2#12~1");
  CHECK(effect.epoch() == 2);
  effect.add(Kind::kIntent, {});
  REQUIRE(effect.write(Kind::kSent, body("attempt", 1)));
  REQUIRE(effect.history().size() == 2);
  CHECK(log.all().back().name == "sdrs:failover");
  CHECK(log.all().back().digest == "digest");
  CHECK(log.all().back().where == "failover.lua:12");
  CHECK(log.of_step({"0.2", 12, 1}).size() == 2);
}

}  // namespace
