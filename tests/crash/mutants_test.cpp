// Bugs planted in the product, one at a time (base/fault_points.h): a checker that misses one would
// miss the real ones too.
#include <chrono>
#include <cstdio>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/random.h"
#include "crash/bugs.h"
#include "crash/comparison.h"
#include "crash/schedule.h"
#include "crash/workers.h"

using namespace neap;
using namespace neap::test;

namespace {

// How long a bug is hunted before it counts as missed.
constexpr std::size_t kCrashes = 60;
constexpr std::uint64_t kSchedules = 1500;

struct Hunt {
  const std::string& bug;
  const std::vector<Scenario>& all;
  const std::vector<Ending>& baselines;
  const std::string& directory;
  std::uint64_t asked = 0;
  std::size_t stories = 0;
  std::string caught;  // by what

  // Whether the story, or what it came to compared with the baseline, gives the bug away.
  bool gives_away(const Story& story, const Ending* baseline) {
    Story with_bug = story;
    with_bug.bug = bug;
    const Ending ending = play(with_bug, directory);
    ++stories;
    for (const Report& report : ending.processes) asked += report.asked;
    if (!ending.violations.empty()) {
      const journal::Violation& first = ending.violations.front();
      caught = first.rule + ": " + first.sentence;
    } else if (!ending.problems.empty()) {
      caught = "liveness: " + ending.problems.front();
    } else if (baseline != nullptr) {
      const std::string different = differences(*baseline, ending);
      if (!different.empty()) caught = "another end:" + different.substr(1, different.find('\n'));
    }
    if (!caught.empty()) caught += " (" + story.scenario->name + ")";
    return !caught.empty();
  }

  bool in_peace() {
    for (std::size_t i = 0; i < all.size(); ++i) {
      Story story;
      story.scenario = &all[i];
      if (gives_away(story, &baselines[i])) return true;
    }
    return false;
  }

  bool in_crashes() {
    Random random(7);
    for (std::size_t n = 0; n < kCrashes; ++n) {
      const std::size_t i = random.bits() % all.size();
      Story story;
      story.scenario = &all[i];
      const std::size_t process = random.bits() % baselines[i].processes.size();
      const auto& passed = baselines[i].processes[process].passed;
      auto place = passed.begin();
      std::advance(place, static_cast<std::ptrdiff_t>(random.bits() % passed.size()));
      story.crashes[process] = {place->first, 1 + random.bits() % place->second};
      if (gives_away(story, &baselines[i])) return true;
    }
    return false;
  }

  // What chance would take long to find.
  bool in_corners() {
    for (std::size_t i = 0; i < all.size(); ++i) {
      Story silent;
      silent.scenario = &all[i];
      silent.answers = false;
      Story terminal;
      terminal.scenario = &all[i];
      terminal.at_the_terminal = true;
      Story gateway;
      gateway.scenario = &all[i];
      gateway.weather.bad_gateway = 0.5;
      for (const Story* story : {&silent, &terminal, &gateway}) {
        if (gives_away(*story, nullptr)) return true;
      }
    }
    return false;
  }

  bool in_schedules() {
    for (std::uint64_t seed = 1; seed <= kSchedules; ++seed) {
      if (gives_away(schedule(seed, all), nullptr)) return true;
    }
    return false;
  }
};

}  // namespace

TEST_CASE("every bug that is planted in the product is caught") {
  const auto began = std::chrono::steady_clock::now();
  const Scratch scratch(Scratch::kFast);
  const std::vector<Scenario> all = scenarios();
  std::vector<Ending> baselines;
  for (const Scenario& scenario : all) {
    Story story;
    story.scenario = &scenario;
    baselines.push_back(play(story, scratch.path()));
    INFO(scenario.name << "\n" << baselines.back().complaints());
    REQUIRE(baselines.back().clean());
  }
  const auto& bugs = planted_bugs();
  CHECK(bugs.size() >= 25);
  std::size_t caught = 0;
  work_through(
      bugs.size(), scratch.path(),
      [&](std::size_t number, const std::string& directory) -> Message {
        Hunt hunt{bugs[number], all, baselines, directory};
        const bool found =
            hunt.in_peace() || hunt.in_corners() || hunt.in_crashes() || hunt.in_schedules();
        return {found ? hunt.caught : "", std::to_string(hunt.asked), std::to_string(hunt.stories)};
      },
      [&](std::size_t number, const Message& result) {
        INFO(bugs[number]);
        REQUIRE(result.front() != "threw");
        std::printf("%-40s %s stories: %s\n", bugs[number].c_str(), result.at(2).c_str(),
                    result.front().empty() ? "MISSED" : result.front().c_str());
        CHECK_FALSE(result.front().empty());
        CHECK(std::stoull(result.at(1)) > 0);
        caught += result.front().empty() ? 0 : 1;
      });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("planted bugs: %zu of %zu caught, %.1f s\n", caught, bugs.size(), took.count());
}
