// Thousands of instances held at once: each is answered once, and an open event costs little. The
// number of the issue, 10,000, is what bench/held_hooks.cpp measures: the simulated platform alone
// would take half a minute for them.
#include <algorithm>

#include <catch2/catch.hpp>
#include <malloc.h>

#include "unit/serve/serve_world.h"

using namespace neap;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

constexpr int kGroups = 10;
constexpr int kHeld = 2'000;
constexpr std::size_t kAtOnce = 200;
// Of the heap, for an event that waits; what listings of its group leave behind included.
constexpr double kMostBytes = 8'000;

double heap_bytes() {
  const struct mallinfo2 heap = mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

// As many as kHeld, in several groups. Their messages are lost, so all are found by looking.
void hold(ServeWorld& w) {
  w.topic = w.platform->topic("nobody");
  const std::string up = w.hook("up", R"("timeout":86400)");
  for (int i = 0; i < kGroups; ++i) {
    w.desire(w.group("web" + std::to_string(i), up), kHeld / kGroups);
  }
  REQUIRE(w.run_until([&] { return w.total("hanging") == kHeld; }));
}

}  // namespace

TEST_CASE("thousands of instances held at once are each answered once, 200 handlers at a time") {
  ServeWorld w;
  w.serving.concurrency = kAtOnce;
  hold(w);
  const double before = heap_bytes();
  w.serve(R"(hooks.on("INSTANCE_TERMINATING", {}, function() return "CONTINUE" end))");
  REQUIRE(w.run_until([&] { return w.service->open() == std::size_t{kHeld}; }));
  const double each = (heap_bytes() - before) / kHeld;
  UNSCOPED_INFO("an open event takes " << each << " B");
  CHECK(each < kMostBytes);

  w.lines.clear();  // that no handler is for them
  CHECK_FALSE(w.reload(R"(hooks.on("INSTANCE_LAUNCHING", { name = "slow", concurrency = 10000 },
    function() task.sleep("20s") return "CONTINUE" end))"));
  std::size_t most = 0;
  REQUIRE(w.run_until([&] {
    w.pass(9s);
    w.service->measure();
    most = std::max(most, w.metrics.handlers["slow"].running);
    return w.service->open() == 0;
  }));
  INFO(w.said());
  CHECK(most == kAtOnce);
  CHECK(w.total("holds") == kHeld);
  CHECK(w.total("callback") == kHeld);
  CHECK(w.total("default") == 0);
  CHECK(w.total("answered_again") == 0);
  CHECK(w.lines.empty());
}
