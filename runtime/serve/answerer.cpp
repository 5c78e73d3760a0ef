#include "serve/answerer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace neap::serve {
namespace {

constexpr Duration kRetry = std::chrono::milliseconds{500};
constexpr Duration kLongestRetry = std::chrono::seconds{10};
// After that the hold is gone, whatever a listing still shows.
constexpr Duration kAfterDeadline = std::chrono::seconds{60};

}  // namespace

Answerer::Answerer(Desk& desk, journal::HookEvent& event, Hooks hooks)
    : desk_(desk), event_(event), hooks_(std::move(hooks)) {}

void Answerer::answer(const std::string& result) {
  if (sent_) return;
  event_.result = result;
  event_.status = journal::EventStatus::kAnswering;
  hooks_.save([this](const Result<void>& written) {
    if (written && !sent_) send();
  });
}

void Answerer::take_up() {
  sent_ = true;
  maybe_taken_ = true;
  look();
}

void Answerer::send() {
  ++tries_;
  sent_ = true;
  call_ = call_back(desk_, event_, event_.result,
                    [this](const CallbackAnswer& answer) { heard(answer); });
}

void Answerer::heard(const CallbackAnswer& answer) {
  call_.reset();
  switch (answer.heard) {
    case Heard::kAccepted:
      maybe_taken_ = true;
      if (!std::exchange(accepted_, true)) count();
      return look();
    case Heard::kUnknown:
      maybe_taken_ = true;
      return look();
    case Heard::kNotHeld:
      return look();
    case Heard::kNotTaken:
      desk_.log.warn("an answer was not taken: " + describe(answer.error),
                     {{"event", event_.id}, {"group", event_.group_id}});
      trouble_ = describe(answer.error);
      return again();
  }
}

void Answerer::count() {
  desk_.metrics.answers.add(event_.result);
  if (event_.deadline != UtcTime{} && desk_.utc() > event_.deadline) ++desk_.metrics.answers_late;
}

void Answerer::look() {
  looking_ = true;
  look_since_ = desk_.loop().now();
  desk_.holds.want(event_.group_id);
}

// Not taken, or taken and still hanging.
void Answerer::again() {
  if (event_.deadline != UtcTime{} && desk_.utc() > event_.deadline + kAfterDeadline) return look();
  const Duration pause = std::min(kRetry * (1 << std::min(tries_, 6)), kLongestRetry);
  timer_ = desk_.loop().after(pause, [this] { send(); });
}

void Answerer::listed(const HeldInstance* held, Instant began) {
  if (held != nullptr) event_.deadline = held->deadline;
  if (!looking_ || began < look_since_) return;
  looking_ = false;
  if (held != nullptr && is_hanging(*held)) {
    const bool past = desk_.utc() > held->deadline + kAfterDeadline;
    return past ? settle(journal::EventStatus::kGone, "its deadline has passed") : again();
  }
  // A finished hold that is still listed says how it ended.
  if (held != nullptr && held->status != event_.result) {
    return settle(journal::EventStatus::kGone, fmt::format("it ended with {}", held->status));
  }
  over();
}

void Answerer::group_gone() {
  over();
}

void Answerer::over() {
  if (maybe_taken_) return settle(journal::EventStatus::kAnswered, "");
  settle(journal::EventStatus::kGone, "somebody else answered, or its deadline passed");
}

void Answerer::settle(journal::EventStatus status, const std::string& why) {
  looking_ = false;
  timer_.cancel();
  hooks_.done(status, why);
}

}  // namespace neap::serve
