// The fields of things as the platform's answers have them: for whoever shows a thing, completes
// its fields or writes down their types.
#pragma once

#include <span>
#include <string_view>

#include "cloud/catalog.h"

namespace neap::cloud {

struct Field {
  std::string_view name;  // exactly the API's
  Type type = Type::kString;
  std::string_view help;
  Words one_of = {};                    // the documented values; answers may hold others
  std::span<const Field> members = {};  // of an object, or of each object of a list
};

// The documented fields of a resource, in the order of the documents; empty for an unknown one. Any
// of them may be null or missing in an answer.
std::span<const Field> fields_of(std::string_view resource);

namespace tables {

struct ResourceFields {
  std::string_view resource;
  std::span<const Field> fields;
};

extern const std::span<const ResourceFields> kSdrsFields;
extern const std::span<const ResourceFields> kAsGroupFields;
extern const std::span<const ResourceFields> kAsPolicyFields;
extern const std::span<const ResourceFields> kOtherFields;

}  // namespace tables

}  // namespace neap::cloud
