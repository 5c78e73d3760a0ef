#include "cloud/check.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "cloud/check_bonds.h"
#include "cloud/check_values.h"

namespace neap::cloud {
namespace {

tl::unexpected<Error> refuse(const Operation& operation, Complaint complaint) {
  Error error{ErrorKind::kArgument, fmt::format("{}: {}", operation.name, complaint.text),
              std::move(complaint.hint)};
  error.operation = operation.name;
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace

Result<void> check_arguments(const Operation& operation, const json::Object& arguments) {
  if (auto wrong = complain_of_values(operation.params, arguments, {})) {
    return refuse(operation, std::move(*wrong));
  }
  for (const Constraint& constraint : operation.constraints) {
    if (constraint.bond == Bond::kBeats) continue;
    if (auto broken = complain_of_bond(constraint, arguments)) {
      return refuse(operation, {std::move(*broken), {}});
    }
  }
  return {};
}

std::vector<std::string> warnings_of(const Operation& operation, const json::Object& arguments) {
  std::vector<std::string> warnings;
  for (const Constraint& constraint : operation.constraints) {
    if (constraint.bond != Bond::kBeats) continue;
    if (auto ignored = complain_of_bond(constraint, arguments)) {
      warnings.push_back(std::move(*ignored));
    }
  }
  return warnings;
}

std::string_view to_text(Type type) {
  switch (type) {
    case Type::kString:
      return "string";
    case Type::kInteger:
      return "integer";
    case Type::kNumber:
      return "number";
    case Type::kBoolean:
      return "boolean";
    case Type::kObject:
      return "object";
    case Type::kStringList:
      return "list of strings";
    case Type::kObjectList:
      return "list of objects";
  }
  return {};
}

}  // namespace neap::cloud
