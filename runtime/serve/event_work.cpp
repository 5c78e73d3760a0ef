#include "serve/event_work.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "journal/apply.h"
#include "json/document.h"
#include "serve/platform_call.h"

namespace neap::serve {
namespace {

// A message may be quicker than the listing: before the hold is taken for gone it is looked for
// that often.
constexpr int kLooks = 4;
constexpr Duration kBetweenLooks = std::chrono::seconds{2};
// After a restart a hold with less than this left is extended before anything else is done.
constexpr Duration kEnough = std::chrono::minutes{30};
// What ended the process that often was the handler, not an operator's restart.
constexpr std::int64_t kMostInterrupts = 8;
constexpr Duration kFirstPause = std::chrono::seconds{1};
constexpr Duration kLongestPause = std::chrono::minutes{1};

// Whether a person has said what became of a call of this run that was in doubt.
bool is_decided(journal::Store& store, const std::string& run) {
  const Result<journal::Run> there = store.find(run);
  if (run.empty() || !there || there->id != run || journal::has_ended(there->status)) return false;
  const auto log = store.log(run);
  if (!log) return false;
  const auto last = std::find_if(log->rbegin(), log->rend(), [](const journal::Logged& entry) {
    return entry.kind == journal::Kind::kOperator || entry.kind == journal::Kind::kResolved;
  });
  return last != log->rend() && last->kind == journal::Kind::kResolved;
}

std::string result_of(OnError policy) {
  return policy == OnError::kContinue ? "CONTINUE" : "ABANDON";
}

}  // namespace

EventWork::EventWork(Desk& desk, Floor& floor, journal::HookEvent event,
                     std::shared_ptr<const Handlers> handlers)
    : desk_(desk),
      floor_(floor),
      event_(std::move(event)),
      handlers_(std::move(handlers)),
      keeper_(desk, event_,
              {[this](InboxWriter::Written done) { save(std::move(done)); },
               [this] { last_call(); }, [this] { look(); }}),
      answerer_(
          desk, event_,
          {[this](InboxWriter::Written done) { save(std::move(done)); },
           [this](journal::EventStatus status, const std::string& why) { finish(status, why); }}) {}

EventWork::~EventWork() = default;

void EventWork::begin(bool again) {
  again_ = again;
  // An attempt that failed would have left its error.
  if (again && event_.status == journal::EventStatus::kOpen && event_.attempts > 0 &&
      event_.error.empty()) {
    --event_.attempts;
    ++event_.interrupts;
  }
  if (event_.status == journal::EventStatus::kAnswering) {
    stage_ = Stage::kAnswering;
    return answerer_.take_up();
  }
  look();
}

void EventWork::look() {
  if (stage_ == Stage::kOver || stage_ == Stage::kAnswering) return;
  look_since_ = desk_.loop().now();
  desk_.holds.want(event_.group_id);
}

void EventWork::listed(const Result<Holds>& holds, Instant began) {
  if (stage_ == Stage::kOver) return;
  if (!holds) {
    const bool gone = holds.error().kind == ErrorKind::kNotFound;
    if (stage_ == Stage::kAnswering)
      return gone ? answerer_.group_gone() : desk_.holds.want(event_.group_id);
    if (gone) return lost("its group is gone");
    if (stage_ == Stage::kLooking) timer_ = desk_.loop().after(kBetweenLooks, [this] { look(); });
    return;
  }
  const auto found = holds->find(event_.action_key);
  const HeldInstance* hold = found == holds->end() ? nullptr : &found->second;
  if (stage_ == Stage::kAnswering) return answerer_.listed(hold, began);
  if (hold != nullptr && is_hanging(*hold)) return held(*hold);
  if (began < look_since_) return;
  const bool never_seen = stage_ == Stage::kLooking && event_.deadline == UtcTime{};
  if (never_seen) return not_there();
  lost("the hold has ended");
}

void EventWork::not_there() {
  if (++looks_ >= kLooks) return lost("nothing of that key is held");
  timer_ = desk_.loop().after(kBetweenLooks, [this] { look(); });
}

void EventWork::held(const HeldInstance& hold) {
  const bool first = stage_ == Stage::kLooking;
  event_.deadline = hold.deadline;
  if (event_.instance_id.empty()) event_.instance_id = hold.instance_id;
  if (first) return choose();
  if (stage_ != Stage::kUnclaimed) keeper_.follow(hold.deadline, handler_->extend_up_to);
}

// Which handler is for it; then what there is to do.
void EventWork::choose() {
  handler_ = handlers_->find(event_);
  if (handler_ == nullptr) {
    if (stage_ != Stage::kUnclaimed) {
      say(LogLevel::kWarn,
          fmt::format("no handler is for {} of hook {}", event_.hook_type, event_.hook_name));
    }
    stage_ = Stage::kUnclaimed;
    return keeper_.rest();
  }
  keeper_.follow(event_.deadline, handler_->extend_up_to);
  if (event_.status == journal::EventStatus::kSetAside) {
    stage_ = Stage::kAside;
    return;
  }
  const Duration enough = again_ ? kEnough : Duration::zero();
  stage_ = Stage::kResting;
  keeper_.extend_below(enough, [this] { queue(); });
}

void EventWork::queue() {
  if (stage_ != Stage::kResting) return;
  stage_ = Stage::kQueued;
  queued_since_ = desk_.loop().now();
  floor_.wants_to_run(*this);
}

void EventWork::run() {
  stage_ = Stage::kRunning;
  on_floor_ = true;
  started_ = desk_.loop().now();
  claim_attempt();
}

// Noted durably before it begins: a handler that takes the process along is not started for ever.
void EventWork::claim_attempt() {
  const bool carried_on = again_ && !event_.run.empty() && desk_.store.find(event_.run).has_value();
  again_ = false;
  if (event_.interrupts >= std::max(kMostInterrupts, handler_->attempts)) {
    event_.error = fmt::format("the process ended {} times while it ran", event_.interrupts);
    leave_floor();
    return exhausted();
  }
  ++event_.attempts;
  event_.error.clear();
  if (!carried_on) event_.run = journal::fresh_id();
  save([this](const Result<void>& written) {
    if (written && stage_ == Stage::kRunning) complete_then_start();
  });
}

// A hold that was found and not told of has no address (as.md section 7); handlers want one.
void EventWork::complete_then_start() {
  if (!event_.instance_ip.empty()) return start();
  json::Object arguments;
  arguments.set("server_id", event_.instance_id);
  lookup_ = call_platform(desk_.loop(), desk_.world.client(), operation_of("ecs", "show_server"),
                          std::move(arguments), [this](const Result<http::Response>& answer) {
                            if (answer) {
                              take_server(answer->body);
                            } else {
                              say(LogLevel::kInfo,
                                  "its address is not known: " + describe(answer.error()));
                            }
                            start();
                          });
}

void EventWork::take_server(std::string_view body) {
  const Result<json::Document> document = json::Document::parse(body);
  if (!document) return;
  const json::Value value = document->value();
  const auto* answer = value.as<json::Object>();
  const json::Object* server = answer != nullptr ? answer->object("server") : nullptr;
  if (server == nullptr) return;
  if (event_.instance_name.empty()) event_.instance_name = server->text("name");
  const json::Object* networks = server->object("addresses");
  if (networks == nullptr) return;
  for (const auto& [network, addresses] : *networks) {
    const auto* list = addresses.as<json::Array>();
    if (list == nullptr || list->empty()) continue;
    const auto* first = list->front().as<json::Object>();
    if (first != nullptr) event_.instance_ip = first->text("addr");
    return;
  }
}

void EventWork::start() {
  run_ = std::make_unique<HandlerRun>(
      HandlerRunParts{desk_.world, desk_.log, desk_.settings, desk_.store, *this}, handlers_,
      *handler_, event_, [this](Result<std::string> answer) { attempt_ended(std::move(answer)); });
}

void EventWork::attempt_ended(Result<std::string> answer) {
  run_.reset();
  const std::string outcome = answer                                         ? *answer
                              : answer.error().kind == ErrorKind::kCancelled ? "cancelled"
                                                                             : "error";
  desk_.metrics.handlers[handler_->name].durations[outcome].observe(desk_.loop().now() - started_);
  leave_floor();
  if (stage_ != Stage::kRunning) return over();
  if (!answer) return failed(std::move(answer.error()));
  event_.error.clear();
  decide(*answer);
}

void EventWork::leave_floor() {
  if (std::exchange(on_floor_, false)) floor_.has_run(*this);
}

void EventWork::failed(Error error) {
  if (error.kind == ErrorKind::kClosed) return;  // the journal's; the service hears of it
  const bool left = error.code == kLeft;
  if (left) error.code.clear();
  event_.error = describe(error);
  say(LogLevel::kWarn, fmt::format("attempt {} of {} failed: {}", event_.attempts,
                                   handler_->attempts, event_.error));
  if (left) return set_aside();
  const Duration ceiling =
      std::min(kFirstPause * (std::int64_t{1} << std::min<std::int64_t>(event_.attempts - 1, 10)),
               kLongestPause);
  const Duration pause = from_seconds(to_seconds(ceiling) * desk_.world.random().between(0.5, 1));
  const bool time = keeper_.remaining() > pause + kMargin;
  if (event_.attempts >= handler_->attempts || !time) return exhausted();
  stage_ = Stage::kResting;
  save(nullptr);
  timer_ = desk_.loop().after(pause, [this] { queue(); });
}

// Every attempt has failed.
void EventWork::exhausted() {
  if (handler_->on_error == OnError::kHold) return set_aside();
  decide(result_of(handler_->on_error));
}

void EventWork::set_aside() {
  stage_ = Stage::kAside;
  event_.status = journal::EventStatus::kSetAside;
  say(LogLevel::kError, "set aside, for an operator to look at (neap hooks show): " + event_.error);
  save(nullptr);
}

void EventWork::decide(const std::string& result) {
  interrupt(ErrorKind::kCancelled, "the hold was answered");
  stage_ = Stage::kAnswering;
  keeper_.rest();
  answerer_.answer(result);
}

// The hold ends before anybody could extend it further.
void EventWork::last_call() {
  if (stage_ == Stage::kAside || stage_ == Stage::kUnclaimed || stage_ == Stage::kOver) return;
  if (event_.error.empty()) {
    event_.error = fmt::format("there was no answer in time; the hold ends at {}",
                               format_iso(keeper_.deadline()));
  }
  say(LogLevel::kError, event_.error);
  interrupt(ErrorKind::kTimeout, "the hold is about to end");
  exhausted();
}

void EventWork::lost(const std::string& why) {
  interrupt(ErrorKind::kCancelled, why);
  finish(journal::EventStatus::kGone, why);
}

void EventWork::finish(journal::EventStatus status, const std::string& why) {
  if (stage_ == Stage::kOver) return;
  stage_ = Stage::kOver;
  keeper_.rest();
  event_.status = status;
  if (status == journal::EventStatus::kGone) {
    desk_.metrics.gone.add(why);
    if (event_.error.empty()) event_.error = why;
    say(LogLevel::kWarn, "gone: " + why);
  } else {
    say(LogLevel::kInfo, status == journal::EventStatus::kAnswered
                             ? "answered with " + event_.result
                             : std::string("discarded by an operator"));
  }
  save([this](const Result<void>& written) {
    finished_ = written.has_value();
    over();
  });
}

void EventWork::over() {
  if (finished_ && run_ == nullptr) floor_.is_over(*this);
}

void EventWork::use(std::shared_ptr<const Handlers> handlers) {
  // What began goes on with its handler, which lives as long as the handlers that it came with.
  const bool begun = stage_ == Stage::kRunning || stage_ == Stage::kAnswering;
  if (run_ != nullptr || begun || stage_ == Stage::kOver) return;
  if (stage_ == Stage::kQueued) floor_.gives_way(*this);
  handlers_ = std::move(handlers);
  if (stage_ == Stage::kUnclaimed || stage_ == Stage::kQueued) return choose();
  if (stage_ != Stage::kResting && stage_ != Stage::kAside) return;
  handler_ = handlers_->find(event_);
  if (handler_ != nullptr) return keeper_.follow(event_.deadline, handler_->extend_up_to);
  timer_.cancel();
  choose();
}

void EventWork::obey(const journal::Wish& wish) {
  if (stage_ == Stage::kOver || stage_ == Stage::kAnswering) return;
  say(LogLevel::kWarn, fmt::format("{} says {}", wish.by, wish.what));
  if (wish.what == "discard") {
    interrupt(ErrorKind::kCancelled, "discarded by an operator");
    return finish(journal::EventStatus::kDiscarded, wish.by);
  }
  if (wish.what != "retry") return decide(wish.what);
  if (stage_ == Stage::kRunning) return;
  event_.attempts = event_.interrupts = 0;
  // One that waited for a person's word goes on where it stood; any other begins anew.
  again_ = is_decided(desk_.store, event_.run);
  if (!again_) event_.run.clear();
  event_.status = journal::EventStatus::kOpen;
  save(nullptr);
  if (stage_ != Stage::kAside && stage_ != Stage::kResting) return;
  stage_ = Stage::kResting;
  timer_.cancel();
  queue();
}

void EventWork::stop() {
  keeper_.rest();
  timer_.cancel();
  if (run_) run_->stop();
}

// Whatever it was about to do for its handler; one that runs may still clean up.
void EventWork::interrupt(ErrorKind kind, const std::string& why) {
  if (stage_ == Stage::kQueued) floor_.gives_way(*this);
  lookup_.reset();
  timer_.cancel();
  if (run_) return run_->cancel(Error{kind, why});
  leave_floor();
}

void EventWork::save(InboxWriter::Written done) {
  event_.changed = desk_.utc();
  desk_.inbox.change(
      event_, [weak = weak_from_this(), done = std::move(done)](Result<void> written) mutable {
        const auto self = weak.lock();
        if (self && done) done(std::move(written));
      });
}

void EventWork::say(LogLevel level, const std::string& message) {
  desk_.log.write(level, message,
                  {{"event", event_.id},
                   {"run", event_.run},
                   {"group", event_.group_id},
                   {"instance", event_.instance_id},
                   {"hook", event_.hook_name},
                   {"handler", handler_ != nullptr ? handler_->name : std::string()}});
}

}  // namespace neap::serve
