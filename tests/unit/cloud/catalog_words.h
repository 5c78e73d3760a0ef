// What the tests of the catalogue ask it again and again.
#pragma once

#include <algorithm>
#include <string_view>

#include "cloud/catalog.h"

namespace neap::test {

inline bool contains(cloud::Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

inline const cloud::Param* find_param(const cloud::Operation& operation, std::string_view name) {
  for (const cloud::Param& param : operation.params) {
    if (param.name == name) return &param;
  }
  return nullptr;
}

inline bool has_param(const cloud::Operation& operation, std::string_view name) {
  return find_param(operation, name) != nullptr;
}

}  // namespace neap::test
