#include "app/run_facts.h"

#include <algorithm>

namespace neap::app {
namespace {

// Steps of earlier runs that this one has not begun: each name as often as it is missing.
Duration ahead(const RunFacts& facts) {
  std::map<std::string_view, std::size_t> begun;
  for (const SeenStep& step : facts.steps) ++begun[step.name];
  Duration total{};
  for (const runs::History::Step& step : facts.history.steps) {
    std::size_t& seen = begun[step.name];
    if (seen > 0) {
      --seen;
    } else if (step.top) {
      total += step.usual;
    }
  }
  return total;
}

Duration left_of_running(const RunFacts& facts, Instant now) {
  Duration left{};
  for (const SeenStep& step : facts.steps) {
    if (step.status != "running" || step.depth > 0) continue;
    const std::optional<Duration> usual = usual_time(facts, step);
    if (usual) left += std::max(Duration{}, *usual - (now - step.started));
  }
  return left;
}

// Runs differ a little; that is not late yet.
Duration tolerance(Duration usual) {
  constexpr Duration kLeast = std::chrono::seconds{5};
  return std::max(kLeast, usual / 10);
}

}  // namespace

bool job_has_ended(std::string_view status) {
  return status == "SUCCESS" || status == "FAIL";
}

std::size_t SeenJob::parts_done() const {
  return static_cast<std::size_t>(std::count_if(
      parts.begin(), parts.end(), [](const SeenPart& part) { return part.status == "SUCCESS"; }));
}

const SeenStep* RunFacts::running() const {
  const auto found = std::find_if(steps.rbegin(), steps.rend(),
                                  [](const SeenStep& step) { return step.status == "running"; });
  return found == steps.rend() ? nullptr : &*found;
}

std::optional<Duration> usual_time(const RunFacts& facts, const SeenStep& step) {
  if (const std::optional<Duration> known = facts.history.step(step.name)) return known;
  if (step.expect) return from_seconds(*step.expect);
  return std::nullopt;
}

std::optional<Duration> usual_time(const RunFacts& facts, const SeenJob& job) {
  const auto known = facts.history.jobs.find(job.operation);
  if (known == facts.history.jobs.end()) return std::nullopt;
  return known->second;
}

Outlook outlook_of(const RunFacts& facts, Instant now) {
  Outlook outlook;
  outlook.elapsed = facts.elapsed(now);
  if (facts.history.runs > 0) outlook.left = ahead(facts) + left_of_running(facts, now);
  const Duration whole = outlook.elapsed + outlook.left.value_or(Duration{});
  if (facts.rto) {
    outlook.late = std::max(Duration{}, whole - *facts.rto);
  } else if (const std::optional<Duration>& usual = facts.history.whole) {
    const Duration behind = whole - *usual;
    if (behind > tolerance(*usual)) outlook.late = behind;
  }
  return outlook;
}

}  // namespace neap::app
