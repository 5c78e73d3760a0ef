// Every transition of a changing call.
#include "cloud/effect.h"

#include <catch2/catch.hpp>

#include "effect_world.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;
using namespace std::chrono_literals;

TEST_CASE("a call is intended, sent and accepted, and its snapshot, locks and times are written") {
  EffectWorld world;
  world.perform();
  CHECK(world.body() == R"({"job_id":"job-1"})");
  CHECK(world.kinds() == "intent sent accepted");
  CHECK(world.effects == 1);
  CHECK(world.told_sent == 1);
  CHECK(world.violations().empty());
  const json::Object intent = world.last(journal::Kind::kIntent).body;
  CHECK(intent.text("class") == "G");
  CHECK(intent.object("snapshot")->text("status") == "protected");
  CHECK(intent.object("snapshot")->text("priority_station") == "source");
  CHECK(intent.list("locks").size() == 1);
  const json::Object sent = world.last(journal::Kind::kSent).body;
  CHECK(sent.text("sign_time") == "2026-01-01T00:00:00.005Z");
  CHECK(sent.text("valid_until") == "2026-01-01T00:16:00.005Z");
  CHECK(sent.text("send_deadline") == "2026-01-01T00:01:00.005Z");
  CHECK(sent.number("epoch") == 2);
  CHECK(sent.text("request").size() == 64);
  CHECK(world.last(journal::Kind::kAccepted).body.text("job_id") == "job-1");
}

TEST_CASE("intent and sent are one write, before anything leaves") {
  EffectWorld world;
  world.mortal->dies_at = 2;  // the first takes the lock
  world.perform();
  CHECK(world.kinds().empty());
  CHECK(world.sends() == 0);
  CHECK(world.error().kind == ErrorKind::kClosed);
}

TEST_CASE("a refusal is the call's answer, now and when the run is resumed") {
  EffectWorld world;
  world.fates = {Fate::kRefused};
  world.perform();
  CHECK(world.error().code == "SDRS.1002");
  CHECK(world.kinds() == "intent sent refused:P2");
  const Error first = world.error();
  world.resume();
  CHECK(describe(world.error()) == describe(first));
  CHECK(world.error().http_status == 400);
  CHECK(world.sends() == 1);
}

TEST_CASE("what was accepted is answered again from the log, without sending or reading") {
  EffectWorld world;
  world.perform();
  const int reads = world.reads;
  world.resume();
  CHECK(world.body() == R"({"job_id":"job-1"})");
  CHECK(world.sends() == 1);
  CHECK(world.reads == reads);
}

TEST_CASE("what never left is tried again, four times in all, and then is a network error") {
  EffectWorld world;
  SECTION("and succeeds") {
    world.fates = {Fate::kNotSent, Fate::kNotSent};
    world.perform();
    CHECK(world.body() == R"({"job_id":"job-1"})");
    CHECK(world.kinds() == "intent sent refused:P1 sent refused:P1 sent accepted");
    CHECK(world.last(journal::Kind::kSent).body.text("license") == "P1");
  }
  SECTION("and fails") {
    world.fates = {Fate::kNotSent, Fate::kNotSent, Fate::kNotSent, Fate::kNotSent};
    world.perform();
    CHECK(world.error().kind == ErrorKind::kNetwork);
    CHECK(world.sends() == 4);
  }
  CHECK(world.violations().empty());
}

TEST_CASE("a call that is throttled goes out again when there is room, for five minutes") {
  EffectWorld world;
  SECTION("and succeeds") {
    world.fates = {Fate::kThrottled, Fate::kThrottled};
    world.perform();
    CHECK(world.body() == R"({"job_id":"job-1"})");
    CHECK(world.kinds() == "intent sent refused:P2 sent refused:P2 sent accepted");
    CHECK(world.last(journal::Kind::kSent).body.text("license") == "P2");
  }
  SECTION("and goes on when the run is resumed") {
    world.fates = {Fate::kThrottled};
    world.mortal->dies_at = 3;  // after the locks and what was sent
    world.mortal->after = true;
    world.perform();
    CHECK(world.sends() == 1);
    world.resume();
    CHECK(world.body() == R"({"job_id":"job-1"})");
    CHECK(world.sends() == 2);
  }
  SECTION("and fails") {
    for (int i = 0; i < 100; ++i) world.fates.push_back(Fate::kThrottled);
    world.perform();
    CHECK(world.error().kind == ErrorKind::kThrottled);
    CHECK(world.sends() < 12);
    world.resume();
    CHECK(world.error().kind == ErrorKind::kThrottled);
  }
  CHECK(world.violations().empty());
}

