// The kinds of errors that scripts match on, explained.
#pragma once

#include <span>
#include <string_view>

#include "base/error.h"

namespace neap::manual {

struct KindOf {
  ErrorKind kind;
  std::string_view meaning;
  std::string_view remedy;
};

// Every kind there is.
std::span<const KindOf> error_kinds();
// nullptr for any other text.
const KindOf* find_error_kind(std::string_view name);

}  // namespace neap::manual
