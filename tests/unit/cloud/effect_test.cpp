// Every transition of a changing call, and every place where its process may die.
#include "cloud/effect.h"

#include <catch2/catch.hpp>

#include "effect_world.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;
using namespace std::chrono_literals;

namespace {

bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

json::Object named(std::string name) {
  json::Object arguments = EffectWorld::the_group();
  arguments.set("name", std::move(name));
  return arguments;
}

json::Object new_group(std::string description = "") {
  json::Object arguments;
  arguments.set("name", "demo");
  if (!description.empty()) arguments.set("description", std::move(description));
  arguments.set("source_availability_zone", "a");
  arguments.set("target_availability_zone", "b");
  arguments.set("domain_id", "d");
  arguments.set("source_vpc_id", "v");
  return arguments;
}

constexpr const char* kCreate = "create_protection_group";
constexpr const char* kRename = "update_protection_group_name";
constexpr const char* kDelete = "delete_protection_group";

}  // namespace

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
  CHECK(world.doubts[0] == "group demo is protected, production is source");
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
    CHECK(mentions(world.doubts[0], "it cannot be looked at now"));
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

TEST_CASE("a rename is done when it is answered, and repeated at once when its answer is lost") {
  EffectWorld world;
  SECTION("answered") {
    world.perform(kRename, named("new"));
    CHECK(world.kinds() == "intent sent accepted done");
  }
  SECTION("it happened") {
    world.fates = {Fate::kAnswerLost};
    world.perform(kRename, named("new"));
    CHECK(mentions(world.body(), R"("name":"new")"));
    CHECK(world.kinds() == "intent sent unknown observed accepted done");
    CHECK(world.sends() == 1);
  }
  SECTION("it did not") {
    world.fates = {Fate::kLost};
    world.perform(kRename, named("new"));
    CHECK(world.kinds() == "intent sent unknown observed proof:I sent accepted done");
    CHECK(world.loop.now() < 1s);
  }
  CHECK(world.name == "new");
  CHECK(world.violations().empty());
  world.resume(kRename, named("new"));
  CHECK(mentions(world.body(), R"("name":"new")"));
}

TEST_CASE("a deletion has happened when the thing is gone") {
  EffectWorld world;
  world.fates = {Fate::kAnswerLost};
  world.perform(kDelete);
  CHECK(mentions(world.body(), "observed:delete_protection_group:g-1:done"));
  CHECK(world.sends() == 1);
  CHECK(world.violations().empty());
}

TEST_CASE("a creation carries a mark by which it is found again") {
  EffectWorld world;
  const std::string mark = "[neap " + world.run_id + " 0#1]";
  SECTION("beside the caller's text") {
    world.perform(kCreate, new_group("for tests"));
    CHECK(world.created.at(0).second == "for tests " + mark);
  }
  SECTION("found") {
    world.created.emplace_back("old", "");
    world.fates = {Fate::kAnswerLost};
    world.perform(kCreate, new_group());
    CHECK(world.created.at(1).second == mark);
    CHECK(mentions(world.body(), "observed:create_protection_group:new-1:"));
    CHECK(world.effects == 1);
  }
  SECTION("not found until the fence: it goes out again, the same") {
    world.fates = {Fate::kLost};
    world.perform(kCreate, new_group());
    CHECK(world.created.size() == 1);
    CHECK(world.sends() == 2);
  }
  SECTION("somebody else's of the same name is not taken for it") {
    world.fates = {Fate::kLost};
    world.on_read = [&] {
      if (world.sends() == 1 && world.created.empty()) world.created.emplace_back("theirs", "");
    };
    world.perform(kCreate, new_group());
    CHECK(world.created.size() == 2);
    CHECK(world.body() == R"({"job_id":"job-1"})");
  }
  CHECK(world.violations().empty());
}

TEST_CASE("a creation without room for a mark is a person's to judge when one has appeared") {
  EffectWorld world;
  const std::string long_text(60, 'x');
  world.fates = {Fate::kAnswerLost};
  world.perform(kCreate, new_group(long_text));
  CHECK(world.created.at(0).second == long_text);
  CHECK(world.error().kind == ErrorKind::kInDoubt);
  CHECK(mentions(world.error().message, "new-0"));
  world.resolve(true);
  world.resume(kCreate, new_group(long_text));
  CHECK(mentions(world.body(), "observed:create_protection_group:new-0:"));
  CHECK(world.sends() == 1);
}

TEST_CASE("a raw call in doubt is a person's to judge at once") {
  EffectWorld world;
  world.fates = {Fate::kLost};
  world.perform_raw();
  CHECK(world.error().kind == ErrorKind::kInDoubt);
  CHECK(world.kinds() == "intent sent unknown operator");
  CHECK(world.reads == 0);
  SECTION("it happened") {
    world.resolve(true);
    world.begin_process();
    world.perform_raw();
    CHECK(world.body().empty());
    CHECK(world.sends() == 1);
  }
  SECTION("it did not") {
    world.resolve(false);
    world.begin_process();
    world.perform_raw();
    CHECK(world.result->has_value());
    CHECK(world.sends() == 2);
  }
}

TEST_CASE("a run that is not durable goes the same way, without marks, locks and questions") {
  EffectWorld world;
  world.durable = false;
  SECTION("found") {
    world.fates = {Fate::kAnswerLost};
    world.perform();
    CHECK(mentions(world.body(), "observed:"));
  }
  SECTION("sent again") {
    world.fates = {Fate::kLost};
    world.perform();
    CHECK(world.sends() == 2);
  }
  SECTION("unmarked") {
    world.perform(kCreate, new_group());
    CHECK(world.created.at(0).second.empty());
  }
  SECTION("in doubt") {
    world.fates = {Fate::kLost};
    world.on_read = [&] {
      if (world.sends() > 0) world.status = "stopping";
    };
    world.perform();
    CHECK(mentions(world.error().message, "it may have happened"));
    CHECK(mentions(world.error().hint, "look before sending it again"));
  }
  CHECK(world.store->locks()->empty());
}

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
