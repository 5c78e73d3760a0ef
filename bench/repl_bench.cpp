// The prompt: how soon it is there, against python3's; how soon a key shows while a thousand calls
// wait; how long a completion takes among five thousand names. Exits 1 when a bar is not met.
#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "pseudo_terminal.h"
#include "repl/completer.h"
#include "repl/session.h"
#include "simulator/simulator.h"

namespace neap::bench {
namespace {

constexpr int kStarts = 20;
constexpr int kKeys = 300;
constexpr int kWaits = 1'000;
constexpr int kNames = 5'000;
constexpr double kWorstStart = 1.0;       // of python3
constexpr double kWorstKey = 20;          // ms, of 99 in 100
constexpr double kWorstCompletion = 100;  // ms, in the middle: what feels like at once

double percentile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

const char* judge(bool met) {
  return met ? "bar met" : "bar not met";
}

std::vector<std::string> environment(const std::string& home) {
  return {"HOME=" + home,          "TERM=xterm", "LC_ALL=C.UTF-8",
          "NEAP_ECS_METADATA=off", "NO_COLOR=1", "PATH=/usr/bin:/bin"};
}

double start(const std::vector<std::string>& command, const std::string& home,
             std::string_view prompt) {
  PseudoTerminal terminal(command, environment(home));
  return terminal.wait_for(prompt);
}

bool compare_starts(const std::string& neap, const std::string& home) {
  std::vector<double> ours;
  std::vector<double> python;
  for (int round = 0; round < kStarts; ++round) {
    ours.push_back(start({neap, "repl"}, home, "> "));
    python.push_back(start({"/usr/bin/python3", "-q"}, home, ">>> "));
  }
  const double ratio = percentile(ours, 0.5) / percentile(python, 0.5);
  fmt::print(
      "to the first prompt, median of {}: neap {:.1f} ms, python3 {:.1f} ms: x{:.2f} "
      "(bar x{}): {}\n",
      kStarts, percentile(ours, 0.5), percentile(python, 0.5), ratio, kWorstStart,
      judge(ratio <= kWorstStart));
  return ratio <= kWorstStart;
}

// One key after the other, a line at a time; milliseconds until each showed.
std::vector<double> type_keys(PseudoTerminal& terminal) {
  std::vector<double> times;
  for (int i = 0; i < kKeys; ++i) {
    const std::string key(1, static_cast<char>('a' + i % 26));
    terminal.type(key);
    times.push_back(terminal.wait_for(key));
    if (i % 26 != 25 && i + 1 != kKeys) continue;
    terminal.type("\x15");  // ^U
    terminal.settle();
  }
  return times;
}

bool measure_keys(const std::string& neap, const std::string& home) {
  // In slow motion, so that the job goes on for as long as the waits are looked at.
  PseudoTerminal terminal({neap, "-q", "repl", "--sim", "--time-scale", "0.01"}, environment(home));
  terminal.wait_for("> ");
  const std::vector<double> idle = type_keys(terminal);
  const auto enter = [&](const std::string& line, std::string_view wanted) {
    terminal.type(line + "\r");
    terminal.wait_for(wanted);
  };
  enter("g = sdrs.groups:find('demo')", "> ");
  enter(":arm", "ARMED 15m> ");
  enter("j = g:failover()", "[y/N] ");
  enter("y", "ARMED 15m> ");
  enter(fmt::format("l = {{}} for i = 1, {} do l[i] = i end", kWaits), "ARMED 15m> ");
  enter(fmt::format("task.map(l, {}, function() sdrs.groups:get(g.id):wait_for('failed-over', "
                    "{{ every = '5s', timeout = '2h' }}) end) &",
                    kWaits),
        "in the background");
  terminal.wait_for("> ");
  const std::vector<double> busy = type_keys(terminal);
  const double worst = percentile(busy, 0.99);
  fmt::print(
      "a key until it shows, {} keys: alone p50 {:.2f} ms, p99 {:.2f} ms; while {} waits ask "
      "the simulator in the same process every 5 s p50 {:.2f} ms, p99 {:.2f} ms (bar {} "
      "ms): {}\n",
      kKeys, percentile(idle, 0.5), percentile(idle, 0.99), kWaits, percentile(busy, 0.5), worst,
      kWorstKey, judge(worst <= kWorstKey));
  return worst <= kWorstKey;
}

// Nobody listens.
class Nobody final : public repl::Console {
 public:
  void print(std::string_view) override {}
  void notice(std::string_view) override {}
  void progress(std::string_view) override {}
  Owner ask(std::string, Function<void(Result<Answer>)>) override { return {}; }
};

double time_of(repl::Completer& completer, std::string_view line, std::size_t& found) {
  const auto begin = std::chrono::steady_clock::now();
  found = completer.complete({}, line, line.size()).candidates.size();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

bool measure_completion() {
  Log log(LogLevel::kOff);
  const auto world = runs::World::rehearsal(1, log);
  http::Request request;
  request.method = http::Method::kPost;
  request.body = fmt::format(R"({{"name": "shop", "instances": 0, "pairs": 0, "count": {}}})",
                             kNames / 2);  // each has a name and an id
  const auto made = world->simulator()->answer(request, "/_sim/groups");
  if (!made || made->response.status != 200) throw Failure(ErrorKind::kInternal, "no groups made");
  Nobody nobody;
  const config::Settings settings = *config::load_settings(
      {}, {[](const std::string&) { return std::nullopt; },
           [](const std::string&) -> Result<std::optional<config::File>> { return std::nullopt; }});
  repl::Session session(*world, nobody, log, settings, "the simulator", "");
  const manual::Surface surface = *manual::Surface::load();
  repl::Completer completer(
      session, [&] { return &surface; }, {}, std::chrono::hours{1});
  std::size_t found = 0;
  const double first = time_of(completer, "sdrs.groups:find('", found);
  constexpr int kTries = 50;
  std::vector<double> times(kTries);
  std::size_t one = 0;
  for (double& each : times) each = time_of(completer, "sdrs.groups:find('shop-12", one);
  std::vector<double> members(kTries);
  for (double& each : members) each = time_of(completer, "sdrs.groups:fi", one);
  const double middle = percentile(times, 0.5);
  fmt::print(
      "completion among {} names: p50 {:.1f} ms, p99 {:.1f} ms (the first, which reads them "
      "all: {:.0f} ms); of a method p50 {:.2f} ms (bar {} ms): {}\n",
      found, middle, percentile(times, 0.99), first, percentile(members, 0.5), kWorstCompletion,
      judge(found >= kNames && middle <= kWorstCompletion));
  return found >= kNames && middle <= kWorstCompletion;
}

int run(const std::string& neap) {
  const std::string home = std::filesystem::temp_directory_path() / "neap-bench-repl";
  std::filesystem::create_directories(home);
  const std::array met = {compare_starts(neap, home), measure_keys(neap, home),
                          measure_completion()};
  std::filesystem::remove_all(home);
  return std::all_of(met.begin(), met.end(), [](bool each) { return each; }) ? 0 : 1;
}

}  // namespace
}  // namespace neap::bench

// bench_repl [PATH OF NEAP]
int main(int count, char** arguments) {
  try {
    return neap::bench::run(count > 1 ? arguments[1] : NEAP_BINARY);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_repl: {}\n", error.what());
    return 2;
  }
}
