// Deterministic simulation: thousands of random schedules of faults, crashes and other people's
// doings, each from one seed; whatever happens, the rules hold and every run comes to an end.
//   NEAP_SCHEDULE=n test_schedules      one of them again, with everything that is known of it
//   NEAP_SCHEDULES=n test_schedules     that many
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "crash/schedule.h"
#include "crash/workers.h"

using namespace neap;
using namespace neap::test;

namespace {

#ifdef NEAP_SANITIZE
constexpr std::size_t kSeeds = 200;
#else
constexpr std::size_t kSeeds = 2000;
#endif
constexpr std::size_t kTwice = 50;
constexpr double kLeastRatio = 1000;

std::optional<std::uint64_t> number_from(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? std::nullopt : std::optional(std::stoull(text));
}

struct Totals {
  std::size_t runs = 0, crashes = 0, processes = 0, questions = 0, receipts = 0, wrong = 0,
              different = 0;
  double simulated = 0;
  std::map<std::string, std::uint64_t> fired, ended;
};

// status, crashes, processes, questions, receipts, seconds, wrong, then what fired
Message run_seed(std::uint64_t seed, const std::vector<Scenario>& all, const std::string& directory,
                 bool twice) {
  const Story story = schedule(seed, all);
  const Ending ending = play(story, directory);
  std::string wrong = ending.complaints();
  if (twice && wrong.empty() && play(story, directory).transcript() != ending.transcript()) {
    wrong = "  the same seed gave another log\n";
  }
  if (!wrong.empty()) {
    wrong = fmt::format("{}{}again: NEAP_SCHEDULE={} test_schedules", describe(story), wrong, seed);
  }
  Message result{std::string(to_text(ending.run.status)),
                 std::to_string(ending.crashes),
                 std::to_string(ending.processes.size()),
                 std::to_string(ending.questions),
                 std::to_string(ending.receipts),
                 std::to_string(to_seconds(ending.took)),
                 std::move(wrong)};
  for (const auto& [kind, count] : ending.fired) {
    result.push_back(kind);
    result.push_back(std::to_string(count));
  }
  return result;
}

void add(Totals& totals, const Message& result) {
  ++totals.runs;
  if (result.front() == "threw") {
    ++totals.wrong;
    FAIL_CHECK(result.at(1));
    return;
  }
  ++totals.ended[result.at(0)];
  totals.crashes += std::stoul(result.at(1));
  totals.processes += std::stoul(result.at(2));
  totals.questions += std::stoul(result.at(3));
  totals.receipts += std::stoul(result.at(4));
  totals.simulated += std::stod(result.at(5));
  if (!result.at(6).empty() && ++totals.wrong <= 5) FAIL_CHECK(result.at(6));
  for (std::size_t i = 7; i + 1 < result.size(); i += 2) {
    totals.fired[result[i]] += std::stoull(result[i + 1]);
  }
}

void print(const Totals& totals, std::size_t seeds, double seconds) {
  std::printf(
      "schedules, seeds 1 to %zu, %zu of them twice: %zu processes, %zu crashes, %zu calls in "
      "doubt "
      "put to the operator, %zu receipts of changing calls, %zu wrong\n",
      seeds, std::min(seeds, kTwice), totals.processes, totals.crashes, totals.questions,
      totals.receipts, totals.wrong);
  for (const auto& [status, count] : totals.ended) {
    std::printf("  ended %s: %lu\n", status.c_str(), count);
  }
  for (const auto& [kind, count] : totals.fired) {
    std::printf("  faults fired, %s: %lu\n", kind.c_str(), count);
  }
  std::printf(
      "  %.0f simulated seconds in %.1f real ones: %.0f times as fast, %.0f seeds a second\n",
      totals.simulated, seconds, totals.simulated / seconds,
      static_cast<double>(totals.runs) / seconds);
}

void repeat(std::uint64_t seed, const std::vector<Scenario>& all, const std::string& directory) {
  const Story story = schedule(seed, all);
  const Ending ending = play(story, directory);
  std::printf("%s%s%s", describe(story).c_str(), ending.transcript().c_str(),
              ending.narrative().c_str());
  INFO(ending.complaints());
  CHECK(ending.clean());
}

}  // namespace

TEST_CASE("whatever fails and whoever meddles, the rules hold and every run ends") {
  const Scratch scratch(Scratch::kFast);
  const std::vector<Scenario> all = scenarios();
  if (const auto seed = number_from("NEAP_SCHEDULE")) return repeat(*seed, all, scratch.path());
  const std::size_t seeds = number_from("NEAP_SCHEDULES").value_or(kSeeds);
  const auto began = std::chrono::steady_clock::now();
  Totals totals;
  work_through(
      seeds, scratch.path(),
      [&](std::size_t number, const std::string& directory) {
        return run_seed(number + 1, all, directory, number < kTwice);
      },
      [&](std::size_t, const Message& result) { add(totals, result); });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  print(totals, seeds, took.count());
  CHECK(totals.wrong == 0);
  CHECK(totals.crashes > 0);
  CHECK(totals.fired.size() >= 8);
  CHECK(totals.simulated / took.count() >= kLeastRatio);
}
