#include "cloud/preflight.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/states.h"

namespace neap::cloud {
namespace {

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Every status that some way starts from; empty where one may start from any.
std::vector<std::string_view> allowed_from(const Operation& operation) {
  std::vector<std::string_view> allowed;
  for (const Transition& way : operation.transitions) {
    if (way.from.empty()) return {};
    for (const std::string_view from : way.from) {
      if (!contains(allowed, from)) allowed.push_back(from);
    }
  }
  return allowed;
}

std::string listed(Words words) {
  return join(std::vector<std::string>(words.begin(), words.end()), ", ");
}

bool leads_to(const Operation& operation, std::string_view status) {
  return std::any_of(operation.transitions.begin(), operation.transitions.end(),
                     [&](const Transition& way) { return contains(way.success, status); });
}

std::string way_there(std::string_view resource, std::string_view status, Words allowed) {
  if (is_under_way(resource, status)) {
    return "wait for the work that is under way and look again";
  }
  std::vector<std::string> names;
  for (const Operation* step : way_to(resource, status, allowed)) {
    names.emplace_back(step->name);
  }
  if (names.empty()) return "nothing that the catalogue knows leads from there to one of them";
  return fmt::format("{} {} there", join(names, ", then "), names.size() == 1 ? "leads" : "lead");
}

// A view of anything else than one thing with a status that the catalogue knows breaks no rule.
bool breaks(const Operation& operation, const View& view, Words allowed) {
  return view.found && !allowed.empty() && contains(statuses(operation.resource), view.status) &&
         !contains(allowed, view.status);
}

Error refusal(const Operation& operation, const Operation& of_thing, const View& view,
              Words allowed) {
  const bool group = &of_thing != &operation;
  Error error{ErrorKind::kPrecondition,
              fmt::format("{}: nothing was sent: {}; {} is allowed {} {}", operation.name,
                          describe_thing(of_thing, view), operation.name,
                          group ? "in a group that is" : "from", listed(allowed)),
              {}};
  const bool there = !group && leads_to(operation, view.status);
  error.hint = there ? "it is where this call leads already"
                     : way_there(of_thing.resource, view.status, allowed);
  error.hint += "; --force-send lets the service decide";
  error.operation = operation.name;
  return error;
}

}  // namespace

Result<void> preflight(const Operation& operation, const View& thing, const View* group) {
  const std::vector<std::string_view> allowed = allowed_from(operation);
  if (breaks(operation, thing, allowed)) {
    return tl::unexpected(refusal(operation, operation, thing, allowed));
  }
  for (const View& row : thing.rows) {
    if (breaks(operation, row, allowed)) {
      return tl::unexpected(refusal(operation, operation, row, allowed));
    }
  }
  if (group != nullptr && breaks(group_verb(), *group, operation.group_from)) {
    return tl::unexpected(refusal(operation, group_verb(), *group, operation.group_from));
  }
  return {};
}

const Operation& group_verb() {
  return *find_operation("sdrs", "start_protection_group");
}

}  // namespace neap::cloud
