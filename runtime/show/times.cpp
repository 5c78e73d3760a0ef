#include "show/times.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace neap::show {
namespace {

std::tm local_clock(UtcTime time) {
  return fmt::localtime(
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time)));
}

// What parse_platform_time may take, before it is asked: most texts are no times.
bool may_be_time(std::string_view text) {
  return text.size() >= 16 && text.size() <= 32 && text[0] >= '0' && text[0] <= '9' &&
         text[4] == '-' && text[7] == '-';
}

}  // namespace

std::string local_time(UtcTime time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", local_clock(time));
}

std::string time_and_age(UtcTime time, UtcTime now) {
  const auto age = std::chrono::floor<std::chrono::seconds>(now - time);
  if (age < std::chrono::seconds{1}) return local_time(time) + " (now)";
  return fmt::format("{} ({} ago)", local_time(time), format_duration(age));
}

std::optional<ShownTime> shown_time(std::string_view text) {
  if (!may_be_time(text)) return std::nullopt;
  const Result<PlatformTime> parsed = parse_platform_time(text);
  if (!parsed) return std::nullopt;
  const UtcTime time = std::chrono::floor<std::chrono::milliseconds>(*parsed);
  const std::string utc = std::string(text) + (text.back() == 'Z' ? "" : " UTC");
  if (local_clock(time).tm_gmtoff == 0) return ShownTime{local_time(time) + " UTC", utc};
  return ShownTime{local_time(time), fmt::format("{} ({})", local_time(time), utc)};
}

}  // namespace neap::show
