#include "base/time.h"

#include <cmath>
#include <ctime>
#include <limits>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.h"

namespace neap {
namespace {

struct Unit {
  std::string_view name;
  double seconds;
};

constexpr Unit kUnits[] = {{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};

// Reads a decimal number off the front of the text; NaN when there is none.
double take_number(std::string_view& text) {
  std::size_t length = 0;
  bool point = false;
  while (length < text.size() && length < 18 &&
         ((text[length] >= '0' && text[length] <= '9') || (text[length] == '.' && !point))) {
    point = point || text[length] == '.';
    ++length;
  }
  const std::string digits(text.substr(0, length));
  if (digits.empty() || digits == ".") return std::numeric_limits<double>::quiet_NaN();
  text.remove_prefix(length);
  return std::strtod(digits.c_str(), nullptr);
}

double take_unit(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] >= 'a' && text[length] <= 'z') ++length;
  for (const Unit& unit : kUnits) {
    if (unit.name != text.substr(0, length)) continue;
    text.remove_prefix(length);
    return unit.seconds;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

Result<UtcTime> parse_with(std::string_view text, const char* format, std::string_view name) {
  std::tm parts{};
  const std::string copy(text);
  const char* end = strptime(copy.c_str(), format, &parts);
  if (end == nullptr || *end != '\0') {
    return fail(ErrorKind::kArgument,
                fmt::format("\"{}\" is not a time in the form {}", printable(text), name));
  }
  return UtcTime{std::chrono::seconds{timegm(&parts)}};
}

// Takes exactly `length` digits off the front of the text.
std::optional<int> take_digits(std::string_view& text, std::size_t length) {
  if (text.size() < length) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, length)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(length);
  return number;
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

// The same after a separator.
std::optional<int> take_digits(std::string_view& text, char separator, std::size_t length) {
  return take(text, separator) ? take_digits(text, length) : std::nullopt;
}

// "2026-11-21"
std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  const auto month = take_digits(text, '-', 2);
  const auto day = take_digits(text, '-', 2);
  if (!year || !month || !day || *year < 1970) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

// ".123456789" at the front, as microseconds; none is zero.
std::optional<std::chrono::microseconds> take_decimals(std::string_view& text) {
  constexpr std::size_t kMost = 9;
  if (!take(text, '.')) return std::chrono::microseconds{0};
  std::size_t digits = 0;
  std::int64_t nanoseconds = 0;
  for (std::int64_t worth = 100'000'000; digits < text.size() && digits <= kMost; ++digits) {
    if (text[digits] < '0' || text[digits] > '9') break;
    nanoseconds += (text[digits] - '0') * worth;
    worth /= 10;
  }
  if (digits == 0 || digits > kMost) return std::nullopt;
  text.remove_prefix(digits);
  return std::chrono::microseconds{nanoseconds / 1000};
}

// "23:05", "23:05:07" or "23:05:07.123"
std::optional<std::chrono::microseconds> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  const auto minute = take_digits(text, ':', 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const auto begun = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
  if (!text.starts_with(':')) return begun;
  const auto second = take_digits(text, ':', 2);
  const auto decimals = second ? take_decimals(text) : std::nullopt;
  if (!decimals || *second > 59) return std::nullopt;
  return begun + std::chrono::seconds{*second} + *decimals;
}

}  // namespace

Duration from_seconds(double seconds) {
  constexpr double kMost = 9.2e9;
  if (!(seconds > -kMost)) return std::chrono::seconds{static_cast<std::int64_t>(-kMost)};
  if (seconds > kMost) return std::chrono::seconds{static_cast<std::int64_t>(kMost)};
  return Duration{static_cast<std::int64_t>(std::llround(seconds * 1e9))};
}

Result<Duration> parse_duration(std::string_view text) {
  std::string_view rest = trim(text);
  double seconds = take_number(rest);
  if (!rest.empty()) seconds *= take_unit(rest);
  while (!rest.empty() && !std::isnan(seconds)) {
    const double number = take_number(rest);
    seconds += number * take_unit(rest);
  }
  if (std::isnan(seconds)) {
    return fail(ErrorKind::kArgument, fmt::format("\"{}\" is not a duration", printable(text)),
                "write it like 90s, 30m or 1h30m");
  }
  return from_seconds(seconds);
}

std::string format_duration(Duration duration) {
  const double seconds = to_seconds(duration);
  if (seconds < 0) return "-" + format_duration(-duration);
  if (seconds < 9.95) return fmt::format("{:.1f}s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{}h{:02}m", whole / 3600, whole % 3600 / 60);
  return fmt::format("{}d{:02}h", whole / 86400, whole % 86400 / 3600);
}

std::string format_iso(UtcTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

std::string format_basic(UtcTime time) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(
                                              std::chrono::floor<std::chrono::seconds>(time))));
}

Result<UtcTime> parse_basic(std::string_view text) {
  if (text.size() != 16) {
    return fail(ErrorKind::kArgument,
                fmt::format("\"{}\" is not a time in the form YYYYMMDDTHHMMSSZ", printable(text)));
  }
  return parse_with(text, "%Y%m%dT%H%M%SZ", "YYYYMMDDTHHMMSSZ");
}

Result<UtcTime> parse_http_date(std::string_view text) {
  return parse_with(text, "%a, %d %b %Y %H:%M:%S GMT", "RFC 9110 Date");
}

std::string format_http_date(UtcTime time) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(
                         std::chrono::floor<std::chrono::seconds>(time))));
}

Result<PlatformTime> parse_platform_time(std::string_view text) {
  std::string_view rest = text;
  const auto date = take_date(rest);
  const bool separated = take(rest, 'T') || take(rest, ' ');
  const auto clock = date && separated ? take_clock(rest) : std::nullopt;
  take(rest, 'Z');
  if (!clock || !rest.empty()) {
    return fail(ErrorKind::kArgument,
                fmt::format("\"{}\" is not a time of the platform", printable(text.substr(0, 64))),
                "its times look like 2026-11-21T23:05:07Z or 2026-11-21 23:05:07.123");
  }
  return PlatformTime{*date} + *clock;
}

}  // namespace neap
