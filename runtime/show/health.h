// Which statuses of the platform are good news.
#pragma once

#include <string_view>

#include "show/look.h"

namespace neap::show {

enum class Health {
  kUnknown,
  kGood,    // where an operation leads to when it goes well: "protected", "SUCCESS"
  kMoving,  // work is under way: "failing-over", "RUNNING"
  kBad,     // "error-failing-over", "fault", "FAIL"
};

// Of a thing of that resource of the catalogue; of an unknown one, as the resources say that
// document the status.
Health health_of(std::string_view resource, std::string_view status);
Style style_of(Health health);

}  // namespace neap::show
