#include "serve/callback.h"

#include <utility>

#include "base/fault_points.h"
#include "serve/platform_call.h"

namespace neap::serve {
namespace {

constexpr std::string_view kNotHanging = "AS.7042";

CallbackAnswer heard(Result<http::Response> answer) {
  if (answer) return {Heard::kAccepted, {}};
  Error error = std::move(answer.error());
  const bool over = error.code == kNotHanging || error.kind == ErrorKind::kNotFound;
  if (over) return {Heard::kNotHeld, std::move(error)};
  if (error.kind == ErrorKind::kInDoubt) return {Heard::kUnknown, std::move(error)};
  return {Heard::kNotTaken, std::move(error)};
}

}  // namespace

Owner call_back(Desk& desk, const journal::HookEvent& event, std::string_view result,
                Function<void(CallbackAnswer)> done) {
  json::Object arguments;
  arguments.set("scaling_group_id", event.group_id);
  arguments.set("lifecycle_action_key", event.action_key);
  arguments.set("lifecycle_action_result", result);
  Owner call = call_platform(desk.loop(), desk.world.client(),
                             operation_of("as", "attach_callback_instance_life_cycle_hook"),
                             std::move(arguments),
                             [done = std::move(done)](Result<http::Response> answer) mutable {
                               fault::crash_point("answer.after");
                               done(heard(std::move(answer)));
                             });
  fault::crash_point("send.after");
  return call;
}

}  // namespace neap::serve
