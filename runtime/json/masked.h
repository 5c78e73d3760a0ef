// Values as they may be shown and kept: without passwords.
#pragma once

#include <string_view>

#include "json/value.h"

namespace neap::json {

// Whether what stands under this name in a call of the platform is a secret: "admin_pass".
bool is_secret_name(std::string_view name);

// The same value, with what stands under such a name replaced by "***", however deep.
Value masked(const Value& value);

}  // namespace neap::json
