// What the service counts, and the page that Prometheus reads it from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "cloud/budget.h"

namespace neap::serve {

// Counters of one family, told apart by one label. Values named beforehand are shown from the
// start, as rate() wants it. No more than kMost are kept, all others count as "other": were the
// label what a stranger sent, strangers could fill the memory here and in Prometheus.
class Counts {
 public:
  static constexpr std::size_t kMost = 64;

  Counts() = default;
  Counts(std::initializer_list<const char*> named);

  void add(std::string_view value, std::uint64_t by = 1);
  std::uint64_t of(std::string_view value) const;
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }

 private:
  std::map<std::string, std::uint64_t, std::less<>> rows_;
};

// How long something took.
class Histogram {
 public:
  // From a handler that only looks, in seconds, to one that uses up a hold of the longest kind.
  static constexpr std::array<double, 15> kBounds = {0.05, 0.1, 0.25, 0.5, 1,   2.5,  5,    10,
                                                     30,   60,  120,  300, 900, 3600, 21600};

  void observe(Duration took);
  // Observations not longer than kBounds[i].
  std::uint64_t within(std::size_t i) const;
  std::uint64_t count() const { return count_; }
  double sum() const { return sum_; }

 private:
  std::array<std::uint64_t, kBounds.size()> buckets_{};  // each without those below it
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

// Of one handler. The gauges are what is so now.
struct HandlerMetrics {
  std::size_t queued = 0;
  std::optional<Instant> oldest;  // since when the event at the head of the queue waits
  std::size_t running = 0;
  std::map<std::string, Histogram> durations;  // by outcome: CONTINUE, ABANDON, error, cancelled …
};

// Counted up by whoever does what is counted; ids never become labels.
struct Metrics {
  std::uint64_t messages_received = 0;  // requests, whatever became of them
  Counts messages_verified{"Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"};
  Counts messages_rejected;  // by reason
  std::uint64_t messages_stored = 0;
  std::uint64_t messages_duplicate = 0;
  Counts events{"message", "reconciler"};  // by where they were first heard of
  std::map<std::string, HandlerMetrics, std::less<>> handlers;
  Counts extends{"accepted", "refused", "lost"};
  Counts answers{"CONTINUE", "ABANDON"};  // accepted by the platform, by result
  std::uint64_t answers_late = 0;         // after the hold's deadline
  Counts gone;                            // holds that ended without our answer, by why
  std::uint64_t reconciled = 0;           // listings of held instances
  std::size_t set_aside = 0;              // now
  Counts reloads{"loaded", "refused"};
  Counts notifications{"delivered", "given_up", "dropped"};
};

// What Linux tells of this process.
struct ProcessFacts {
  std::uint64_t resident_bytes = 0;
  std::size_t open_descriptors = 0;
  std::uint64_t most_descriptors = 0;
  double cpu_seconds = 0;
};
ProcessFacts process_facts();

// What is looked up only when somebody asks for the page.
struct Scrape {
  std::string_view version;
  UtcTime started{};  // the process
  Instant now{};
  ProcessFacts process;
  std::span<const cloud::CallBudget::Snapshot> budgets;
  // Of the HTTP server: requests and connections that never became a message.
  std::map<std::string_view, std::uint64_t> refused_requests;
};

inline constexpr std::string_view kExpositionType = "text/plain; version=0.0.4; charset=utf-8";

// The page, in Prometheus' text format 0.0.4.
std::string exposition(const Metrics& metrics, const Scrape& scrape);

}  // namespace neap::serve
