// The platform's error codes: every table of them joined, in order of the codes.
#include <algorithm>
#include <vector>

#include "cloud/catalog_tables.h"

namespace neap::cloud {
namespace {

std::vector<ErrorCode> join_codes() {
  std::vector<ErrorCode> codes;
  for (const std::span<const ErrorCode> table :
       {tables::kSdrsGeneralCodes, tables::kSdrsInstanceCodes, tables::kSdrsPairCodes,
        tables::kSdrsDrillAndTagCodes, tables::kAsGeneralCodes, tables::kAsConfigurationCodes,
        tables::kAsGroupCodes, tables::kAsPolicyCodes, tables::kAsInstanceCodes,
        tables::kAsHookCodes, tables::kEcsCodes, tables::kSmnCodes, tables::kGatewayCodes}) {
    codes.insert(codes.end(), table.begin(), table.end());
  }
  std::sort(codes.begin(), codes.end(),
            [](const ErrorCode& a, const ErrorCode& b) { return a.code < b.code; });
  return codes;
}

}  // namespace

std::span<const ErrorCode> error_codes() {
  static const std::vector<ErrorCode> kCodes = join_codes();
  return kCodes;
}

const ErrorCode* find_error_code(std::string_view code) {
  constexpr std::string_view kDedicated = "APIG.";
  std::string wanted(code);
  if (code.starts_with(kDedicated)) wanted = "APIGW." + wanted.substr(kDedicated.size());
  const std::span<const ErrorCode> codes = error_codes();
  const auto found =
      std::lower_bound(codes.begin(), codes.end(), wanted,
                       [](const ErrorCode& row, const std::string& key) { return row.code < key; });
  return found != codes.end() && found->code == wanted ? &*found : nullptr;
}

}  // namespace neap::cloud
