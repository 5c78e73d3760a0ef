#include "serve/hold_keeper.h"

#include <algorithm>
#include <utility>

namespace neap::serve {
namespace {

// Handlers that started together must not all extend at the same moment.
constexpr double kEarliest = 0.4;  // of what is left
constexpr double kLatest = 0.5;
constexpr Duration kRetry = std::chrono::seconds{1};
constexpr Duration kLongestRetry = std::chrono::seconds{20};

}  // namespace

HoldKeeper::HoldKeeper(Desk& desk, journal::HookEvent& event, Hooks hooks)
    : desk_(desk), event_(event), hooks_(std::move(hooks)) {}

void HoldKeeper::follow(UtcTime deadline, Duration up_to) {
  const bool news = !following_ || deadline != deadline_ || up_to != up_to_;
  deadline_ = deadline;
  up_to_ = up_to;
  following_ = true;
  if (news && !extending_) arm();
}

void HoldKeeper::rest() {
  following_ = false;
  extending_ = false;
  first_ = nullptr;
  call_.reset();
  alarm_.cancel();
}

bool HoldKeeper::may_extend() const {
  return deadline_ + kExtension <= event_.created + up_to_;
}

void HoldKeeper::arm() {
  const Duration left = remaining();
  const Duration last = std::max(left - kMargin, Duration::zero());
  if (!may_extend()) {
    alarm_ = desk_.loop().after(last, [this] { hooks_.last_call(); });
    return;
  }
  const double share = desk_.world.random().between(kEarliest, kLatest);
  const Duration due = from_seconds(std::max(to_seconds(left) * share, 0.0));
  alarm_ = desk_.loop().after(std::min(due, last), [this] { extend(); });
}

void HoldKeeper::extend_below(Duration left, Function<void()> done) {
  if (remaining() >= left || !may_extend()) return done();
  first_ = std::move(done);
  if (!extending_) extend();
}

void HoldKeeper::extend() {
  extending_ = true;
  alarm_.cancel();
  ++event_.extends;
  hooks_.save([this](const Result<void>& written) {
    if (!written || !following_) return;
    call_ =
        call_back(desk_, event_, "EXTEND", [this](const CallbackAnswer& answer) { heard(answer); });
  });
}

void HoldKeeper::heard(const CallbackAnswer& answer) {
  extending_ = false;
  call_.reset();
  const auto first = std::make_shared<Function<void()>>(std::exchange(first_, nullptr));
  switch (answer.heard) {
    case Heard::kAccepted:
      failures_ = 0;
      desk_.metrics.extends.add("accepted");
      deadline_ += kExtension;
      arm();
      break;
    case Heard::kNotHeld:
      desk_.metrics.extends.add("refused");
      return hooks_.lost();
    case Heard::kUnknown:
    case Heard::kNotTaken: {
      desk_.metrics.extends.add(answer.heard == Heard::kUnknown ? "lost" : "refused");
      desk_.log.warn("a hold could not be extended: " + describe(answer.error),
                     {{"event", event_.id}, {"group", event_.group_id}});
      if (remaining() <= kMargin) return hooks_.last_call();
      const Duration pause = std::min(kRetry * (1 << std::min(failures_++, 6)), kLongestRetry);
      alarm_ = desk_.loop().after(std::min(pause, remaining() - kMargin), [this] {
        remaining() <= kMargin ? hooks_.last_call() : extend();
      });
      desk_.holds.want(event_.group_id);
      break;
    }
  }
  if (*first) (*first)();
}

}  // namespace neap::serve
