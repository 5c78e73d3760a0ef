#include "support/fault_points.h"

#include <csignal>

#include <unistd.h>

#include "base/fault_points.h"

namespace neap::fault {
namespace {

struct Plan {
  std::string place;
  std::uint64_t count = 0;
  std::string bug;
  std::uint64_t asked = 0;
  std::map<std::string, std::uint64_t> passed;
};

Plan& plan() {
  static Plan the_plan;
  return the_plan;
}

}  // namespace

void crash_point(std::string_view place) {
  const std::uint64_t times = ++plan().passed[std::string(place)];
  if (plan().count == times && plan().place == place) kill(getpid(), SIGKILL);
}

bool bug(std::string_view name) {
  if (plan().bug != name) return false;
  ++plan().asked;
  return true;
}

void crash_at(std::string place, std::uint64_t count) {
  plan().place = std::move(place);
  plan().count = count;
}

const std::map<std::string, std::uint64_t>& passed() {
  return plan().passed;
}

void plant(std::string bug) {
  plan().bug = std::move(bug);
  plan().asked = 0;
}

std::uint64_t asked() {
  return plan().asked;
}

void reset() {
  plan() = Plan{};
}

}  // namespace neap::fault
