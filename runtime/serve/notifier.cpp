#include "serve/notifier.h"

#include <algorithm>
#include <deque>
#include <list>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"

namespace neap::serve {

// One notification on its way to everybody.
struct Notifier::Letter {
  std::string id;
  std::string body;
  Done done;
  std::size_t open = 0;  // recipients that it has not ended with
  bool everywhere = true;
  Loop::Timer telling;  // of one that ended before it was on its way
};

struct Notifier::State {
  State(Loop& in_loop, http::Transport& by, Random& from, Log& into, Counts& counted,
        NotifierLimits bounds)
      : loop(in_loop), transport(by), random(from), log(into), results(counted), limits(bounds) {}

  void ended(Letter& letter, bool delivered);
  void tell_later(std::shared_ptr<Letter> letter);

  Loop& loop;
  http::Transport& transport;
  Random& random;
  Log& log;
  Counts& results;
  const NotifierLimits limits;
  std::vector<std::unique_ptr<Lane>> lanes;
  std::list<std::shared_ptr<Letter>> untold;  // by their timers
  std::size_t open = 0;
};

// The way to one recipient: so many at a time, the others in a queue.
class Notifier::Lane {
 public:
  Lane(State& state, Recipient recipient)
      : state_(state),
        recipient_(std::move(recipient)),
        name_(http::origin(http::parse_url(recipient_.url).value())) {}

  // False when the queue is full.
  bool add(std::shared_ptr<Letter> letter) {
    if (queue_.size() >= state_.limits.queued) return false;
    queue_.push_back(std::move(letter));
    pump();
    return true;
  }
  // For the log: the path may hold a token.
  const std::string& name() const { return name_; }

 private:
  struct Flight {
    std::shared_ptr<Letter> letter;
    Owner transfer;
  };
  using At = std::list<Flight>::iterator;

  void pump() {
    while (flights_.size() < state_.limits.at_once && !queue_.empty()) {
      const At at = flights_.insert(flights_.end(), Flight{std::move(queue_.front()), {}});
      queue_.pop_front();
      post(at);
    }
  }

  void post(At at) {
    http::RetryPolicy policy;
    policy.attempts = state_.limits.attempts;
    policy.base = std::chrono::seconds{1};
    policy.cap = std::chrono::minutes{5};
    policy.retry_after_cap = std::chrono::minutes{5};
    policy.total = state_.limits.total;
    // Every recipient can tell a repetition by its id, so it may be sent again as a read may.
    const http::Options options{
        .profile = http::Profile::kRead, .timeout = state_.limits.timeout, .body_limit = 64u << 10};
    at->transfer = http::send_with_retry(
        state_.transport, state_.loop, state_.random, std::move(policy),
        [this, letter = at->letter]() -> Result<http::Request> { return request(*letter); },
        options, [this, at](const http::Outcome& outcome) { answered(at, outcome); });
  }

  // Signed anew for each attempt: receivers refuse a time that is minutes old.
  http::Request request(const Letter& letter) const {
    http::Headers headers =
        webhook_headers(recipient_.keys, letter.id, state_.loop.utc(), letter.body);
    headers.set("Content-Type", std::string(kCloudEventType));
    return {http::Method::kPost, recipient_.url, std::move(headers), letter.body};
  }

  void answered(At at, const http::Outcome& outcome) {
    const bool answered = outcome.delivery == http::Delivery::kAnswered;
    const int status = answered ? outcome.response.status : 0;
    const bool delivered = status >= 200 && status < 300;
    const std::shared_ptr<Letter> letter = at->letter;
    if (!delivered) {
      state_.log.warn(
          "a notification was given up",
          {{"notification", letter->id},
           {"to", name_},
           {"error", answered ? fmt::format("answered {}", status) : outcome.error.message}});
    }
    state_.results.add(delivered ? "delivered" : "given_up");
    // The transfer may go from inside its own callback, as any Owner may.
    flights_.erase(at);
    pump();
    state_.ended(*letter, delivered);  // last: whoever is told may drop all of this
  }

  State& state_;
  const Recipient recipient_;
  const std::string name_;
  std::deque<std::shared_ptr<Letter>> queue_;
  std::list<Flight> flights_;
};

void Notifier::State::ended(Letter& letter, bool delivered) {
  letter.everywhere = letter.everywhere && delivered;
  if (--letter.open > 0) return;
  --open;
  Done done = std::move(letter.done);
  if (done) done(letter.id, letter.everywhere);
}

void Notifier::State::tell_later(std::shared_ptr<Letter> letter) {
  const auto at = untold.insert(untold.end(), std::move(letter));
  (*at)->telling = loop.after(Duration::zero(), [this, at] {
    const std::shared_ptr<Letter> told = std::move(*at);
    untold.erase(at);
    --open;
    Done done = std::move(told->done);
    if (done) done(told->id, told->everywhere);
  });
}

Result<void> Notifier::check(const Recipient& recipient) {
  const Result<http::Url> url = http::parse_url(recipient.url);
  // The path may hold a token, so an address is shown only as far as its host.
  if (!url) {
    return fail(ErrorKind::kConfig, "an address for notifications is no URL",
                "it looks like https://host/path");
  }
  if (url->scheme != "https" && !http::is_loopback(url->host)) {
    return fail(ErrorKind::kConfig,
                fmt::format("notifications to {} would not be encrypted", http::origin(*url)),
                "use https; plain http is for addresses of this machine");
  }
  if (recipient.keys.empty()) {
    return fail(
        ErrorKind::kConfig,
        fmt::format("notifications to {} have no secret to sign them with", http::origin(*url)));
  }
  return {};
}

Notifier::Notifier(Loop& loop, http::Transport& transport, Random& random, Log& log,
                   Counts& results, std::vector<Recipient> recipients, NotifierLimits limits)
    : state_(std::make_unique<State>(loop, transport, random, log, results, limits)) {
  for (Recipient& recipient : recipients) {
    state_->lanes.push_back(std::make_unique<Lane>(*state_, std::move(recipient)));
  }
}

Notifier::~Notifier() = default;

void Notifier::send(const CloudEvent& event, Done done) {
  State& state = *state_;
  auto letter = std::make_shared<Letter>();
  letter->id = event.id;
  letter->body = write(event);
  letter->done = std::move(done);
  ++state.open;
  for (const std::unique_ptr<Lane>& lane : state.lanes) {
    ++letter->open;
    if (lane->add(letter)) continue;
    --letter->open;
    letter->everywhere = false;
    state.results.add("dropped");
    state.log.warn("a notification was dropped: too many wait",
                   {{"notification", letter->id}, {"to", lane->name()}});
  }
  if (letter->open == 0) state.tell_later(std::move(letter));
}

std::size_t Notifier::open() const {
  return state_->open;
}

}  // namespace neap::serve
