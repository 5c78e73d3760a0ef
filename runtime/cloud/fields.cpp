#include "cloud/fields.h"

namespace neap::cloud {

std::span<const Field> fields_of(std::string_view resource) {
  for (const auto& table : {tables::kSdrsFields, tables::kAsGroupFields, tables::kAsPolicyFields,
                            tables::kOtherFields}) {
    for (const tables::ResourceFields& row : table) {
      if (row.resource == resource) return row.fields;
    }
  }
  return {};
}

}  // namespace neap::cloud
