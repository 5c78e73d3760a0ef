// host.timer: the world's time and the wait for it.
#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {
namespace {

int now(lua::Call& call) {
  return call.give(to_seconds(call.host().loop.now()));
}

int utc(lua::Call& call) {
  return call.give(to_seconds(call.host().loop.utc().time_since_epoch()));
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

lua::Pending sleep(lua::Call& call, lua::Resumer resume) {
  return lua::Pending{call.host().loop.after(
      call.duration(1), [resume = std::move(resume)]() mutable { resume.give(); })};
}

constexpr lua::Entry kEntries[] = {
    {"now", "() -> seconds on a monotonic clock", now},
    {"utc", "() -> seconds since 1970-01-01 UTC", utc},
    {"random", "() -> number in [0, 1)", random},
    {"parse", "(duration) -> seconds", parse},
    {"format", "(seconds) -> text such as 3m05s", format},
    {"sleep", "(duration)", sleep},
};

}  // namespace

extern const lua::Module timer{"host.timer", kEntries};

}  // namespace neap::bindings
