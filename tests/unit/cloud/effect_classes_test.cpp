// Calls that repeat without harm, creations, and what nothing can be read about.
#include <catch2/catch.hpp>

#include "cloud/effect.h"
#include "effect_world.h"

using namespace neap;
using namespace neap::cloud;
using namespace neap::test;
using namespace std::chrono_literals;

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

TEST_CASE("a repeated deletion that is refused because the first arrived after all has happened") {
  EffectWorld world;
  SECTION("it had arrived") {
    world.fates = {Fate::kLost, Fate::kRefused};
    world.on_read = [&] {
      if (world.sends() == 2) world.exists = false;
    };
    world.perform(kDelete);
    CHECK(mentions(world.body(), "observed:delete_protection_group:g-1:done"));
  }
  SECTION("it had not: the refusal is the answer") {
    world.fates = {Fate::kLost, Fate::kRefused};
    world.perform(kDelete);
    CHECK(world.error().code == "SDRS.1002");
    CHECK(mentions(world.kinds(), "proof:I sent refused:P2"));
  }
  CHECK(world.sends() == 2);
  CHECK(world.violations().empty());
}

TEST_CASE("what repeats without harm and cannot be looked up is repeated, three times at most") {
  EffectWorld world;
  constexpr const char* kTidy = "delete_failure_job";
  json::Object job;
  job.set("failure_job_id", "f-1");
  world.transport.otherwise = nullptr;
  const auto no_content = [&] { world.transport.then(answered(204, "")); };
  SECTION("the second arrives") {
    world.transport.then(lost("connection reset"));
    no_content();
    world.perform(kTidy, job);
    CHECK(world.body().empty());
    CHECK(world.kinds() == "intent sent unknown proof:I sent accepted done");
  }
  SECTION("the second is refused because the first arrived") {
    world.transport.then(lost("connection reset"));
    world.transport.then(answered(404, R"({"error":{"code":"SDRS.0201","message":"none"}})"));
    world.perform(kTidy, job);
    CHECK(world.body().empty());
    CHECK(world.last(journal::Kind::kAccepted).body.flag("adopted"));
  }
  SECTION("the second is refused for another reason") {
    world.transport.then(lost("connection reset"));
    world.transport.then(answered(403, R"({"error_code":"APIGW.0302","error_msg":"no right"})"));
    world.perform(kTidy, job);
    CHECK(world.error().kind == ErrorKind::kPermission);
  }
  SECTION("none does") {
    for (int i = 0; i < 3; ++i) world.transport.then(lost("connection reset"));
    world.perform(kTidy, job);
    CHECK(world.error().kind == ErrorKind::kInDoubt);
    CHECK(mentions(world.kinds(), "operator"));
  }
  CHECK(world.reads == 0);
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
