#include "http/retry.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace neap::http {
namespace {

bool worth_another(const Outcome& outcome, bool throttled) {
  if (outcome.delivery != Delivery::kAnswered) {
    return outcome.error.kind == ErrorKind::kNetwork || outcome.error.kind == ErrorKind::kTimeout;
  }
  switch (outcome.response.status) {
    case 429:
      return throttled;
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

class RetriedSend {
 public:
  RetriedSend(Transport& transport, Loop& loop, Random& random, RetryPolicy policy,
              Function<Result<Request>()> make, Options options, Function<void(Outcome)> done)
      : transport_(transport),
        loop_(loop),
        random_(random),
        policy_(std::move(policy)),
        make_(std::move(make)),
        options_(options),
        done_(std::move(done)),
        deadline_(loop.now() + policy_.total) {}

  void start();

 private:
  void finish_later(Error error);
  void finish(Outcome outcome);
  void judge(Outcome outcome);
  Duration pause_after(const Outcome& outcome);

  Transport& transport_;
  Loop& loop_;
  Random& random_;
  RetryPolicy policy_;
  Function<Result<Request>()> make_;
  const Options options_;
  Function<void(Outcome)> done_;
  const Instant deadline_;
  int attempt_ = 0;
  Owner transfer_;
  Loop::Timer pause_;
};

void RetriedSend::start() {
  if (options_.profile != Profile::kRead) {
    finish_later({ErrorKind::kUsage, "a call that changes something is never retried"});
    return;
  }
  ++attempt_;
  auto request = make_();
  if (!request) {
    finish_later(std::move(request.error()));
    return;
  }
  Options options = options_;
  options.timeout = std::min(options.timeout, deadline_ - loop_.now());
  transfer_ = transport_.send(std::move(*request), options,
                              [this](Outcome outcome) { judge(std::move(outcome)); });
}

void RetriedSend::finish_later(Error error) {
  pause_ = loop_.after(Duration::zero(), [this, error = std::move(error)]() mutable {
    finish(Outcome{Delivery::kNotSent, {}, std::move(error)});
  });
}

// The callback may drop the Owner, and this object with it.
void RetriedSend::finish(Outcome outcome) {
  Function<void(Outcome)> done = std::move(done_);
  done(std::move(outcome));
}

Duration RetriedSend::pause_after(const Outcome& outcome) {
  if (outcome.delivery == Delivery::kAnswered) {
    const auto asked = retry_after(outcome.response, loop_.utc());
    if (asked) return std::min(*asked, policy_.retry_after_cap);
  }
  double ceiling = to_seconds(policy_.base);
  for (int i = 1; i < attempt_; ++i) ceiling = std::min(ceiling * 2, to_seconds(policy_.cap));
  return from_seconds(random_.between(0, ceiling));
}

void RetriedSend::judge(Outcome outcome) {
  if (!worth_another(outcome, policy_.throttled) || attempt_ >= policy_.attempts) {
    finish(std::move(outcome));
    return;
  }
  const Duration pause = pause_after(outcome);
  if (loop_.now() + pause >= deadline_) {
    finish(std::move(outcome));
    return;
  }
  if (policy_.observer) policy_.observer(Retry{attempt_, pause, outcome});
  pause_ = loop_.after(pause, [this] { start(); });
}

}  // namespace

std::optional<Duration> retry_after(const Response& response, UtcTime now) {
  const std::string_view text = trim(response.headers.get("Retry-After"));
  if (text.empty()) return std::nullopt;
  unsigned seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (stop == end && error == std::errc{}) return std::chrono::seconds{seconds};
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  // Against the server's own clock where it tells it: ours may be off.
  const auto server_now = parse_http_date(response.headers.get("Date"));
  return std::max(Duration{*date - server_now.value_or(now)}, Duration::zero());
}

Owner send_with_retry(Transport& transport, Loop& loop, Random& random, RetryPolicy policy,
                      Function<Result<Request>()> make, Options options,
                      Function<void(Outcome)> done) {
  auto send = std::make_unique<RetriedSend>(transport, loop, random, std::move(policy),
                                            std::move(make), options, std::move(done));
  send->start();
  return Owner{std::move(send)};
}

}  // namespace neap::http
