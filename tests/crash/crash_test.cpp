// The crash matrix: every runbook is killed at every place where it may die, once in each case, and
// must come to the end that it comes to when nobody kills it.
#include <chrono>
#include <cstdio>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/random.h"
#include "crash/comparison.h"
#include "crash/story.h"
#include "crash/workers.h"

using namespace neap;
using namespace neap::test;

namespace {

#ifdef NEAP_SANITIZE
constexpr std::size_t kEvery = 10;  // points; sanitizers take ten times as long
#else
constexpr std::size_t kEvery = 1;
#endif
constexpr std::uint64_t kSeed = 7;
// Of how many cases one is killed a second time while it recovers.
constexpr std::uint64_t kSecondCrashes = 4;

struct Case {
  std::size_t scenario = 0;
  std::size_t process = 0;
  CrashPoint crash;
};

struct Totals {
  std::size_t runbooks = 0, points = 0, crashes = 0, second = 0, resumes = 0, questions = 0,
              receipts = 0, problems = 0;
};

Story story_of(const Scenario& scenario) {
  Story story;
  story.scenario = &scenario;
  story.seed = kSeed;
  return story;
}

std::vector<Case> points_of(std::size_t scenario, const Ending& baseline) {
  std::vector<Case> cases;
  for (std::size_t process = 0; process < baseline.processes.size(); ++process) {
    for (const auto& [place, count] : baseline.processes[process].passed) {
      for (std::uint64_t i = 1; i <= count; ++i) cases.push_back({scenario, process, {place, i}});
    }
  }
  return cases;
}

// One place, by chance, of those that the processes after the crash passed.
std::pair<std::size_t, CrashPoint> second_crash(const Ending& ending, std::size_t first,
                                                Random& random) {
  std::vector<std::pair<std::size_t, CrashPoint>> points;
  for (std::size_t process = first + 1; process < ending.processes.size(); ++process) {
    for (const auto& [place, count] : ending.processes[process].passed) {
      for (std::uint64_t i = 1; i <= count; ++i) points.push_back({process, {place, i}});
    }
  }
  return points.empty() ? std::pair(first + 1, CrashPoint{})
                        : points[random.bits() % points.size()];
}

std::string to_text(const Case& what, const Scenario& scenario) {
  return fmt::format("{}: process {} killed at {} number {}", scenario.name, what.process,
                     what.crash.place, what.crash.count);
}

// crashes, second crashes, processes, questions, receipts, complaints
Message run_case(const Case& what, std::size_t number, const Scenario& scenario,
                 const Ending& baseline, const std::string& directory) {
  Story story = story_of(scenario);
  story.crashes[what.process] = what.crash;
  const Ending ending = play(story, directory);
  std::string wrong = ending.complaints() + differences(baseline, ending);
  if (ending.crashes != 1) wrong += fmt::format("  it was killed {} times\n", ending.crashes);
  std::size_t second = 0;
  std::size_t processes = ending.processes.size();
  Random random(kSeed + number);
  if (wrong.empty() && random.bits() % kSecondCrashes == 0) {
    const auto [process, crash] = second_crash(ending, what.process, random);
    story.crashes[process] = crash;
    const Ending again = play(story, directory);
    const std::string twice = again.complaints() + differences(baseline, again);
    if (!twice.empty()) {
      wrong += fmt::format("  and process {} at {} number {}:\n{}{}", process, crash.place,
                           crash.count, twice, again.narrative() + again.transcript());
    }
    second = again.crashes - 1;
    processes += again.processes.size();
  } else if (!wrong.empty()) {
    wrong += ending.narrative() + ending.transcript();
  }
  if (!wrong.empty()) wrong = to_text(what, scenario) + "\n" + wrong;
  return {std::to_string(ending.crashes),  std::to_string(second),
          std::to_string(processes),       std::to_string(ending.questions),
          std::to_string(ending.receipts), wrong};
}

void add(Totals& totals, const Message& result) {
  if (result.front() == "threw") {
    ++totals.problems;
    FAIL_CHECK(result.at(1));
    return;
  }
  totals.crashes += std::stoul(result.at(0));
  totals.second += std::stoul(result.at(1));
  totals.resumes += std::stoul(result.at(2));
  totals.questions += std::stoul(result.at(3));
  totals.receipts += std::stoul(result.at(4));
  if (result.at(5).empty()) return;
  // The first few say it all; the rest are counted.
  if (++totals.problems <= 5) FAIL_CHECK(result.at(5));
}

}  // namespace

TEST_CASE("a run that is killed anywhere ends as it does when nobody kills it") {
  const auto began = std::chrono::steady_clock::now();
  const Scratch scratch;
  const std::vector<Scenario> all = scenarios();
  std::vector<Ending> baselines;
  std::vector<Case> points;
  Totals totals;
  for (std::size_t i = 0; i < all.size(); ++i) {
    INFO(all[i].name);
    baselines.push_back(play(story_of(all[i]), scratch.path()));
    INFO(baselines.back().transcript() << baselines.back().narrative());
    INFO(baselines.back().complaints());
    REQUIRE(baselines.back().clean());
    const std::vector<Case> here = points_of(i, baselines.back());
    std::printf("%s: %s, %zu places to crash\n", all[i].name.c_str(),
                std::string(to_text(baselines.back().run.status)).c_str(), here.size());
    CHECK(here.size() >= 10);
    points.insert(points.end(), here.begin(), here.end());
    ++totals.runbooks;
  }
  std::vector<Case> cases;
  for (std::size_t i = 0; i < points.size(); i += kEvery) cases.push_back(points[i]);
  totals.points = points.size();
  work_through(
      cases.size(), scratch.path(),
      [&](std::size_t number, const std::string& directory) {
        const Case& what = cases[number];
        return run_case(what, number, all[what.scenario], baselines[what.scenario], directory);
      },
      [&](std::size_t, const Message& result) { add(totals, result); });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf(
      "crash matrix, seed %lu, every %zu. point: %zu runbooks, %zu points, %zu crashes, "
      "%zu second crashes during recovery, %zu resumes, %zu calls in doubt put to the operator, "
      "%zu receipts of changing calls, %zu cases wrong, %.1f s\n",
      kSeed, kEvery, totals.runbooks, totals.points, totals.crashes, totals.second,
      totals.resumes - totals.crashes - totals.second, totals.questions, totals.receipts,
      totals.problems, took.count());
  CHECK(totals.crashes == cases.size());
  CHECK(totals.second > 0);
  CHECK(totals.problems == 0);
}
