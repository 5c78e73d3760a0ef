#include "cloud/check_bonds.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/check_values.h"
#include "json/writer.h"

namespace neap::cloud {
namespace {

using Complained = std::optional<std::string>;

// Those of the names that stand among the arguments.
std::vector<std::string_view> given(Words names, const json::Object& arguments) {
  std::vector<std::string_view> found;
  for (const std::string_view name : names) {
    if (arguments.find(name) != nullptr) found.push_back(name);
  }
  return found;
}

// "name = value"
std::string assigned(std::string_view name, const json::Object& arguments) {
  return fmt::format("{} = {}", name, shown(*arguments.find(name)));
}

std::string assigned(const std::vector<std::string_view>& names, const json::Object& arguments) {
  std::vector<std::string> parts;
  parts.reserve(names.size());
  for (const std::string_view name : names) parts.push_back(assigned(name, arguments));
  return join(parts, " and ");
}

bool has_value(const json::Value& value, std::string_view wanted) {
  if (const auto* text = value.as<std::string>()) return *text == wanted;
  return json::write(value) == wanted;
}

std::optional<double> number(const json::Value& value) {
  if (const auto* integer = value.as<std::int64_t>()) return static_cast<double>(*integer);
  if (const auto* real = value.as<double>()) return *real;
  return std::nullopt;
}

// The first of the names that is not given.
std::optional<std::string_view> first_missing(Words names, const json::Object& arguments) {
  for (const std::string_view name : names) {
    if (arguments.find(name) == nullptr) return name;
  }
  return std::nullopt;
}

Complained at_least_one(const Constraint& bond, const json::Object& arguments) {
  if (!given(bond.these, arguments).empty()) return {};
  return fmt::format("one of {} must be given", fmt::join(bond.these, ", "));
}

Complained at_most_one(const Constraint& bond, const json::Object& arguments) {
  const auto found = given(bond.these, arguments);
  if (found.size() < 2) return {};
  return fmt::format("{} must not be given together", assigned(found, arguments));
}

Complained needs(const Constraint& bond, const json::Object& arguments) {
  const auto found = given(bond.these, arguments);
  const auto missing = first_missing(bond.those, arguments);
  if (found.empty() || !missing) return {};
  return fmt::format("{} needs {}, which is missing", assigned(found.front(), arguments), *missing);
}

Complained needs_value(const Constraint& bond, const json::Object& arguments) {
  const auto found = given(bond.these, arguments);
  if (found.empty()) return {};
  const json::Value* other = arguments.find(bond.those.front());
  if (other != nullptr && has_value(*other, bond.value)) return {};
  return fmt::format("{} needs {} = \"{}\", which is {}", assigned(found.front(), arguments),
                     bond.those.front(), bond.value,
                     other == nullptr ? std::string("missing") : shown(*other));
}

Complained value_needs(const Constraint& bond, const json::Object& arguments) {
  const json::Value* value = arguments.find(bond.these.front());
  const auto missing = first_missing(bond.those, arguments);
  if (value == nullptr || !has_value(*value, bond.value) || !missing) return {};
  return fmt::format("{} needs {}, which is missing", assigned(bond.these.front(), arguments),
                     *missing);
}

Complained beats(const Constraint& bond, const json::Object& arguments) {
  const auto winners = given(bond.these, arguments);
  const auto losers = given(bond.those, arguments);
  if (winners.empty() || losers.empty()) return {};
  return fmt::format("{} {} ignored beside {}", assigned(losers, arguments),
                     losers.size() == 1 ? "is" : "are", assigned(winners.front(), arguments));
}

Complained rises(const Constraint& bond, const json::Object& arguments) {
  std::string_view lower;
  std::optional<double> last;
  for (const std::string_view name : given(bond.these, arguments)) {
    const std::optional<double> next = number(*arguments.find(name));
    if (last && next && *next < *last) {
      return fmt::format("{} must not be above {}", assigned(lower, arguments),
                         assigned(name, arguments));
    }
    lower = name;
    last = next;
  }
  return {};
}

Complained complain(const Constraint& bond, const json::Object& arguments) {
  switch (bond.bond) {
    case Bond::kAtLeastOne:
      return at_least_one(bond, arguments);
    case Bond::kAtMostOne:
      return at_most_one(bond, arguments);
    case Bond::kNeeds:
      return needs(bond, arguments);
    case Bond::kNeedsValue:
      return needs_value(bond, arguments);
    case Bond::kValueNeeds:
      return value_needs(bond, arguments);
    case Bond::kBeats:
      return beats(bond, arguments);
    case Bond::kRises:
      return rises(bond, arguments);
  }
  return {};
}

}  // namespace

std::optional<std::string> complain_of_bond(const Constraint& constraint,
                                            const json::Object& arguments) {
  Complained complained = complain(constraint, arguments);
  if (complained && !constraint.because.empty()) {
    complained->append(": ").append(constraint.because);
  }
  return complained;
}

}  // namespace neap::cloud
