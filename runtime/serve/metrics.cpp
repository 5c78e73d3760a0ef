#include "serve/metrics.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include "serve/exposition_page.h"

namespace neap::serve {
namespace {

void write_counts(ExpositionPage& page, std::string_view name, std::string_view help,
                  std::string_view label, const Counts& counts) {
  page.family(name, "counter", help);
  for (const auto& [value, count] : counts) page.sample({{label, value}}, count);
}

void write_count(ExpositionPage& page, std::string_view name, std::string_view help,
                 std::uint64_t count) {
  page.family(name, "counter", help);
  page.sample({}, count);
}

void write_messages(ExpositionPage& page, const Metrics& metrics) {
  write_count(page, "neap_hook_messages_received_total", "Messages that were posted.",
              metrics.messages_received);
  write_counts(page, "neap_hook_messages_verified_total", "Messages that are SMN's, by type.",
               "type", metrics.messages_verified);
  write_counts(page, "neap_hook_messages_rejected_total",
               "Messages that were refused before they had any effect, by reason.", "reason",
               metrics.messages_rejected);
  write_count(page, "neap_hook_messages_stored_total", "Messages that were stored and confirmed.",
              metrics.messages_stored);
  write_count(page, "neap_hook_messages_duplicate_total",
              "Messages that had been stored before, or whose event had.",
              metrics.messages_duplicate);
  write_counts(page, "neap_hook_events_total", "Held instances, by where they were heard of first.",
               "source", metrics.events);
}

void write_durations(ExpositionPage& page, std::string_view handler, std::string_view outcome,
                     const Histogram& histogram) {
  for (std::size_t i = 0; i < Histogram::kBounds.size(); ++i) {
    const std::string bound = ExpositionPage::text_of(Histogram::kBounds.at(i));
    page.part("_bucket", {{"handler", handler}, {"outcome", outcome}, {"le", bound}},
              histogram.within(i));
  }
  page.part("_bucket", {{"handler", handler}, {"outcome", outcome}, {"le", "+Inf"}},
            histogram.count());
  page.part("_sum", {{"handler", handler}, {"outcome", outcome}}, histogram.sum());
  page.part("_count", {{"handler", handler}, {"outcome", outcome}}, histogram.count());
}

void write_handlers(ExpositionPage& page, const Metrics& metrics, Instant now) {
  page.family("neap_hook_queue_depth", "gauge", "Events that wait for their handler.");
  for (const auto& [name, handler] : metrics.handlers) {
    page.sample({{"handler", name}}, std::uint64_t{handler.queued});
  }
  page.family("neap_hook_queue_age_seconds", "gauge", "How long the oldest of them has waited.");
  for (const auto& [name, handler] : metrics.handlers) {
    const Duration age = handler.oldest ? now - *handler.oldest : Duration::zero();
    page.sample({{"handler", name}}, std::max(0.0, to_seconds(age)));
  }
  page.family("neap_hook_running", "gauge", "Events whose handler runs.");
  for (const auto& [name, handler] : metrics.handlers) {
    page.sample({{"handler", name}}, std::uint64_t{handler.running});
  }
  page.family("neap_hook_handler_duration_seconds", "histogram",
              "How long handlers ran, by what came of it.");
  for (const auto& [name, handler] : metrics.handlers) {
    for (const auto& [outcome, durations] : handler.durations) {
      write_durations(page, name, outcome, durations);
    }
  }
}

void write_answers(ExpositionPage& page, const Metrics& metrics) {
  write_counts(page, "neap_hook_extends_total", "Times a hold was to be extended, by result.",
               "result", metrics.extends);
  write_counts(page, "neap_hook_answers_total", "Holds that our answer ended, by the answer.",
               "result", metrics.answers);
  write_count(page, "neap_hook_answers_late_total", "Answers that came after the hold's deadline.",
              metrics.answers_late);
  write_counts(page, "neap_hook_gone_total", "Holds that ended without our answer, by why.", "why",
               metrics.gone);
  write_count(page, "neap_hook_reconciled_total", "Listings of the held instances that were read.",
              metrics.reconciled);
  page.family("neap_hook_set_aside", "gauge",
              "Events that were given up and wait for an operator.");
  page.sample({}, std::uint64_t{metrics.set_aside});
  write_counts(page, "neap_hook_reload_total", "Times the handlers were to be loaded again.",
               "result", metrics.reloads);
  write_counts(page, "neap_hook_notifications_total", "Outgoing notifications, by their end.",
               "result", metrics.notifications);
}

// An endpoint's budgets, one for each user, as one: no two samples may have the same labels.
struct Budget {
  std::string_view endpoint;
  std::size_t limit = 0;
  Duration window{};
  std::size_t used = 0;
  std::array<std::size_t, 3> waiting{};
  std::uint64_t refusals = 0;
};

std::vector<Budget> by_endpoint(std::span<const cloud::CallBudget::Snapshot> snapshots) {
  std::vector<Budget> budgets;
  for (const cloud::CallBudget::Snapshot& seen : snapshots) {
    auto at = std::find_if(budgets.begin(), budgets.end(),
                           [&](const Budget& each) { return each.endpoint == seen.endpoint; });
    if (at == budgets.end()) at = budgets.insert(at, Budget{.endpoint = seen.endpoint});
    if (seen.limit) {
      at->limit += seen.limit->calls;
      at->window = std::max(at->window, seen.limit->window);
    }
    at->used += seen.used;
    at->refusals += seen.refusals;
    for (std::size_t i = 0; i < seen.waiting.size(); ++i) at->waiting.at(i) += seen.waiting.at(i);
  }
  return budgets;
}

void write_budgets(ExpositionPage& page, std::span<const Budget> budgets) {
  page.family("neap_api_budget_limit", "gauge",
              "Calls that are let through in the window; absent while no limit is known.");
  for (const Budget& each : budgets) {
    if (each.limit > 0) page.sample({{"endpoint", each.endpoint}}, std::uint64_t{each.limit});
  }
  page.family("neap_api_budget_window_seconds", "gauge", "The window of that limit.");
  for (const Budget& each : budgets) {
    if (each.limit > 0) page.sample({{"endpoint", each.endpoint}}, to_seconds(each.window));
  }
  page.family("neap_api_budget_used", "gauge", "Calls that went out in the window.");
  for (const Budget& each : budgets) {
    page.sample({{"endpoint", each.endpoint}}, std::uint64_t{each.used});
  }
  page.family("neap_api_budget_waiting", "gauge", "Calls that wait their turn, by urgency.");
  for (const Budget& each : budgets) {
    constexpr std::array kUrgencies = {"hook", "recovery", "normal"};  // cloud::Urgency
    for (std::size_t i = 0; i < kUrgencies.size(); ++i) {
      page.sample({{"endpoint", each.endpoint}, {"urgency", kUrgencies.at(i)}},
                  std::uint64_t{each.waiting.at(i)});
    }
  }
  page.family("neap_api_budget_refusals_total", "counter",
              "Answers of the platform that there were too many calls.");
  for (const Budget& each : budgets) page.sample({{"endpoint", each.endpoint}}, each.refusals);
}

void write_process(ExpositionPage& page, const Scrape& scrape) {
  page.family("neap_build_info", "gauge", "The program; always 1.");
  page.sample({{"version", scrape.version}}, std::uint64_t{1});
  page.family("process_start_time_seconds", "gauge", "When the process started, since 1970.");
  page.sample({}, to_seconds(scrape.started.time_since_epoch()));
  const ProcessFacts& facts = scrape.process;
  page.family("process_cpu_seconds_total", "counter", "Processor time, user and system.");
  page.sample({}, facts.cpu_seconds);
  page.family("process_resident_memory_bytes", "gauge", "Memory that is resident.");
  page.sample({}, facts.resident_bytes);
  page.family("process_open_fds", "gauge", "Open file descriptors.");
  page.sample({}, std::uint64_t{facts.open_descriptors});
  page.family("process_max_fds", "gauge", "How many there may be.");
  page.sample({}, facts.most_descriptors);
}

}  // namespace

Counts::Counts(std::initializer_list<const char*> named) {
  for (const char* value : named) rows_.emplace(value, 0);
}

void Counts::add(std::string_view value, std::uint64_t by) {
  const auto at = rows_.find(value);
  if (at != rows_.end()) {
    at->second += by;
  } else if (rows_.size() < kMost) {
    rows_.emplace(value, by);
  } else {
    rows_["other"] += by;
  }
}

std::uint64_t Counts::of(std::string_view value) const {
  const auto at = rows_.find(value);
  return at == rows_.end() ? 0 : at->second;
}

void Histogram::observe(Duration took) {
  const double seconds = std::max(0.0, to_seconds(took));
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  if (bound != kBounds.end()) ++buckets_.at(static_cast<std::size_t>(bound - kBounds.begin()));
  ++count_;
  sum_ += seconds;
}

std::uint64_t Histogram::within(std::size_t i) const {
  std::uint64_t total = 0;
  for (std::size_t below = 0; below <= i; ++below) total += buckets_.at(below);
  return total;
}

ProcessFacts process_facts() {
  ProcessFacts facts;
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;  // the second number is the resident one
  facts.resident_bytes = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::error_code ignored;
  const std::filesystem::directory_iterator open("/proc/self/fd", ignored);
  const auto count = std::distance(begin(open), end(open)) - 1;  // without the listing's own
  facts.open_descriptors = static_cast<std::size_t>(std::max<std::ptrdiff_t>(count, 0));
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) facts.most_descriptors = limit.rlim_cur;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    for (const timeval& part : {usage.ru_utime, usage.ru_stime}) {
      facts.cpu_seconds +=
          static_cast<double>(part.tv_sec) + static_cast<double>(part.tv_usec) / 1e6;
    }
  }
  return facts;
}

std::string exposition(const Metrics& metrics, const Scrape& scrape) {
  ExpositionPage page;
  write_messages(page, metrics);
  write_handlers(page, metrics, scrape.now);
  write_answers(page, metrics);
  write_budgets(page, by_endpoint(scrape.budgets));
  page.family("neap_http_refused_total", "counter",
              "Requests and connections that the HTTP server turned away, by reason.");
  for (const auto& [reason, count] : scrape.refused_requests) {
    page.sample({{"reason", reason}}, count);
  }
  write_process(page, scrape);
  return page.take();
}

}  // namespace neap::serve
