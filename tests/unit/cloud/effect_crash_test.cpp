// Every place where the process of a changing call may die, and the bugs that this must show.
#include <catch2/catch.hpp>

#include "cloud/effect.h"
#include "effect_world.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;
using namespace std::chrono_literals;

TEST_CASE("killed at every write, before and after it, a call never takes effect twice") {
  const Fate all[] = {Fate::kAccepted, Fate::kAnswerLost, Fate::kLost,    Fate::kNotSent,
                      Fate::kRefused,  Fate::kTrouble,    Fate::kGarbled, Fate::kDelayed};
  int crashes = 0;
  for (const char* name : {EffectWorld::kFailover, kRename, kDelete, kCreate}) {
    for (const Fate fate : all) {
      for (const bool after : {false, true}) {
        for (int write = 1;; ++write) {
          INFO(name << " fate " << static_cast<int>(fate) << " write " << write << after);
          EffectWorld world;
          const json::Object arguments = name == std::string(kCreate) ? new_group() : named("new");
          json::Object given = arguments;
          if (name != std::string(kCreate) && name != std::string(kRename)) {
            given = EffectWorld::the_group();
          }
          world.fates = {fate};
          world.mortal->dies_at = write;
          world.mortal->after = after;
          world.perform(name, given);
          const bool died = world.mortal->dead;
          crashes += died ? 1 : 0;
          if (died) world.resume(name, given);
          REQUIRE(world.result);
          CHECK(world.violations().empty());
          const bool refused = fate == Fate::kRefused;
          const bool harmless = name == std::string(kRename) || name == std::string(kDelete);
          if (!harmless && !refused) CHECK(world.effects == 1);
          if (!refused) CHECK(world.result->has_value());
          if (!died) break;
        }
      }
    }
  }
  CHECK(crashes > 150);
}

TEST_CASE("dropped right after sending, it is in doubt for the next process, which finds it") {
  for (const Fate fate : {Fate::kAccepted, Fate::kLost, Fate::kRefused}) {
    EffectWorld world;
    world.fates = {fate};
    world.transport.otherwise =
        [&, inner = std::move(world.transport.otherwise)](const http::Request& request) mutable {
          if (request.method != http::Method::kGet && world.sends() == 1) {
            world.loop.post([&] { world.owner.reset(); });
          }
          return inner(request);
        };
    world.perform();
    CHECK_FALSE(world.result);
    CHECK(world.kinds() == "intent sent");
    world.resume();
    CHECK(world.result->has_value());
    CHECK(world.effects == 1);
    CHECK(mentions(world.kinds(), "intent sent unknown"));
    CHECK(world.violations().empty());
  }
}

TEST_CASE("each bug of the effect protocol shows in the log, the receipts or what came of it") {
  const auto broken = [](const char* bug, std::deque<Fate> fates, auto arrange) {
    EffectWorld world;
    INFO(bug);
    world.fates = std::move(fates);
    fault::plant(bug);
    arrange(world);
    CHECK(fault::asked() > 0);
    const bool good = world.result && world.result->has_value() && world.effects == 1;
    return !good || !world.violations().empty();
  };
  const auto go = [](EffectWorld& world) { world.perform(); };
  const auto aba = [](EffectWorld& world) {
    world.works_for = 1ms;
    world.on_read = [&world] {
      if (world.status == "failed-over") world.set("protected");
    };
    world.perform();
  };
  const auto again = [](EffectWorld& world) {
    world.works_for = 1ms;
    world.perform();
    world.set("protected");
    world.resume();
  };
  const auto unwritten = [](EffectWorld& world) {
    world.mortal->dies_at = 2;
    world.perform();
  };
  CHECK(broken("effect.no_intent_before_send", {}, unwritten));
  CHECK(broken("effect.resend_on_unknown", {Fate::kLost}, go));
  CHECK(broken("effect.ignore_fence", {Fate::kLost}, go));
  CHECK(broken("effect.one_read", {Fate::kLost}, go));
  CHECK(broken("effect.status_proves_nothing_happened", {Fate::kAnswerLost}, aba));
  CHECK(broken("effect.ignore_station", {Fate::kAnswerLost}, aba));
  CHECK(broken("effect.treat_5xx_as_refused", {Fate::kTrouble}, go));
  CHECK(broken("effect.adopt_nothing", {Fate::kLost}, go));
  CHECK(broken("effect.done_without_evidence", {}, go));
  CHECK(broken("effect.no_lock", {}, go));
  CHECK(broken("effect.ignore_accepted_on_resume", {}, again));
  CHECK(broken("effect.timeout_as_not_sent", {Fate::kAnswerLost}, aba));
}
