#include "cloud/catalog.h"

#include <algorithm>
#include <vector>

#include "cloud/catalog_tables.h"

namespace neap::cloud {
namespace {

template <class Row>
std::vector<Row> join_tables(std::initializer_list<std::span<const Row>> parts) {
  std::vector<Row> rows;
  for (const std::span<const Row> part : parts) rows.insert(rows.end(), part.begin(), part.end());
  return rows;
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

std::span<const Operation> catalog() {
  static const std::vector<Operation> kOperations =
      join_tables<Operation>({tables::kSdrsGroups,
                              tables::kSdrsPairs,
                              tables::kSdrsInstances,
                              tables::kSdrsInstanceChanges,
                              tables::kSdrsTags,
                              tables::kSdrsDrills,
                              tables::kSdrsJobs,
                              tables::kSdrsService,
                              tables::kAsGroups,
                              tables::kAsHooks,
                              tables::kAsInstances,
                              tables::kAsConfigurations,
                              tables::kAsPolicies,
                              tables::kAsPoliciesV2,
                              tables::kAsLogs,
                              tables::kAsNotifications,
                              tables::kAsTasks,
                              tables::kAsQuotas,
                              tables::kSmn,
                              tables::kIam,
                              tables::kEcs});
  return kOperations;
}

const Operation* find_operation(std::string_view service, std::string_view name) {
  for (const Operation& operation : catalog()) {
    if (operation.service != service) continue;
    const bool aliased = !operation.alias.empty() &&
                         (operation.alias == name || camel_case(operation.alias) == name);
    if (operation.name == name || aliased || camel_case(operation.name) == name) return &operation;
  }
  return nullptr;
}

std::string permission_name(const Operation& operation) {
  return std::string(operation.service) + ":" + std::string(operation.name);
}

std::string camel_case(std::string_view snake_case) {
  std::string out;
  bool start = true;
  for (const char c : snake_case) {
    if (c != '_') out += start ? upper(c) : c;
    start = c == '_';
  }
  return out;
}

std::span<const Resource> resources() {
  static const std::vector<Resource> kResources =
      join_tables<Resource>({tables::kSdrsResources, tables::kAsResources, tables::kEcsResources,
                             tables::kSmnResources, tables::kIamResources});
  return kResources;
}

const Resource* find_resource(std::string_view name) {
  const std::span<const Resource> rows = resources();
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Resource& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

Words statuses(std::string_view resource) {
  const Resource* found = find_resource(resource);
  return found != nullptr ? found->statuses : Words();
}

}  // namespace neap::cloud