TEST_CASE("a failover whose answer is lost is found in the cloud and taken for its own") {
  EffectWorld world;
  for (const Fate fate : {Fate::kAnswerLost, Fate::kGarbled}) {
    world.fates = {fate};
    world.perform();
    break;
  }
  CHECK(world.body() ==
        R"({"job_id":"observed:start_failover_protection_group:g-1:protected,source"})");
  CHECK(world.kinds() == "intent sent unknown observed accepted");
  CHECK(world.last(journal::Kind::kAccepted).body.flag("adopted"));
  CHECK(world.effects == 1);
  CHECK(world.violations().empty());
  world.resume();
  CHECK(mentions(world.body(), "observed:"));
  CHECK(world.sends() == 1);
}

TEST_CASE("a failover that never arrived is sent again once its signature has run out") {
  EffectWorld world;
  for (const Fate fate : {Fate::kLost, Fate::kTrouble}) world.fates = {fate};
  world.perform();
  CHECK(world.body() == R"({"job_id":"job-1"})");
  CHECK(world.kinds() == "intent sent unknown observed observed observed proof:P3 sent accepted");
  CHECK(world.effects == 1);
  CHECK(world.sends() == 2);
  CHECK(world.last(journal::Kind::kSent).body.text("license") == "P3");
  CHECK(world.loop.now() > 16min);
  CHECK(world.doubts.size() > 150);
  CHECK(world.doubts[1] == "group demo is protected, production is source");
  CHECK(world.violations().empty());
}

TEST_CASE(
    "a group that looks untouched, but of which a job has failed since, is left to a person") {
  EffectWorld world;
  world.fates = {Fate::kLost};
  world.failed_at = "2026-01-01T00:05:00.000Z";  // five minutes after the call
  world.perform();
  CHECK(world.sends() == 1);
  CHECK(world.kinds() == "intent sent unknown observed observed observed operator");
  CHECK(mentions(world.last(journal::Kind::kOperator).body.text("question"),
                 "a job of it has failed since"));
  CHECK(world.violations().empty());
}

TEST_CASE("a request that arrives late is waited for, not repeated") {
  EffectWorld world;
  world.fates = {Fate::kDelayed};
  world.perform();
  CHECK(mentions(world.body(), "observed:"));
  CHECK(world.effects == 1);
  CHECK(world.sends() == 1);
}

TEST_CASE("a request that never arrives goes out three times, then a person is asked") {
  EffectWorld world;
  world.fates = {Fate::kLost, Fate::kLost, Fate::kLost};
  world.perform();
  CHECK(world.error().kind == ErrorKind::kInDoubt);
  CHECK(world.sends() == 3);
  CHECK(mentions(world.kinds(), "operator"));
  CHECK(world.violations().empty());
}

TEST_CASE("protected again with production moved: it happened") {
  EffectWorld world;
  world.works_for = 1ms;
  world.fates = {Fate::kAnswerLost};
  world.on_read = [&] {
    if (world.status == "failed-over") world.set("protected");
  };
  world.perform();
  CHECK(mentions(world.body(), ":g-1:done"));
  CHECK(mentions(world.last(journal::Kind::kObserved).body.text("verdict"), "happened"));
  CHECK(world.sends() == 1);
}

