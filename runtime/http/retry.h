// Sends a read again when the network or the platform falters: full jitter, within a deadline.
#pragma once

#include <optional>

#include "base/random.h"
#include "http/transport.h"
#include "loop/loop.h"

namespace neap::http {

// What Retry-After asks for, by the server's own clock where it tells that; nothing when the header
// is absent or garbage.
std::optional<Duration> retry_after(const Response& response, UtcTime now);

// What is reported before each pause; `outcome` is the one that calls for another attempt.
struct Retry {
  int attempt = 0;  // the one that just failed, from 1
  Duration pause{};
  const Outcome& outcome;
};

struct RetryPolicy {
  int attempts = 5;  // in all
  Duration base = std::chrono::milliseconds{200};
  Duration cap = std::chrono::seconds{10};  // of one pause of our own choice
  Duration retry_after_cap = std::chrono::seconds{120};
  bool throttled = true;                     // whether 429 is worth another attempt, too
  Duration total = std::chrono::minutes{5};  // no attempt starts later than this after the first
  Function<void(const Retry&)> observer;     // may be empty; must not drop the Owner
};

// Calls `make` for each attempt, since a signature is good for one moment only, and `done` once:
// with the first outcome that is not worth another attempt, or the last. `done` is never called
// from inside this function, and not at all once the Owner is dropped. An error of `make` ends it.
// Retried: network errors and timeouts, 429, 500, 502, 503 and 504. Pauses are uniform between 0
// and base * 2^n (full jitter), or what Retry-After asks for. Reads only: with kEffect nothing is
// sent and the outcome has kind usage. The three references must outlive the Owner.
Owner send_with_retry(Transport& transport, Loop& loop, Random& random, RetryPolicy policy,
                      Function<Result<Request>()> make, Options options,
                      Function<void(Outcome)> done);

}  // namespace neap::http
