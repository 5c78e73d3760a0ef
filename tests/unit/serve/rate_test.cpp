// A topic that brings more messages than it may: they are told to come again, and no hold goes
// without its answer.
#include <catch2/catch.hpp>

#include "support/fault_count.h"
#include "unit/serve/serve_world.h"

using namespace neap;
using namespace neap::test;

TEST_CASE("what a topic brings beyond its rate is put off, and what is held is answered") {
  constexpr int kMore = 60;
  constexpr int kHeld = static_cast<int>(serve::ServeSettings::kBurst) + kMore;
  ServeWorld w;
  w.serving.topic_rate = 1;
  w.group("web", w.hook("up", R"("timeout":1800)"));
  w.serve(R"(hooks.on("INSTANCE_LAUNCHING", {}, function() return "CONTINUE" end))");
  w.desire("web", kHeld);
  REQUIRE(w.run_until([&] { return w.total("holds") == kHeld && w.settled(); }));
  const std::uint64_t put_off = w.metrics.messages_rejected.of("rate");
  for (std::uint64_t i = 0; i < put_off; ++i) count_fault();
  INFO(w.said());
  CHECK(put_off >=
        kMore / 2);  // what was found by looking first counts as well, and the bucket fills up
  CHECK(w.metrics.messages_stored > 0);
  CHECK(w.total("callback") == kHeld);
  CHECK(w.total("default") == 0);
  CHECK(w.total("answered_again") == 0);
  CHECK_THAT(w.said(), Catch::Contains("more messages than --topic-rate allows"));
}
