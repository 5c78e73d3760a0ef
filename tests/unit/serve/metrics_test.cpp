// The metrics page: what Prometheus accepts, and that it says what was counted.
#include "serve/metrics.h"

#include <catch2/catch.hpp>

#include "serve/exposition_page.h"
#include "support/prometheus_text.h"

namespace neap::serve {
namespace {

using namespace std::chrono_literals;
using test::PrometheusPage;
using test::PrometheusReader;

PrometheusPage page_of(const Metrics& metrics, const Scrape& scrape = {}) {
  return PrometheusReader::read(exposition(metrics, scrape));
}

TEST_CASE("a page of nothing counted is valid and shows the named counters as zero") {
  const PrometheusPage page = page_of({});
  CHECK(page.at("neap_hook_messages_verified_total", {{"type", "Notification"}}) == 0);
  CHECK(page.at("neap_hook_events_total", {{"source", "reconciler"}}) == 0);
  CHECK(page.at("neap_hook_answers_total", {{"result", "ABANDON"}}) == 0);
  CHECK(page.at("neap_hook_answers_late_total") == 0);
  CHECK(page.at("neap_hook_set_aside") == 0);
  CHECK(page.families.size() == 30);
}

TEST_CASE("what was counted is on the page, under its label") {
  Metrics metrics;
  metrics.messages_verified.add("Notification", 3);
  metrics.messages_rejected.add("bad_signature");
  metrics.messages_rejected.add("bad_signature");
  metrics.messages_stored = 2;
  metrics.messages_duplicate = 1;
  metrics.events.add("message");
  metrics.extends.add("accepted");
  metrics.answers.add("CONTINUE", 5);
  metrics.answers_late = 1;
  metrics.gone.add("default");
  metrics.reconciled = 7;
  metrics.set_aside = 4;
  metrics.reloads.add("refused");
  metrics.notifications.add("given_up");
  HandlerMetrics& handler = metrics.handlers["launching"];
  handler.queued = 2;
  handler.oldest = Instant{10s};
  handler.running = 20;
  const PrometheusPage page = page_of(metrics, {.now = Instant{12500ms}});
  CHECK(page.at("neap_hook_messages_verified_total", {{"type", "Notification"}}) == 3);
  CHECK(page.at("neap_hook_messages_rejected_total", {{"reason", "bad_signature"}}) == 2);
  CHECK(page.at("neap_hook_messages_stored_total") == 2);
  CHECK(page.at("neap_hook_messages_duplicate_total") == 1);
  CHECK(page.at("neap_hook_events_total", {{"source", "message"}}) == 1);
  CHECK(page.at("neap_hook_extends_total", {{"result", "accepted"}}) == 1);
  CHECK(page.at("neap_hook_answers_total", {{"result", "CONTINUE"}}) == 5);
  CHECK(page.at("neap_hook_answers_late_total") == 1);
  CHECK(page.at("neap_hook_gone_total", {{"why", "default"}}) == 1);
  CHECK(page.at("neap_hook_reconciled_total") == 7);
  CHECK(page.at("neap_hook_set_aside") == 4);
  CHECK(page.at("neap_hook_reload_total", {{"result", "refused"}}) == 1);
  CHECK(page.at("neap_hook_notifications_total", {{"result", "given_up"}}) == 1);
  CHECK(page.at("neap_hook_queue_depth", {{"handler", "launching"}}) == 2);
  CHECK(page.at("neap_hook_queue_age_seconds", {{"handler", "launching"}}) == 2.5);
  CHECK(page.at("neap_hook_running", {{"handler", "launching"}}) == 20);
}

TEST_CASE("durations fall into cumulative buckets, the bound itself included") {
  Metrics metrics;
  Histogram& durations = metrics.handlers["h"].durations["CONTINUE"];
  for (const Duration took : {50ms, 51ms, 1000ms, 1001ms, 100000000ms}) durations.observe(took);
  durations.observe(-1s);  // a clock that was set back
  metrics.handlers["h"].durations["error"].observe(2s);
  const PrometheusPage page = page_of(metrics);
  const std::string name = "neap_hook_handler_duration_seconds";
  const auto within = [&](const char* le) {
    return page.at(name + "_bucket", {{"handler", "h"}, {"outcome", "CONTINUE"}, {"le", le}});
  };
  CHECK(within("0.05") == 2);
  CHECK(within("0.1") == 3);
  CHECK(within("1") == 4);
  CHECK(within("2.5") == 5);
  CHECK(within("21600") == 5);
  CHECK(within("+Inf") == 6);
  const PrometheusPage::Labels labels = {{"handler", "h"}, {"outcome", "CONTINUE"}};
  CHECK(page.at(name + "_count", labels) == 6);
  CHECK(page.at(name + "_sum", labels).value() == Approx(100002.102));
  CHECK(page.at(name + "_count", {{"handler", "h"}, {"outcome", "error"}}) == 1);
}

TEST_CASE("budgets of several users of one endpoint are one sample") {
  using cloud::CallBudget;
  const std::array<CallBudget::Snapshot, 3> budgets = {
      CallBudget::Snapshot{.endpoint = "https://as.example.com",
                           .limit = cloud::CallLimit{200, 5min},
                           .used = 7,
                           .waiting = {1, 2, 3},
                           .refusals = 4},
      CallBudget::Snapshot{.endpoint = "https://as.example.com", .used = 1, .refusals = 1},
      CallBudget::Snapshot{.endpoint = "https://ecs.example.com", .used = 9}};
  const PrometheusPage page = page_of({}, {.budgets = budgets});
  const PrometheusPage::Labels as = {{"endpoint", "https://as.example.com"}};
  CHECK(page.at("neap_api_budget_limit", as) == 200);
  CHECK(page.at("neap_api_budget_window_seconds", as) == 300);
  CHECK(page.at("neap_api_budget_used", as) == 8);
  CHECK(page.at("neap_api_budget_refusals_total", as) == 5);
  for (const auto& [urgency, count] : {std::pair{"hook", 1}, {"recovery", 2}, {"normal", 3}}) {
    CHECK(page.at("neap_api_budget_waiting",
                  {{"endpoint", "https://as.example.com"}, {"urgency", urgency}}) == count);
  }
  const PrometheusPage::Labels ecs = {{"endpoint", "https://ecs.example.com"}};
  CHECK(page.at("neap_api_budget_used", ecs) == 9);
  CHECK_FALSE(page.at("neap_api_budget_limit", ecs));
}

TEST_CASE("label values from outside cannot break out of their quotes or their line") {
  Metrics metrics;
  metrics.handlers["a\"b\\c\nd} 1\n# HELP \xff 保护"].queued = 1;
  const PrometheusPage page = page_of(metrics);
  CHECK(page.at("neap_hook_queue_depth", {{"handler", R"(a"b\c\x0ad} 1\x0a# HELP \xff 保护)"}}) ==
        1);
}

TEST_CASE("a stranger who makes labels up fills neither the memory nor the page") {
  Metrics metrics;
  for (int i = 0; i < 1000; ++i) metrics.messages_rejected.add("reason-" + std::to_string(i));
  const auto rows =
      std::distance(metrics.messages_rejected.begin(), metrics.messages_rejected.end());
  CHECK(rows == Counts::kMost + 1);
  CHECK(metrics.messages_rejected.of("other") == 1000 - Counts::kMost);
  CHECK(metrics.messages_rejected.of("reason-0") == 1);
  CHECK(metrics.messages_rejected.of("reason-999") == 0);
}

TEST_CASE("the process is described, and what its HTTP server refused") {
  const ProcessFacts facts = process_facts();
  CHECK(facts.resident_bytes > 1'000'000);
  CHECK(facts.open_descriptors >= 3);
  CHECK(facts.open_descriptors < facts.most_descriptors);
  CHECK(facts.cpu_seconds > 0);
  const PrometheusPage page = page_of({}, {.version = "1.2.3",
                                           .started = UtcTime{1767225600500ms},
                                           .process = facts,
                                           .refused_requests = {{"slow_header", 3}}});
  CHECK(page.at("neap_build_info", {{"version", "1.2.3"}}) == 1);
  CHECK(page.at("process_start_time_seconds") == 1767225600.5);
  CHECK(page.at("process_resident_memory_bytes") == static_cast<double>(facts.resident_bytes));
  CHECK(page.at("process_open_fds") == static_cast<double>(facts.open_descriptors));
  CHECK(page.at("neap_http_refused_total", {{"reason", "slow_header"}}) == 3);
}

TEST_CASE("numbers that are none have Prometheus' own names") {
  CHECK(ExpositionPage::text_of(HUGE_VAL) == "+Inf");
  CHECK(ExpositionPage::text_of(-HUGE_VAL) == "-Inf");
  CHECK(ExpositionPage::text_of(std::nan("")) == "NaN");
  CHECK(ExpositionPage::text_of(0.25) == "0.25");
}

TEST_CASE("the reader that the tests trust refuses pages with one fault each") {
  const std::string good =
      "# HELP a_seconds b\n# TYPE a_seconds histogram\n"
      "a_seconds_bucket{le=\"1\"} 1\na_seconds_bucket{le=\"+Inf\"} 2\na_seconds_sum 3\n"
      "a_seconds_count 2\n";
  REQUIRE_NOTHROW(PrometheusReader::read(good));
  const std::pair<const char*, const char*> faults[] = {
      {"# HELP a_seconds b\n", ""}, {"# TYPE a_seconds histogram\n", ""},
      {"histogram", "counter"},     {"histogram", "summary"},
      {"\"1\"} 1", "\"1\"} 3"},     {"le=\"1\"", "le=\"+Inf\""},
      {"le=\"1\"", "le=\"\\x\""},   {"le=\"1\"", "le=1"},
      {"a_seconds_sum 3\n", ""},    {"count 2", "count 3"},
      {"count 2\n", "count 2"},     {"sum 3", "sum 3 x"},
      {"sum 3", "sum  3"},          {"sum 3", "sum 3\na_seconds_sum 3"},
      {"sum 3", "sum 3\n"},         {"bucket{le=\"+Inf\"} 2\n", "bucket{le=\"2\"} 2\n"},
  };
  for (const auto& [from, to] : faults) {
    std::string bad = good;
    bad.replace(bad.find(from), std::string_view(from).size(), to);
    CAPTURE(bad);
    CHECK_THROWS_AS(PrometheusReader::read(bad), std::runtime_error);
  }
}

}  // namespace
}  // namespace neap::serve
