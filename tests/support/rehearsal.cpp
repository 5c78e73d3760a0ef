#include "support/rehearsal.h"

#include <catch2/catch.hpp>

#include "simulator/simulator.h"
#include "support/fault_count.h"
#include "support/surroundings.h"

namespace neap::test {

Rehearsal::Rehearsal(std::uint64_t seed) : world(runs::World::rehearsal(seed, log)) {}

Rehearsal::~Rehearsal() {
  const json::Document faults = admin(http::Method::kGet, "/faults");
  for (std::size_t i = 0; faults.has("/faults/" + std::to_string(i)); ++i) {
    const std::string row = "/faults/" + std::to_string(i);
    INFO("the fault " << faults.text(row + "/kind").value_or("?") << " never fired");
    const auto fired = faults.number(row + "/fired").value_or(0);
    CHECK(fired > 0);
    for (int count = 0; count < fired; ++count) count_fault();
  }
  world->loop().run();
  CHECK(world->jobs().jobs() == 0);
  CHECK(world->jobs().in_flight() == 0);
  CHECK(world->loop().timers() == 0);
  CHECK(world->loop().watches() == 0);
  CHECK(world->loop().posted() == 0);
}

runs::ScriptRun::Outcome Rehearsal::run(const std::string& runbook,
                                        const std::vector<std::string>& words) {
  const Result<runs::Script> script = runs::find_script(runbook);
  REQUIRE(script.has_value());
  return run(*script, words);
}

runs::ScriptRun::Outcome Rehearsal::run(const runs::Script& script,
                                        const std::vector<std::string>& words) {
  Place place;
  const Result<config::Settings> settings = config::load_settings({}, place.surroundings());
  REQUIRE(settings.has_value());
  runs::ScriptRun script_run(*world, op, log, *settings, script);
  running = &script_run;
  runs::ScriptRun::Outcome outcome = script_run.run(words);
  running = nullptr;
  return outcome;
}

app::ExitCode Rehearsal::exit_code(const runs::ScriptRun::Outcome& outcome) {
  return outcome.error ? app::exit_code(*outcome.error) : app::ExitCode::kDone;
}

json::Document Rehearsal::admin(http::Method method, const std::string& path,
                                const std::string& body) {
  http::Request request;
  request.method = method;
  request.body = body;
  Result<simulator::Answer> answer = world->simulator()->answer(request, "/_sim" + path);
  REQUIRE(answer.has_value());
  INFO(answer->response.body);
  REQUIRE(answer->response.status == 200);
  Result<json::Document> document = json::Document::parse(answer->response.body);
  REQUIRE(document.has_value());
  return std::move(*document);
}

void Rehearsal::power_demo(const std::string& state) {
  admin(http::Method::kPost, "/groups/demo/power", R"({"state":")" + state + R"("})");
}

std::size_t Rehearsal::arrived(const std::string& operation) {
  const json::Document receipts = admin(http::Method::kGet, "/receipts?operation=" + operation);
  std::size_t count = 0;
  while (receipts.has("/receipts/" + std::to_string(count))) ++count;
  return count;
}

}  // namespace neap::test
