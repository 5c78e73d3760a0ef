#include "json/masked.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace neap::json {
namespace {

// Of tokens (auth.md section 4), of invitations (smn.md section 6, 5) and of servers that scaling
// makes; user data is a script that often holds some.
constexpr std::array<std::string_view, 5> kNames = {"password", "admin_pass", "adminPass",
                                                    "user_data", "token"};

}  // namespace

bool is_secret_name(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Value masked(const Value& value) {
  if (const auto* object = value.as<Object>()) {
    std::vector<Member> members;
    for (const auto& [key, inner] : *object) {
      // Who asks for a token says how under the same name, in an object.
      const bool hidden = is_secret_name(key) && inner.as<Object>() == nullptr;
      members.push_back({key, hidden ? Value("***") : masked(inner)});
    }
    return Object(std::move(members));
  }
  if (const auto* list = value.as<Array>()) {
    Array items;
    for (const Value& item : *list) items.push_back(masked(item));
    return items;
  }
  return value;
}

}  // namespace neap::json
