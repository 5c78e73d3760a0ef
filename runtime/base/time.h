// Spans and points of time, and the text forms people and the platform use for them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace neap {

using Duration = std::chrono::nanoseconds;
// A point on the loop's monotonic clock: time since an arbitrary start.
using Instant = std::chrono::nanoseconds;
// A point in UTC: time since 1970-01-01.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

inline double to_seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}
// Clamped to what a Duration holds (292 years), so that math.huge means "for ever".
Duration from_seconds(double seconds);

// "90s", "30m", "1h30m", "250ms", "2d" or a bare number of seconds.
Result<Duration> parse_duration(std::string_view text);
// For people: "0.4s", "12s", "3m05s", "1h02m".
std::string format_duration(Duration duration);

std::string format_iso(UtcTime time);    // 2026-11-21T23:05:07.123Z
std::string format_basic(UtcTime time);  // 20261121T230507Z, X-Sdk-Date (auth.md section 1)
Result<UtcTime> parse_basic(std::string_view text);
// An HTTP Date header, "Sun, 06 Nov 1994 08:49:37 GMT".
Result<UtcTime> parse_http_date(std::string_view text);
std::string format_http_date(UtcTime time);

// A time as the platform's answers show it; some of them count microseconds.
using PlatformTime = std::chrono::sys_time<std::chrono::microseconds>;
// Every documented form (sdrs.md section 7, as.md section 1): "2026-11-21 23:05:07.12" with any
// number of decimals or none, the same with "T", with "Z" or without, and "2026-11-21T23:05Z".
// Where no zone is stated it is UTC: the platform nowhere documents another, and its forms with "Z"
// show the same moments. Decimals beyond microseconds are dropped. Kind argument for anything else.
Result<PlatformTime> parse_platform_time(std::string_view text);

}  // namespace neap
