// host.hold: the hold of a lifecycle hook that a handler of `neap serve` works on.
#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {
namespace {

int deadline(lua::Call& call) {
  const Hold* hold = call.host().hold;
  if (hold == nullptr) {
    throw Failure(ErrorKind::kUsage, "there is no held instance",
                  "only a handler that neap serve runs works on one");
  }
  const std::chrono::duration<double> since = hold->deadline().time_since_epoch();
  return call.give(since.count());
}

constexpr lua::Entry kEntries[] = {
    from(lua::Source::kOutside,
         {"deadline", "() -> seconds since 1970-01-01 UTC; moves as the hold is extended",
          deadline}),
};

}  // namespace

extern const lua::Module hold{"host.hold", kEntries};

}  // namespace neap::bindings
