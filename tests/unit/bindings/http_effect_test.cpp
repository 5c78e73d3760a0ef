// Changing requests to other hosts in a durable run: sent once, and again only on a person's word.
#include "fixture.h"
#include "json/writer.h"

using namespace neap;
using namespace neap::test;
using namespace std::chrono_literals;
using journal::Kind;

namespace {

constexpr const char* kPost =
    "local ok, r = pcall(require('http').post, 'https://hooks.example/x', 'secret') "
    "if not ok then return tostring(r.kind) end "
    "return r.status .. ' ' .. r.body .. ' ' .. tostring(r.headers['X-Neap-Attested-By'])";

struct Kept {
  std::unique_ptr<journal::Store> store = journal::make_memory_store();
  std::string run = store->create({"sample", "test", {}, VirtualClock::kStart, ""})->id;

  std::vector<journal::Logged> log() const { return store->log(run).value(); }
  // The kinds of the entries about the request, in order.
  std::string story() const {
    std::string kinds;
    for (const journal::Logged& entry : log()) {
      if (entry.kind < Kind::kIntent || entry.kind > Kind::kResolved) continue;
      kinds += (kinds.empty() ? "" : " ") + std::string(to_text(entry.kind));
    }
    return kinds;
  }
  void resolve(bool happened) {
    journal::Batch batch;
    batch.run = run;
    batch.at = VirtualClock::kStart + 1h;
    for (const journal::Logged& entry : log()) {
      if (entry.kind == Kind::kOperator) batch.entries = {entry};
    }
    REQUIRE(batch.entries.size() == 1);
    journal::Entry& word = batch.entries.front();
    word.kind = Kind::kResolved;
    word.body.set("happened", happened);
    word.body.set("by", "anna");
    REQUIRE(store->commit(batch));
  }
};

void prepare(World& world, Kept& kept) {
  world.keep(*kept.store, kept.run);
  world.host.grants = Grants::all({"net:hooks.example"});
}

// A first process whose request was sent and never answered.
void lose_answer(Kept& kept) {
  World world;
  prepare(world, kept);
  world.transport.then(lost("connection reset"));
  const auto run = world.start(kPost);
  world.loop.run();
  CHECK_FALSE(run->ended);
  REQUIRE(world.parked);
  CHECK(world.parked->kind == ErrorKind::kInDoubt);
  CHECK_THAT(world.parked->message, Catch::Contains("POST hooks.example"));
  CHECK(world.host.effects.in_flight == 0);
  CHECK(world.transport.sent.size() == 1);
}

}  // namespace

TEST_CASE("a request that was answered is not sent again, and its answer is as it was") {
  Kept kept;
  for (const std::size_t sent : {1u, 0u}) {
    World world;
    prepare(world, kept);
    world.transport.then(answered(201, "made"));
    CHECK(world.run(kPost) == "201 made nil");
    REQUIRE(world.log_of_run->commit());
    CHECK(world.transport.sent.size() == sent);
  }
  CHECK(kept.story() == "intent sent accepted done");
}

TEST_CASE("the body of a request stands nowhere in the log, in which its digest does") {
  Kept kept;
  World world;
  prepare(world, kept);
  world.transport.then(answered(201, "made"));
  world.run(kPost);
  REQUIRE(world.log_of_run->commit());
  for (const journal::Logged& entry : kept.log()) {
    CHECK_THAT(json::write(json::Value(entry.body)), !Catch::Contains("secret"));
  }
}

TEST_CASE("a request that never left may be sent again, which the script decides") {
  Kept kept;
  World world;
  prepare(world, kept);
  world.transport.then(not_sent("connection refused"));
  CHECK(world.run(kPost) == "network");
  CHECK(kept.story() == "intent sent refused");
}

TEST_CASE("a lost answer parks the run, and stays a question until a person has answered it") {
  Kept kept;
  lose_answer(kept);
  CHECK(kept.story() == "intent sent unknown operator");
  World world;
  prepare(world, kept);
  const auto run = world.start(kPost);
  world.loop.run();
  CHECK_FALSE(run->ended);
  CHECK(world.parked);
  CHECK(world.transport.sent.empty());
  CHECK(kept.story() == "intent sent unknown operator");
}

TEST_CASE("a request that a person says took effect is not sent again") {
  Kept kept;
  lose_answer(kept);
  kept.resolve(true);
  World world;
  prepare(world, kept);
  CHECK(world.run(kPost) == "200  anna");
  CHECK(world.transport.sent.empty());
  CHECK(kept.story() == "intent sent unknown operator resolved done");
}

TEST_CASE("a request that a person says had no effect is sent again") {
  Kept kept;
  lose_answer(kept);
  kept.resolve(false);
  World world;
  prepare(world, kept);
  world.transport.then(answered(201, "made"));
  CHECK(world.run(kPost) == "201 made nil");
  CHECK(world.transport.sent.size() == 1);
  CHECK(kept.story() == "intent sent unknown operator resolved proof sent accepted done");
}

TEST_CASE("a process that dies after sending leaves a question, not a second request") {
  Kept kept;
  {
    World world;
    prepare(world, kept);
    world.transport.latency = 10s;
    world.transport.then(answered(201, "made"));
    world.start(kPost);
    auto later = world.loop.after(1s, [&] { world.loop.stop(); });
    world.loop.run();
    CHECK(world.transport.sent.size() == 1);
  }
  CHECK(kept.story() == "intent sent");
  World world;
  prepare(world, kept);
  world.start(kPost);
  world.loop.run();
  CHECK(world.parked);
  CHECK(world.transport.sent.empty());
  CHECK(kept.story() == "intent sent operator");
}

TEST_CASE("a request of which a repetition does no more is sent again, and is no effect") {
  Kept kept;
  World world;
  prepare(world, kept);
  world.transport.then(lost("connection reset"));
  world.transport.then(answered(503, ""));
  world.transport.then(answered(201, "made"));
  CHECK(world.run("return require('http').post('https://hooks.example/x', 'again', "
                  "{ repeatable = true }).body") == "made");
  CHECK_FALSE(world.parked);
  CHECK(world.transport.sent.size() == 3);
  CHECK(kept.story().empty());
}
