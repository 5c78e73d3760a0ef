// host.timer: the run's time and the wait for it.
#include <algorithm>

#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {
namespace {

// A durable run has a clock of its own, which goes on from one process to the next.
int now(lua::Call& call) {
  const Host& host = call.host();
  return call.give(
      to_seconds(host.log_of_run != nullptr ? host.log_of_run->now() : host.loop.now()));
}

int utc(lua::Call& call) {
  const Host& host = call.host();
  const UtcTime time = host.log_of_run != nullptr ? host.log_of_run->utc() : host.loop.utc();
  return call.give(to_seconds(time.time_since_epoch()));
}

int random(lua::Call& call) {
  return call.give(call.host().random.unit());
}

int parse(lua::Call& call) {
  return call.give(to_seconds(call.duration(1)));
}

int format(lua::Call& call) {
  return call.give(format_duration(from_seconds(call.number(1))));
}

// Microseconds survive: a double holds them until the year 2255.
int parse_time(lua::Call& call) {
  const Result<PlatformTime> time = parse_platform_time(call.text(1));
  if (!time) call.refuse(time.error().message);
  return call.give(std::chrono::duration<double>(time->time_since_epoch()).count());
}

// A resumed run sleeps for what is left.
lua::Pending sleep(lua::Call& call, lua::Resumer resume) {
  const Duration waited = call.recorded() != nullptr ? call.recorded()->waited : Duration{};
  const Duration left = std::max(call.duration(1) - waited, Duration{});
  return lua::Pending{
      call.host().loop.after(left, [resume = std::move(resume)]() mutable { resume.give(); })};
}

using enum lua::Source;

constexpr lua::Entry kEntries[] = {
    from(kOutside, {"now", "() -> seconds on a monotonic clock", now}),
    from(kOutside, {"utc", "() -> seconds since 1970-01-01 UTC", utc}),
    from(kOutside, {"random", "() -> number in [0, 1)", random}),
    {"parse", "(duration) -> seconds", parse},
    {"parse_time", "(text of an answer) -> seconds since 1970-01-01 UTC", parse_time},
    {"format", "(seconds) -> text such as 3m05s", format},
    from(kTimed, {"sleep", "(duration)", sleep}),
};

}  // namespace

extern const lua::Module timer{"host.timer", kEntries};

}  // namespace neap::bindings