TEST_CASE("somebody else at work is a question for a person, with what to type") {
  EffectWorld world;
  world.fates = {Fate::kLost};
  world.on_read = [&] {
    if (world.sends() > 0) world.status = "stopping";
  };
  world.perform();
  const Error error = world.error();
  CHECK(error.kind == ErrorKind::kInDoubt);
  CHECK(mentions(error.message, "group demo is stopping"));
  CHECK(mentions(error.message, "connection reset"));
  CHECK(mentions(error.hint, "neap resolve " + world.run_id + " 0#1 --happened or --did-not"));
  CHECK(world.kinds() == "intent sent unknown observed operator");
  world.resume();
  CHECK(describe(world.error()) == describe(error));
  CHECK(world.sends() == 1);

  SECTION("it happened") {
    world.resolve(true);
    world.resume();
    CHECK(mentions(world.body(), ":g-1:done"));
    CHECK(world.sends() == 1);
    CHECK(world.violations().empty());
  }
  SECTION("it did not") {
    world.resolve(false);
    world.on_read = nullptr;
    world.status = "protected";
    world.resume();
    CHECK(world.body() == R"({"job_id":"job-1"})");
    CHECK(mentions(world.kinds(), "operator resolved proof:P4 sent accepted"));
    CHECK(world.sends() == 2);
    CHECK(world.violations().empty());
  }
}

TEST_CASE("a person who says so while it is looked for ends the doubt") {
  EffectWorld world;
  world.fates = {Fate::kLost};
  bool said = false;
  world.on_read = [&] {
    if (world.loop.now() < 1min || std::exchange(said, true)) return;
    world.resolve(false);
  };
  world.perform();
  CHECK(world.body() == R"({"job_id":"job-1"})");
  CHECK(world.loop.now() < 3min);
  CHECK(world.sends() == 2);
}

TEST_CASE("reads that fail while it is in doubt decide nothing") {
  EffectWorld world;
  world.fates = {Fate::kAnswerLost};
  world.works_for = 1h;
  world.on_read = [&] {
    if (world.sends() == 1 && world.reads_fail == 0 && world.reads == 2) world.reads_fail = 100;
  };
  SECTION("the network is gone") {
    world.perform();
    CHECK(mentions(world.body(), "observed:"));
    CHECK(world.sends() == 1);
  }
  SECTION("a proxy says 404 with a page of its own") {
    int pages = 3;
    world.transport.otherwise =
        [&, inner = std::move(world.transport.otherwise)](const http::Request& request) mutable {
          const bool read = request.method == http::Method::kGet && world.sends() == 1;
          return read && pages-- > 0 ? answered(404, "<html>") : inner(request);
        };
    world.perform();
    CHECK(mentions(world.body(), "observed:"));
    CHECK(mentions(world.doubts[1], "it cannot be looked at now"));
  }
  CHECK(world.violations().empty());
}

TEST_CASE("looks that are refused for good leave the call in doubt, to be looked at again") {
  EffectWorld world;
  world.fates = {Fate::kAnswerLost};
  world.works_for = 1h;
  int refusals = 0;
  const auto refuse_looks = [&](int at_most, auto refusal) {
    world.transport.otherwise = [&, at_most, refusal, inner = std::move(world.transport.otherwise)](
                                    const http::Request& request) mutable {
      const bool look = request.method == http::Method::kGet && world.sends() == 1;
      if (!look || refusals >= at_most) return inner(request);
      ++refusals;
      return refusal();
    };
    world.perform();
  };
  const auto no_right = [] {
    return answered(403, R"({"error_code":"APIGW.0302","error_msg":"no right"})");
  };
  SECTION("three in a row") {
    refuse_looks(3, no_right);
    const Error error = world.error();
    CHECK(error.kind == ErrorKind::kInDoubt);
    CHECK(mentions(error.message, "it may have happened, and looking is refused"));
    CHECK(mentions(error.hint, "neap resume"));
    CHECK(world.kinds() == "intent sent unknown");
    CHECK(refusals == 3);
    world.resume();
    CHECK(mentions(world.body(), "observed:"));
    CHECK(world.sends() == 1);
  }
  SECTION("fewer are waited out") {
    refuse_looks(2, no_right);
    CHECK(mentions(world.body(), "observed:"));
  }
  SECTION("our clock is off") {
    refuse_looks(100, [&] {
      const auto theirs = std::chrono::floor<std::chrono::milliseconds>(world.clock.utc() + 20min);
      return answered(401, R"({"error_code":"APIGW.0301","error_msg":"incorrect"})",
                      {{"Date", format_http_date(theirs)}});
    });
    CHECK(world.error().kind == ErrorKind::kInDoubt);
    CHECK(mentions(world.error().hint, "set this machine's clock"));
    CHECK(refusals == 3);
  }
  CHECK(world.violations().empty());
}

