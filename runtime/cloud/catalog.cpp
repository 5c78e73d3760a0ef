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
  static const std::vector<Operation> kOperations = join_tables<Operation>(
      {tables::kSdrsGroups, tables::kSdrsPairs, tables::kSdrsInstances, tables::kSdrsJobs});
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

Words statuses(std::string_view resource) {
  if (resource == "server_group") return tables::kGroupStatuses;
  if (resource == "protected_instance") return tables::kInstanceStatuses;
  if (resource == "replication_pair") return tables::kPairStatuses;
  if (resource == "job") return tables::kJobStatuses;
  return {};
}

std::span<const ErrorCode> error_codes() {
  static const std::vector<ErrorCode> kCodes = join_tables<ErrorCode>(
      {tables::kSdrsGeneralCodes, tables::kSdrsInstanceCodes, tables::kSdrsPairCodes,
       tables::kSdrsDrillAndTagCodes, tables::kGatewayCodes});
  return kCodes;
}

const ErrorCode* find_error_code(std::string_view code) {
  constexpr std::string_view kDedicated = "APIG.";
  std::string wanted(code);
  if (code.starts_with(kDedicated)) wanted = "APIGW." + wanted.substr(kDedicated.size());
  const std::span<const ErrorCode> codes = error_codes();
  const auto found = std::find_if(codes.begin(), codes.end(),
                                  [&](const ErrorCode& row) { return row.code == wanted; });
  return found == codes.end() ? nullptr : &*found;
}

}  // namespace neap::cloud
