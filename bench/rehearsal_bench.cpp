// How much faster than real time a rehearsal is: the bundled failover, and 10,000 groups failed
// over side by side. Both include setting up their world. Exits 1 when a bar is missed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "runs/script_run.h"
#include "runs/world.h"
#include "simulator/simulator.h"

namespace {

using namespace neap;

constexpr int kRehearsals = 21;
constexpr double kLeastSpeedUp = 1000;
constexpr int kGroups = 10'000;
constexpr double kMostSeconds = 10;

class SilentOperator final : public Operator {
 public:
  void tell(const RunEvent&) override {}
  Owner ask(std::string, Function<void(Result<Answer>)> done) override {
    done(Answer{true, "bench", {}});
    return {};
  }
  void print(std::string_view) override {}
};

struct Took {
  double real = 0;       // seconds
  double simulated = 0;  // seconds
};

double seconds_now() {
  return to_seconds(std::chrono::steady_clock::now().time_since_epoch());
}

void make_groups(simulator::Simulator& simulator, int count) {
  http::Request request;
  request.method = http::Method::kPost;
  request.body = fmt::format(R"({{"name":"pg","count":{},"instances":1,"pairs":1}})", count);
  const Result<simulator::Answer> made = simulator.answer(request, "/_sim/groups");
  if (!made) throw Failure(made.error());
  if (made->response.status != 200) throw std::runtime_error(made->response.body);
}

// Settings without limits: the CPU that one script may use is not what is measured here.
Took rehearse(const runs::Script& script, const std::vector<std::string>& words, int groups) {
  const double began = seconds_now();
  Log log(LogLevel::kOff);
  SilentOperator op;
  const config::Settings settings;
  const auto world = runs::World::rehearsal(1, log);
  if (groups > 0) make_groups(*world->simulator(), groups);
  const Instant start = world->loop().now();
  runs::ScriptRun run(*world, op, log, settings, script);
  const runs::ScriptRun::Outcome outcome = run.run(words);
  if (outcome.error) throw Failure(*outcome.error);
  return {seconds_now() - began, to_seconds(world->loop().now() - start)};
}

bool bundled_failover() {
  const Result<runs::Script> script = runs::find_script("failover");
  if (!script) throw Failure(script.error());
  std::vector<double> real;
  std::vector<double> speed;
  for (int i = 0; i < kRehearsals; ++i) {
    const Took took = rehearse(*script, {"--group", "demo"}, 0);
    real.push_back(took.real);
    speed.push_back(took.simulated / took.real);
  }
  const auto middle = kRehearsals / 2;
  std::nth_element(real.begin(), real.begin() + middle, real.end());
  std::nth_element(speed.begin(), speed.begin() + middle, speed.end());
  const bool met = speed[middle] >= kLeastSpeedUp;
  fmt::print(
      "rehearsal of the bundled failover: {:.1f} ms, x{:.0f} real time (bar >= x{}): bar {}\n",
      real[middle] * 1e3, speed[middle], kLeastSpeedUp, met ? "met" : "not met");
  return met;
}

bool many_groups() {
  const runs::Script script = runs::typed_script(R"lua(
    local groups = {}
    for group in sdrs.groups:each {} do groups[#groups + 1] = group end
    task.map(groups, #groups, function(group) group:failover():wait() end)
    for group in sdrs.groups:each {} do assert(group.status == "failed-over", group.status) end
  )lua");
  const Took took = rehearse(script, {}, kGroups);
  const bool met = took.real <= kMostSeconds;
  fmt::print(
      "failing over {} groups side by side: {:.1f} s for {:.0f} simulated (bar <= {} s): bar {}\n",
      kGroups, took.real, took.simulated, kMostSeconds, met ? "met" : "not met");
  return met;
}

}  // namespace

int main() {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  try {
    const bool failover_met = bundled_failover();
    return many_groups() && failover_met ? 0 : 1;
  } catch (const Failure& failure) {
    fmt::print(stderr, "bench_rehearsal: {}\n", describe(failure.error));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_rehearsal: {}\n", error.what());
  }
  return 2;
}