TEST_CASE("with a token nothing limits the doubt: a minute of looking, then a person") {
  EffectWorld world;
  world.credentials.known[0].auth_token = Secret("an-iam-token");
  world.fates = {Fate::kLost};
  world.perform();
  CHECK(world.error().kind == ErrorKind::kInDoubt);
  CHECK(world.last(journal::Kind::kSent).body.find("valid_until") == nullptr);
  CHECK(world.loop.now() < 2min);
  CHECK(world.sends() == 1);
}

TEST_CASE("the platform's clock, not ours, ends the life of a signature") {
  EffectWorld world;
  world.tells_time = true;
  world.their_clock = -10min;
  world.fates = {Fate::kLost};
  world.perform();
  CHECK(world.effects == 1);
  CHECK(world.loop.now() > 26min);
  CHECK(world.violations().empty());
}

TEST_CASE("a process that was stopped between writing and sending sends nothing") {
  EffectWorld world;
  int stops = 1;
  const EffectParts parts = world.parts();
  world.owner = perform({world.loop, world.client,
                         [&] {
                           if (stops-- > 0) world.clock.advance_to(world.clock.now() + 5min);
                         },
                         nullptr},
                        *find_operation("sdrs", EffectWorld::kFailover), EffectWorld::the_group(),
                        world.effect_log(EffectWorld::kFailover),
                        [&](Result<http::Response> r) { world.result = std::move(r); });
  world.loop.run();
  CHECK(world.body() == R"({"job_id":"job-1"})");
  CHECK(world.kinds() == "intent sent refused:P1 sent accepted");
  CHECK(mentions(world.last(journal::Kind::kRefused).body.object("error")->text("message"),
                 "nothing was sent: the process was stopped for 5m00s"));
  CHECK(world.sends() == 1);
  CHECK(world.violations().empty());
}

TEST_CASE("what another run holds is not touched") {
  EffectWorld world;
  const auto other = world.store->create({.name = "other", .owner = "x", .at = world.clock.utc()});
  journal::Batch batch;
  batch.run = other->id;
  batch.lock = {"server_group g-1"};
  batch.at = world.clock.utc();
  REQUIRE(world.store->commit(batch));
  world.perform();
  CHECK(world.error().code == journal::kLockHeld);
  CHECK(world.reads == 0);
  CHECK(world.sends() == 0);
}

TEST_CASE("a lock that was taken away keeps the next attempt from being sent") {
  EffectWorld world;
  world.fates = {Fate::kNotSent};
  world.on_read = nullptr;
  const auto timer =
      world.loop.after(500ms, [&] { REQUIRE(world.store->release("server_group g-1")); });
  world.perform();
  CHECK(world.error().kind == ErrorKind::kConflict);
  CHECK(world.sends() == 1);
}

TEST_CASE("what cannot be looked at before is not sent") {
  EffectWorld world;
  world.reads_fail = 1000;
  world.perform();
  CHECK(world.error().kind == ErrorKind::kNetwork);
  CHECK(mentions(world.error().message, "start_failover_protection_group: nothing was sent"));
  CHECK(world.sends() == 0);
}

TEST_CASE("wrong arguments are refused before any lock is taken") {
  EffectWorld world;
  world.perform(EffectWorld::kFailover, {});
  CHECK(world.error().kind == ErrorKind::kArgument);
  CHECK(world.store->locks()->empty());
}
