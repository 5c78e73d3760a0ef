#include "cloud/budget.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "http/retry.h"

namespace neap::cloud {
namespace {

// Retry-After may ask for years (reliability.md F11).
constexpr Duration kLongestPause = std::chrono::seconds{120};
constexpr Duration kFirstPause = std::chrono::seconds{1};
// Without a limit in words, what went out in this time was too much; and a guess is tested slowly.
constexpr Duration kGuessWindow = std::chrono::seconds{1};
constexpr Duration kBetweenTests = std::chrono::seconds{10};
constexpr Duration kGuessHolds = std::chrono::minutes{10};
constexpr std::size_t kMostRemembered = 20000;  // calls; a limit above needs no help of ours
// What each urgency may use of a limit, so that something is left for those above it.
constexpr std::array<double, 3> kShares = {1.0, 0.9, 0.75};
constexpr int kStepsInWindow = 10;  // of growth, each by a tenth of the limit

std::size_t lane_of(Urgency urgency) {
  return static_cast<std::size_t>(urgency);
}

// The number behind `key` in "limit:200,time:5 minute", and what stands behind the number.
std::optional<std::pair<std::size_t, std::string_view>> number_after(std::string_view text,
                                                                     std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = trim(text.substr(at + key.size()));
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{} || number == 0) return std::nullopt;
  return std::pair{number, trim(rest.substr(static_cast<std::size_t>(end - rest.data())))};
}

std::optional<Duration> unit(std::string_view word) {
  if (word.starts_with("second")) return std::chrono::seconds{1};
  if (word.starts_with("minute")) return std::chrono::minutes{1};
  if (word.starts_with("hour")) return std::chrono::hours{1};
  if (word.starts_with("day")) return std::chrono::hours{24};
  return std::nullopt;
}

}  // namespace

std::optional<CallLimit> parse_limit(std::string_view text) {
  constexpr std::size_t kMostUnits = 1000;
  const auto calls = number_after(text, "limit:");
  const auto time = number_after(text, "time:");
  if (!calls || !time || time->first > kMostUnits) return std::nullopt;
  const std::optional<Duration> one = unit(time->second);
  if (!one) return std::nullopt;
  return CallLimit{calls->first, *one * static_cast<int>(time->first)};
}

