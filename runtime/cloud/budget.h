// How many calls the platform lets through, for each endpoint and user: learnt from its own
// refusals, shared by everything in this process, and given out by urgency.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/function.h"
#include "base/owner.h"
#include "base/time.h"
#include "cloud/catalog.h"
#include "http/message.h"
#include "loop/loop.h"

namespace neap::cloud {

// So many calls in any stretch of that length.
struct CallLimit {
  std::size_t calls = 0;
  Duration window{};
  bool operator==(const CallLimit&) const = default;
};

// What the gateway's refusal says of its limit: "policy user over ratelimit,limit:200,time:5
// minute" (APIGW.0308). Nothing when the text says none.
std::optional<CallLimit> parse_limit(std::string_view text);

// Who asks to be let through. Runs of one urgency take turns, whatever each of them asks for.
struct Turn {
  Urgency urgency = Urgency::kNormal;
  std::uint64_t run = 0;
};

class CallBudget {
 public:
  struct Snapshot {
    std::string endpoint;
    std::optional<CallLimit> limit;   // what is kept to now; nothing: everything is let through
    std::optional<CallLimit> stated;  // what the platform itself has said
    std::size_t used = 0;             // calls in the limit's window
    std::array<std::size_t, 3> waiting{};  // calls, by urgency
    std::uint64_t refusals = 0;
    Duration closed_for{};
  };
  using OnRefusal = Function<void(const Snapshot&)>;

  // `refused` is told of each refusal; it may be empty, and outlives this.
  CallBudget(Loop& loop, OnRefusal& refused, std::string endpoint);
  ~CallBudget();
  CallBudget(const CallBudget&) = delete;
  CallBudget& operator=(const CallBudget&) = delete;

  // Whether a call may go out now; if so, it is counted.
  bool take(const Turn& turn);
  // Calls `go` from the loop once the call may go out, and counts it then; never, once the Owner is
  // dropped.
  Owner wait(const Turn& turn, Function<void()> go);
  // What an answer says about the budget: 429, and a Retry-After of any status that is an error.
  void learn(const http::Response& response);

  Snapshot snapshot() const;

 private:
  struct Waiter;
  struct Lane {                                                      // one urgency
    std::deque<std::pair<std::uint64_t, std::deque<Waiter*>>> runs;  // whose turn it is, first
    std::size_t waiting = 0;
  };

  bool is_open(Urgency urgency);
  void forget_old();
  void grow();
  void refused(const http::Response& response, std::optional<Duration> retry_after);
  CallLimit guess() const;
  std::size_t sent_within(Duration window) const;
  Instant next_chance(Urgency urgency) const;
  std::size_t share(Urgency urgency) const;
  void leave(Waiter& waiter);
  Waiter* pop(Lane& lane);
  void pump();
  void arm();

  Loop& loop_;
  OnRefusal& on_refusal_;
  const std::string endpoint_;
  std::deque<Instant> sent_;
  std::optional<CallLimit> limit_;
  std::optional<CallLimit> stated_;  // what the platform itself has said
  Instant closed_until_{};
  Instant quiet_since_{};  // the last refusal, or the last growth
  Instant refused_at_{};
  int refusals_in_a_row_ = 0;
  std::uint64_t refusals_ = 0;
  std::array<Lane, 3> lanes_;
  Loop::Timer timer_;
};

// "https://… lets through 150 calls in 5m (its limit is 200); 12 calls wait, nothing is sent for
// 30s"
std::string describe(const CallBudget::Snapshot& seen);

// One budget for each endpoint and user.
class CallBudgets {
 public:
  explicit CallBudgets(Loop& loop) : loop_(loop) {}
  CallBudgets(const CallBudgets&) = delete;
  CallBudgets& operator=(const CallBudgets&) = delete;

  CallBudget& of(std::string_view endpoint, std::string_view user);
  std::vector<CallBudget::Snapshot> snapshots() const;
  // Is told of each refusal of the platform for there being too many calls.
  void observe(CallBudget::OnRefusal observer) { on_refusal_ = std::move(observer); }

 private:
  struct Row {
    std::string endpoint;
    std::string user;
    std::unique_ptr<CallBudget> budget;
  };

  Loop& loop_;
  CallBudget::OnRefusal on_refusal_;
  std::vector<Row> rows_;  // a handful
};

}  // namespace neap::cloud
