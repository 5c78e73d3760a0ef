#include "fixture.h"

namespace neap::test {

World::~World() {
  if (log_of_run) machine.scheduler().cancel_all();
  loop.run();
  CHECK(machine.scheduler().alive() == 0);
  CHECK(lua_gettop(machine.scheduler().main()) == 0);
  CHECK(host.effects.in_flight == 0);
  CHECK(transport.under_way == 0);
  CHECK(jobs.jobs() == 0);
  CHECK(jobs.in_flight() == 0);
  CHECK(loop.timers() == 0);
  CHECK(loop.watches() == 0);
  CHECK(loop.posted() == 0);
}

void World::keep(journal::Store& store, const std::string& run) {
  journal::Batch taking;
  taking.run = run;
  taking.take = true;
  taking.owner = "test";
  REQUIRE(store.commit(taking));
  log_of_run.emplace(store, clock, *store.find(run), *store.log(run));
  host.log_of_run = &*log_of_run;
  lua::Replay& replay = machine.record(*log_of_run);
  lua::Replay::Hooks hooks;
  hooks.diverged = [this](Error error) { diverged = std::move(error); };
  hooks.parked = [this](Error error) { parked = std::move(error); };
  hooks.broken = [](const Error& error) { FAIL(describe(error)); };
  hooks.caught_up = [] {};
  replay.listen(std::move(hooks));
}

std::shared_ptr<World::Run> World::start(const std::string& code) {
  auto run = std::make_shared<Run>();
  auto started = machine.start(code, "@test.lua", [this, run](lua::Machine::Outcome outcome) {
    run->ended = true;
    run->error = std::move(outcome.error);
    if (run->error) return;
    const Result<json::Value> value = machine.copy(outcome.value);
    const auto* text = value ? value->as<std::string>() : nullptr;
    if (text != nullptr) run->text = *text;
  });
  INFO((started ? "" : started.error().message));
  REQUIRE(started.has_value());
  run->task = std::move(*started);
  return run;
}

std::string World::run(const std::string& code) {
  const auto run = start(code);
  loop.run();
  INFO((run->error ? describe(*run->error) : "it never ended"));
  REQUIRE(run->ended);
  REQUIRE_FALSE(run->error);
  return run->text;
}

}  // namespace neap::test