// Held by the caller's Owner and listed by its lane.
struct CallBudget::Waiter {
  Waiter(CallBudget& owner, Turn asked, Function<void()> go_on)
      : budget(&owner), turn(asked), go(std::move(go_on)) {}
  ~Waiter() {
    if (budget != nullptr) budget->leave(*this);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  CallBudget* budget;  // nullptr: let through, or the budget is gone
  Turn turn;
  Function<void()> go;
};

CallBudget::CallBudget(Loop& loop, OnRefusal& refused, std::string endpoint)
    : loop_(loop), on_refusal_(refused), endpoint_(std::move(endpoint)) {}

CallBudget::~CallBudget() {
  for (Lane& lane : lanes_) {
    for (auto& [run, waiters] : lane.runs) {
      for (Waiter* waiter : waiters) waiter->budget = nullptr;
    }
  }
}

bool CallBudget::take(const Turn& turn) {
  for (std::size_t i = 0; i <= lane_of(turn.urgency); ++i) {
    if (lanes_[i].waiting > 0) return false;  // whoever waits already goes first
  }
  if (!is_open(turn.urgency)) return false;
  sent_.push_back(loop_.now());
  return true;
}

Owner CallBudget::wait(const Turn& turn, Function<void()> go) {
  auto waiter = std::make_unique<Waiter>(*this, turn, std::move(go));
  Lane& lane = lanes_[lane_of(turn.urgency)];
  const auto mine = std::find_if(lane.runs.begin(), lane.runs.end(),
                                 [&](const auto& row) { return row.first == turn.run; });
  auto& row = mine == lane.runs.end() ? lane.runs.emplace_back(turn.run, 0) : *mine;
  row.second.push_back(waiter.get());
  ++lane.waiting;
  arm();
  return Owner{std::move(waiter)};
}

void CallBudget::leave(Waiter& waiter) {
  Lane& lane = lanes_[lane_of(waiter.turn.urgency)];
  for (auto row = lane.runs.begin(); row != lane.runs.end(); ++row) {
    if (row->first != waiter.turn.run) continue;
    lane.waiting -= std::erase(row->second, &waiter);
    if (row->second.empty()) lane.runs.erase(row);
    break;
  }
  waiter.budget = nullptr;
}

bool CallBudget::is_open(Urgency urgency) {
  forget_old();
  if (loop_.now() < closed_until_) return false;
  if (!limit_) return true;
  grow();
  return !limit_ || sent_within(limit_->window) < share(urgency);
}

void CallBudget::forget_old() {
  const Duration window = limit_ ? limit_->window : kGuessWindow;
  while (!sent_.empty() &&
         (sent_.front() + window <= loop_.now() || sent_.size() > kMostRemembered)) {
    sent_.pop_front();
  }
}

// What was given up is won back bit by bit while nothing is refused.
void CallBudget::grow() {
  if (!stated_ && loop_.now() - refused_at_ >= kGuessHolds) return limit_.reset();
  const Duration pause = stated_ ? limit_->window / kStepsInWindow : kBetweenTests;
  while (limit_ != stated_ && loop_.now() - quiet_since_ >= pause) {
    quiet_since_ += pause;
    limit_->calls += std::max<std::size_t>(1, limit_->calls / kStepsInWindow);
    if (stated_) limit_->calls = std::min(limit_->calls, stated_->calls);
  }
}

std::size_t CallBudget::sent_within(Duration window) const {
  const Instant since = loop_.now() - window;
  const auto first = std::upper_bound(sent_.begin(), sent_.end(), since);
  return static_cast<std::size_t>(sent_.end() - first);
}

std::size_t CallBudget::share(Urgency urgency) const {
  const double part = kShares[lane_of(urgency)] * static_cast<double>(limit_->calls);
  return std::max<std::size_t>(1, static_cast<std::size_t>(part));
}

void CallBudget::learn(const http::Response& response) {
  if (response.status < 400) {
    refusals_in_a_row_ = 0;
    return;
  }
  const std::optional<Duration> asked = http::retry_after(response, loop_.utc());
  if (response.status == 429) return refused(response, asked);
  if (asked) closed_until_ = std::max(closed_until_, loop_.now() + std::min(*asked, kLongestPause));
}

void CallBudget::refused(const http::Response& response, std::optional<Duration> retry_after) {
  ++refusals_;
  const std::optional<CallLimit> said = parse_limit(response.body);
  const bool news = said && said != stated_;
  if (news) stated_ = said;
  // Refused although the limit was kept: somebody else uses the same one.
  if (limit_ && !news) {
    limit_->calls = std::max<std::size_t>(1, limit_->calls * 3 / 4);
  } else {
    limit_ = stated_.value_or(guess());
  }
  quiet_since_ = refused_at_ = loop_.now();
  const Duration pause = retry_after ? *retry_after : kFirstPause * (1 << refusals_in_a_row_);
  refusals_in_a_row_ = std::min(refusals_in_a_row_ + 1, 7);
  closed_until_ = std::max(closed_until_, loop_.now() + std::min(pause, kLongestPause));
  if (on_refusal_) on_refusal_(snapshot());
  arm();
}

// Three quarters of what went out lately was not too much.
CallLimit CallBudget::guess() const {
  return {std::max<std::size_t>(1, sent_within(kGuessWindow) * 3 / 4), kGuessWindow};
}

Instant CallBudget::next_chance(Urgency urgency) const {
  Instant at = std::max(closed_until_, loop_.now());
  if (!limit_) return at;
  const std::size_t most = share(urgency);
  const std::size_t used = sent_within(limit_->window);
  // One millisecond more, for a window is over only when its end has passed.
  if (used >= most) {
    at = std::max(at, sent_[sent_.size() - most] + limit_->window + std::chrono::milliseconds{1});
  }
  return at;
}

CallBudget::Waiter* CallBudget::pop(Lane& lane) {
  auto [run, waiters] = std::move(lane.runs.front());
  lane.runs.pop_front();
  Waiter* first = waiters.front();
  waiters.pop_front();
  if (!waiters.empty()) lane.runs.emplace_back(run, std::move(waiters));
  --lane.waiting;
  first->budget = nullptr;
  return first;
}

// `go` may drop its own Waiter, and others.
void CallBudget::pump() {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    while (lanes_[i].waiting > 0 && is_open(static_cast<Urgency>(i))) {
      Function<void()> go = std::move(pop(lanes_[i])->go);
      sent_.push_back(loop_.now());
      go();
    }
    if (lanes_[i].waiting > 0) break;  // nobody overtakes the more urgent
  }
  arm();
}

void CallBudget::arm() {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].waiting == 0) continue;
    const Duration pause = next_chance(static_cast<Urgency>(i)) - loop_.now();
    timer_ = loop_.after(std::max(pause, Duration::zero()), [this] { pump(); });
    return;
  }
  timer_ = {};
}

CallBudget::Snapshot CallBudget::snapshot() const {
  Snapshot seen{.endpoint = endpoint_,
                .limit = limit_,
                .stated = stated_,
                .used = sent_within(limit_ ? limit_->window : kGuessWindow),
                .refusals = refusals_,
                .closed_for = std::max(closed_until_ - loop_.now(), Duration::zero())};
  for (std::size_t i = 0; i < lanes_.size(); ++i) seen.waiting[i] = lanes_[i].waiting;
  return seen;
}

std::string describe(const CallBudget::Snapshot& seen) {
  std::string text = fmt::format("{} lets through ", seen.endpoint);
  text += seen.limit ? fmt::format("{} calls in {}", seen.limit->calls,
                                   format_duration(seen.limit->window))
                     : std::string("every call");
  if (seen.stated && seen.stated != seen.limit) {
    text += fmt::format(" (its limit is {})", seen.stated->calls);
  }
  const std::size_t waiting = seen.waiting[0] + seen.waiting[1] + seen.waiting[2];
  text += fmt::format("; {} used, {} waiting", seen.used, waiting);
  if (seen.closed_for > Duration::zero()) {
    text += fmt::format(", nothing is sent for {}", format_duration(seen.closed_for));
  }
  return text;
}

CallBudget& CallBudgets::of(std::string_view endpoint, std::string_view user) {
  for (const Row& row : rows_) {
    if (row.endpoint == endpoint && row.user == user) return *row.budget;
  }
  auto made = std::make_unique<CallBudget>(loop_, on_refusal_, std::string(endpoint));
  rows_.push_back({std::string(endpoint), std::string(user), std::move(made)});
  return *rows_.back().budget;
}

std::vector<CallBudget::Snapshot> CallBudgets::snapshots() const {
  std::vector<CallBudget::Snapshot> all;
  for (const Row& row : rows_) all.push_back(row.budget->snapshot());
  return all;
}

}  // namespace neap::cloud
