// Times for people: the operator's clock first.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace neap::show {

std::string local_time(UtcTime time);                 // "2026-11-22 02:43:10"
std::string time_and_age(UtcTime time, UtcTime now);  // "2026-11-22 02:43:10 (5m03s ago)"

// A time of the platform.
struct ShownTime {
  std::string local;  // by the operator's clock; says "UTC" where that is UTC
  std::string both;   // "2026-11-22 07:05:07 (2026-11-21T23:05:07Z)", the latter as it was written
};
// Nothing for a text that is no time, in any documented form (base/time.h).
std::optional<ShownTime> shown_time(std::string_view text);

}  // namespace neap::show
