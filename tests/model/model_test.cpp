// Fires legal and illegal operations at random and holds every answer against the catalogue.
#include <chrono>
#include <cstdio>

#include <catch2/catch.hpp>

#include "model/run.h"
#include "support/seed.h"

using namespace neap;
using namespace neap::model;

namespace {

// What the model finds is no matter of memory: sanitizers see a sample, another one each time,
// which is too few operations for each to be certain of its turn.
#ifdef NEAP_SANITIZE
constexpr std::uint64_t kRuns = 3;
constexpr bool kEveryOperation = false;
#else
constexpr std::uint64_t kRuns = 20;
constexpr bool kEveryOperation = true;
#endif
constexpr std::uint64_t kStepsPerRun = 10'500;

void print(const Tally& tally, std::uint64_t seed, double seconds) {
  std::printf(
      "model: seed %llu, %llu operations fired, %llu foretold for sure, %llu with wrong "
      "arguments, %llu refused (%llu by a code of the operation's own list)\n",
      static_cast<unsigned long long>(seed), static_cast<unsigned long long>(tally.fired),
      static_cast<unsigned long long>(tally.foretold),
      static_cast<unsigned long long>(tally.wrong_arguments),
      static_cast<unsigned long long>(tally.refusals),
      static_cast<unsigned long long>(tally.listed_codes));
  std::printf("model: %llu requests with polls and lists, %llu jobs ended, %llu audits, %.1f s\n",
              static_cast<unsigned long long>(tally.requests),
              static_cast<unsigned long long>(tally.jobs_ended),
              static_cast<unsigned long long>(tally.audits), seconds);
  for (const auto& [kind, count] : tally.faults) {
    std::printf("model: fault %-12s %llu\n", kind.c_str(), static_cast<unsigned long long>(count));
  }
  for (const auto& [name, row] : tally.operations) {
    std::printf("%-52s %7llu accepted %7llu refused\n", name.c_str(),
                static_cast<unsigned long long>(row.accepted),
                static_cast<unsigned long long>(row.refused));
  }
}

}  // namespace

TEST_CASE("every answer, state and job end is what the catalogue says") {
  const std::uint64_t seed = test::seed_of_run();
  std::printf("model: NEAP_SEED=%llu repeats this run\n", static_cast<unsigned long long>(seed));
  const auto started = std::chrono::steady_clock::now();
  Tally tally;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const std::optional<Finding> failure = Run(seed + run, tally).go(kStepsPerRun);
    if (!failure) continue;
    FAIL("NEAP_SEED=" << seed << ", run " << run << " (seed " << failure->seed << "), step "
                      << failure->step << ", " << failure->mismatch.operation << "\nexpected: "
                      << failure->mismatch.expected << "\nseen: " << failure->mismatch.seen);
  }
  print(tally, seed,
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  CHECK(tally.fired >= kRuns * 10'000);
  if (!kEveryOperation) return;
  for (const cloud::Operation& operation : cloud::catalog()) {
    const Tally::Row& row = tally.operations[cloud::permission_name(operation)];
    INFO(cloud::permission_name(operation));
    CHECK(row.accepted > 0);
    CHECK(row.refused > 0);
  }
}
