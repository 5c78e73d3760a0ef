// What a durable run says for people, kept in its log.
#include "runs/minutes.h"

#include <catch2/catch.hpp>

#include "support/journal_samples.h"

namespace {

using namespace neap;
using namespace neap::test;
using journal::Kind;
using journal::Logged;

struct World {
  World() { id = store->create(new_run("failover")).value().id; }

  journal::RunLog log() {
    journal::Batch take = batch_of(id, {entry(Kind::kStarted, 0)}, clock.utc());
    take.take = true;
    take.owner = "ben@dr-2 (pid 2)";
    REQUIRE(store->commit(take).has_value());
    return {*store, clock, store->find(id).value(), store->log(id).value()};
  }

  // The noted entries, a line each.
  std::vector<std::string> noted() {
    std::vector<std::string> lines;
    const std::vector<Logged> log = store->log(id).value();
    for (const Logged& one : log) {
      if (one.kind != Kind::kNoted) continue;
      lines.push_back(one.name + " " + json::write(json::Value(one.body)));
    }
    return lines;
  }

  std::unique_ptr<journal::Store> store = journal::make_memory_store();
  VirtualClock clock{kBirth};
  std::string id;
};

void tell(runs::Minutes& minutes, const char* event, const json::Object& fields) {
  minutes.keep(RunEvent{event, fields});
}

json::Object step_fields() {
  json::Object fields;
  fields.set("index", 1.0);  // as it comes from Lua
  fields.set("name", "fail over");
  fields.set("expect", 180.0);
  return fields;
}

TEST_CASE("notes, headers and expectations are kept, and nothing else", "[minutes]") {
  World world;
  journal::RunLog log = world.log();
  runs::Minutes minutes;
  minutes.open(log);
  json::Object header = body("summary", "Fails over");
  header.set("rto", "15m");
  header.set("needs", json::Array{"sdrs:show_job_status"});
  minutes.keep_header(header);
  tell(minutes, "note", body("text", "three instances"));
  tell(minutes, "step_started", step_fields());
  tell(minutes, "job_progress", body("job_id", "j1"));
  tell(minutes, "effect_sent", body("operation", "x"));
  REQUIRE(log.commit().has_value());
  CHECK(world.noted() ==
        std::vector<std::string>{R"(header {"summary":"Fails over","rto":"15m"})",
                                 R"(note {"text":"three instances"})",
                                 R"(step_started {"index":1,"name":"fail over","expect":180})"});
}

TEST_CASE("a run that is not kept keeps no minutes", "[minutes]") {
  runs::Minutes minutes;
  minutes.keep_header(body("rto", "15m"));
  tell(minutes, "note", body("text", "nobody hears"));
  SUCCEED("and does not fall over it");
}

TEST_CASE("what an earlier process has kept is not kept twice", "[minutes]") {
  World world;
  {
    journal::RunLog log = world.log();
    runs::Minutes minutes;
    minutes.open(log);
    minutes.keep_header(body("rto", "15m"));
    tell(minutes, "note", body("text", "before the last answer"));
    log.add(record(1, "an answer"));
    tell(minutes, "step_started", step_fields());
    tell(minutes, "note", body("text", "twice"));
    tell(minutes, "note", body("text", "twice"));
    REQUIRE(log.commit().has_value());
  }
  // Killed, and resumed: the script tells again what came behind its last answer, and goes on.
  journal::RunLog log = world.log();
  runs::Minutes minutes;
  minutes.open(log);
  minutes.keep_header(body("rto", "15m"));
  tell(minutes, "step_started", step_fields());
  tell(minutes, "note", body("text", "twice"));
  tell(minutes, "note", body("text", "twice"));
  tell(minutes, "note", body("text", "twice"));  // a third time, which is new
  REQUIRE(log.commit().has_value());
  CHECK(world.noted().size() == 6);
  CHECK(world.noted().back() == R"(note {"text":"twice"})");
}

TEST_CASE("what a rewind took back is told anew", "[minutes]") {
  World world;
  {
    journal::RunLog log = world.log();
    runs::Minutes minutes;
    minutes.open(log);
    log.add(record(1, "an answer"));
    tell(minutes, "note", body("text", "done over"));
    log.add(entry(Kind::kRewound, 0, body("to", 2)));
    REQUIRE(log.commit().has_value());
  }
  journal::RunLog log = world.log();
  runs::Minutes minutes;
  minutes.open(log);
  tell(minutes, "note", body("text", "done over"));
  REQUIRE(log.commit().has_value());
  CHECK(world.noted().size() == 2);
}

TEST_CASE("a text that is too long is cut between characters", "[minutes]") {
  World world;
  journal::RunLog log = world.log();
  runs::Minutes minutes;
  minutes.open(log);
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "ä";
  tell(minutes, "note", body("text", text));
  REQUIRE(log.commit().has_value());
  const std::string kept = log.all().back().body.text("text");
  CHECK(kept.size() == 4096);
  CHECK(json::is_utf8(kept));
}

}  // namespace
