#include "show/health.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "cloud/catalog.h"

namespace neap::show {
namespace {

bool contains(cloud::Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Reached by operations that went well, and neither good news nor bad.
bool is_at_rest(std::string_view status) {
  constexpr std::array<std::string_view, 5> kResting = {"PAUSED", "SHUTOFF", "STANDBY", "DELETED",
                                                        "ABANDON"};
  return contains(kResting, status);
}

// What the transitions of the catalogue say.
Health by_transitions(std::string_view resource, std::string_view status) {
  Health health = Health::kUnknown;
  for (const cloud::Operation& operation : cloud::catalog()) {
    if (operation.resource != resource) continue;
    for (const cloud::Transition& way : operation.transitions) {
      if (way.failure == status) return Health::kBad;
      if (way.during == status) health = Health::kMoving;
      if (health == Health::kUnknown && contains(way.success, status)) health = Health::kGood;
    }
  }
  return health;
}

// What the word says, for what has no transitions: jobs, servers, holds.
Health by_word(std::string_view status) {
  const std::string word = to_lower(status);
  for (const char* bad : {"error", "fail", "fault", "invalid", "abnormal"}) {
    if (word.find(bad) != std::string::npos) return Health::kBad;
  }
  constexpr std::array<std::string_view, 5> kUnderWay = {"init", "build", "reboot", "hard_reboot",
                                                         "rebuild"};
  if (word.ends_with("ing") || contains(kUnderWay, word)) return Health::kMoving;
  constexpr std::array<std::string_view, 6> kFine = {"success",   "active",  "inservice",
                                                     "available", "current", "done"};
  return contains(kFine, word) ? Health::kGood : Health::kUnknown;
}

}  // namespace

Health health_of(std::string_view resource, std::string_view status) {
  if (status.empty() || is_at_rest(status)) return Health::kUnknown;
  for (const cloud::Resource& known : cloud::resources()) {
    const bool asked = resource.empty() ? contains(known.statuses, status) : known.name == resource;
    if (!asked) continue;
    const Health health = by_transitions(known.name, status);
    if (health != Health::kUnknown) return health;
  }
  return by_word(status);
}

Style style_of(Health health) {
  switch (health) {
    case Health::kGood:
      return Style::kGood;
    case Health::kMoving:
      return Style::kWarn;
    case Health::kBad:
      return Style::kBad;
    case Health::kUnknown:
      break;
  }
  return Style::kPlain;
}

}  // namespace neap::show
