#include "crash/schedule.h"

#include <array>
#include <cstdlib>
#include <span>

#include <fmt/format.h>

#include "base/random.h"

namespace neap::test {
namespace {

struct AdminCallText {
  const char* path;
  const char* body;
};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed * 2654435761u + 1) {}
  bool chance(double probability) { return random_.unit() < probability; }
  std::uint64_t upto(std::uint64_t most) { return random_.bits() % (most + 1); }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + upto(most - least);
  }
  template <class T>
  const T& one_of(std::span<const T> things) {
    return things[random_.bits() % things.size()];
  }

 private:
  Random random_;
};

constexpr std::array<const char*, 4> kPlaces = {"commit.before", "commit.after", "send.after",
                                                "answer.after"};
constexpr std::array<const char*, 5> kChanges = {"POST", "POST", "POST", "PUT", "DELETE"};
// Kinds of the simulator's faults with their parameters; what a job does only a change can start.
constexpr std::array<const char*, 7> kOfAnyRequest = {
    R"("kind":"drop_before")",
    R"("kind":"drop_after")",
    R"("kind":"delay","seconds":45)",
    R"("kind":"throttle","retry_after":7)",
    R"("kind":"status","status":503)",
    R"("kind":"truncate")",
    R"("kind":"bad_json")",
};
constexpr std::array<const char*, 9> kOfChanges = {
    kOfAnyRequest[0], kOfAnyRequest[1],       kOfAnyRequest[1],
    kOfAnyRequest[2], kOfAnyRequest[3],       kOfAnyRequest[4],
    kOfAnyRequest[5], R"("kind":"job_fail")", R"("kind":"stuck_job")",
};
// What other people do to the group meanwhile, through the console.
constexpr std::array<AdminCallText, 9> kMeddling = {{
    {"/set", R"({"status":"reversing"})"},
    {"/set", R"({"status":"stopping"})"},
    {"/set", R"({"status":"failed-over","priority_station":"target"})"},
    {"/set", R"({"status":"protected","priority_station":"target"})"},
    {"/set", R"({"status":"protected"})"},
    {"/set", R"({"status":"error-failing-over"})"},
    {"/set", R"({"fault_level":"2"})"},
    {"/power", R"({"state":"SHUTOFF"})"},
    {"/power", R"({"state":"ACTIVE"})"},
}};

AdminCall change_fault(Dice& dice) {
  return {"/faults", fmt::format(R"({{"path":"*","method":"{}","nth":{},{}}})",
                                 dice.one_of<const char*>(kChanges), dice.between(1, 3),
                                 dice.one_of<const char*>(kOfChanges))};
}

AdminCall read_fault(Dice& dice) {
  return {"/faults", fmt::format(R"({{"path":"*","method":"GET","nth":{},"count":{},{}}})",
                                 dice.between(1, 30), dice.between(1, 3),
                                 dice.one_of<const char*>(kOfAnyRequest))};
}

// A gateway whose clock is wrong from the start, by less than it tolerates.
AdminCall skew(Dice& dice) {
  const auto seconds = static_cast<std::int64_t>(dice.upto(1600)) - 800;
  return {"/clock", fmt::format(R"({{"skew_seconds":{}}})", seconds)};
}

// Jumps of the gateway's clock by up to an hour. Beyond what it tolerates it refuses everything, so
// somebody sets it right later: a call in doubt is looked at until it can be, however long that is.
std::map<std::size_t, std::int64_t> clock_jumps(Dice& dice) {
  constexpr std::int64_t kTolerated = 15 * 60;
  std::map<std::size_t, std::int64_t> skews;
  const std::uint64_t request = dice.between(1, 40);
  const auto skew = static_cast<std::int64_t>(dice.upto(7200)) - 3600;
  skews[request] = skew;
  if (std::abs(skew) >= kTolerated || dice.chance(0.5)) skews[request + dice.between(1, 40)] = 0;
  return skews;
}

}  // namespace

Story schedule(std::uint64_t seed, const std::vector<Scenario>& all) {
  Dice dice(seed);
  Story story;
  story.seed = seed;
  story.scenario = &dice.one_of<Scenario>(all);
  for (std::uint64_t i = dice.upto(2); i > 0; --i) story.planted.push_back(change_fault(dice));
  for (std::uint64_t i = dice.upto(2); i > 0; --i) story.planted.push_back(read_fault(dice));
  if (dice.chance(0.2)) story.planted.push_back(skew(dice));
  if (dice.chance(0.3)) story.weather.refused = 0.2;
  if (dice.chance(0.3)) story.weather.late = 0.3;
  if (dice.chance(0.2)) story.weather.bad_gateway = 0.3;
  for (std::size_t process = 0; process < 4; ++process) {
    if (!dice.chance(0.5)) continue;
    const std::string place = dice.one_of<const char*>(kPlaces);
    const bool commit = place.starts_with("commit");
    story.crashes[process] = {place, dice.between(1, commit ? 12 : 3)};
  }
  if (dice.chance(0.4)) {
    for (std::uint64_t i = dice.between(1, 3); i > 0; --i) {
      const auto& [path, body] = dice.one_of<AdminCallText>(kMeddling);
      story.meddling[dice.between(3, 60)] = {path, body};
    }
  }
  story.downtime = std::chrono::seconds{dice.chance(0.2) ? dice.upto(3000) : dice.upto(20)};
  if (dice.chance(0.1)) story.cancel = dice.between(1, 2);
  story.answers = dice.chance(0.9);
  story.approves = dice.chance(0.85);
  story.at_the_terminal = dice.chance(0.5);
  if (dice.chance(0.25)) story.clock_jumps = clock_jumps(dice);
  return story;
}

std::string describe(const Story& story) {
  std::string text = fmt::format("seed {}: {}\n", story.seed, story.scenario->name);
  for (const AdminCall& call : story.planted) {
    text += fmt::format("  before: {} {}\n", call.path, call.body);
  }
  for (const auto& [request, call] : story.meddling) {
    text += fmt::format("  before request {}: {} {}\n", request, call.path, call.body);
  }
  for (const auto& [request, skew] : story.clock_jumps) {
    text += fmt::format("  before request {}: the gateway's clock is {} s off\n", request, skew);
  }
  for (const auto& [process, crash] : story.crashes) {
    text += fmt::format("  process {} dies at {} number {}\n", process, crash.place, crash.count);
  }
  text += fmt::format(
      "  of changing calls {} find no connection, {} arrive late, {} are answered with 502\n",
      story.weather.refused, story.weather.late, story.weather.bad_gateway);
  if (story.cancel) text += fmt::format("  cancelled before process {}\n", *story.cancel);
  if (!story.answers) text += "  the operator does not answer in time\n";
  text +=
      fmt::format("  down for {}, the operator says {}{}\n", format_duration(story.downtime),
                  story.approves ? "yes" : "no", story.at_the_terminal ? " at the terminal" : "");
  return text;
}

}  // namespace neap::test
