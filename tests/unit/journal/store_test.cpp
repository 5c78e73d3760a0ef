// What every store promises; each test runs on the one in memory and on the one in a file.
#include "journal/store.h"

#include <catch2/catch.hpp>

#include "base/digest.h"
#include "support/journal_samples.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

struct InMemory {
  std::unique_ptr<Store> store = make_memory_store();
};

struct InFile {
  TemporaryDirectory directory;
  std::unique_ptr<Store> store = open_sqlite(directory / "state").value();
};

std::string id_of_new(Store& store, std::string name = "failover") {
  return store.create(new_run(std::move(name))).value().id;
}

Committed add(Store& store, const std::string& run, std::vector<Entry> entries) {
  return store.commit(batch_of(run, std::move(entries))).value();
}

Change ended() {
  return {Status::kDone, "", ""};
}

TEMPLATE_TEST_CASE("a new run is found again by its id and by how that begins", "[store]", InMemory,
                   InFile) {
  TestType place;
  Store& store = *place.store;
  const Run made = store.create(new_run("failover")).value();
  CHECK(made.id.size() == 10);
  CHECK(made.id.find_first_not_of("23456789abcdefghjkmnpqrstuvwxyz") == std::string::npos);
  CHECK(made.epoch == 1);
  CHECK(made.position == 0);
  CHECK(made.status == Status::kRunning);
  for (const std::string& id : {made.id, made.id.substr(0, 6)}) {
    const Run found = store.find(id).value();
    CHECK(found.id == made.id);
    CHECK(found.name == "failover");
    CHECK(found.owner == "anna@dr-1 (pid 4711)");
    CHECK(found.created == kBirth);
    CHECK(found.hash == made.hash);
    CHECK(found.facts == made.facts);
  }
  CHECK(store.log(made.id).value().empty());
}

TEMPLATE_TEST_CASE("an id that names no run, or several, is refused", "[store]", InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  REQUIRE(store.create(new_run("one", "aaaaaaaaa2")));
  REQUIRE(store.create(new_run("two", "aaaaaaaaa3")));
  CHECK(store.create(new_run("two", "aaaaaaaaa3")).error().kind == ErrorKind::kConflict);
  for (const char* id : {"", "b", "aaaaaaaaa4", "aaaaaaaaa22", "'; --"}) {
    CHECK(store.find(id).error().kind == ErrorKind::kNotFound);
  }
  const Error several = store.find("aaaa").error();
  CHECK(several.kind == ErrorKind::kUsage);
  CHECK(several.message.find("aaaaaaaaa2") != std::string::npos);
  CHECK(several.message.find("aaaaaaaaa3") != std::string::npos);
  CHECK(store.log("aaaa").error().kind == ErrorKind::kNotFound);
  CHECK(store.commit(batch_of("aaaa", {record(1, 1)})).error().kind == ErrorKind::kNotFound);
  CHECK(store.claim("aaaa").error().kind == ErrorKind::kNotFound);
  CHECK(store.remove("aaaa").error().kind == ErrorKind::kNotFound);
}

TEMPLATE_TEST_CASE("entries come back as they were written, with positions and a chain", "[store]",
                   InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string run = id_of_new(store);
  json::Object odd;
  odd.set("text", std::string("quote \" nul \0 umlaut \xC3\xA4", 23));
  odd.set("list", json::Array{json::Null{}, true, -1, 0.25, 9'007'199'254'740'993, "x"});
  odd.set("", json::Object{});
  Entry second = entry(Kind::kIntent, 2, odd);
  second.step = {"0.2.1", 7, 3};
  const Committed first = add(store, run, {record(1, "one"), second});
  CHECK(first.position == 2);
  const Committed third = add(store, run, {record(3, 3)});
  CHECK(third.position == 3);

  const std::vector<Logged> log = store.log(run).value();
  REQUIRE(log.size() == 3);
  for (std::size_t i = 0; i < log.size(); ++i) {
    CHECK(log[i].position == static_cast<std::int64_t>(i) + 1);
    CHECK(log[i].hash.size() == 64);
  }
  CHECK(log[1].kind == Kind::kIntent);
  CHECK(log[1].step == second.step);
  CHECK(log[1].name == second.name);
  CHECK(log[1].digest == second.digest);
  CHECK(log[1].where == second.where);
  CHECK(log[1].body == odd);
  CHECK(store.find(run).value().hash == log[2].hash);
  CHECK(store.find(run).value().position == 3);
  std::vector<Logged> written = first.written;
  written.insert(written.end(), third.written.begin(), third.written.end());
  CHECK(told(written) == told(log));

  const std::vector<Logged> tail = store.log(run, 2).value();
  REQUIRE(tail.size() == 1);
  CHECK(told(tail) == told({log[2]}));
  CHECK(store.log(run, 3).value().empty());
  CHECK(store.log(run, 99).value().empty());
}

TEMPLATE_TEST_CASE("time within a run never goes back", "[store]", InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string run = id_of_new(store);
  for (const int seconds : {10, 5, -100, 20}) {
    REQUIRE(store.commit(batch_of(run, {record(1, seconds)}, after_birth(seconds))));
  }
  const std::vector<Logged> log = store.log(run).value();
  CHECK(log[0].at == after_birth(10));
  CHECK(log[1].at == after_birth(10));
  CHECK(log[2].at == after_birth(10));
  CHECK(log[3].at == after_birth(20));
  CHECK(store.find(run).value().changed == after_birth(20));
}

TEMPLATE_TEST_CASE("what cannot be read back is not written", "[store]", InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string run = id_of_new(store);
  json::Value deep = 1;
  for (int i = 0; i < 600; ++i) deep = json::Array{std::move(deep)};
  for (const json::Value& value : {deep, json::Value(std::numeric_limits<double>::infinity())}) {
    const auto committed = store.commit(batch_of(run, {record(1, 1), record(2, value)}));
    CHECK(committed.error().kind == ErrorKind::kArgument);
  }
  CHECK(store.log(run).value().empty());
  json::Value fine = 1;
  for (int i = 0; i < 480; ++i) fine = json::Array{std::move(fine)};
  add(store, run, {record(1, fine)});
  CHECK(store.log(run).value().front().body == record(1, fine).body);
}

TEMPLATE_TEST_CASE("taking a run ends the epoch of whoever had it", "[store]", InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string run = id_of_new(store);
  Batch mine = batch_of(run, {record(1, 1)});
  mine.epoch = 1;
  REQUIRE(store.commit(mine));
  Batch take = batch_of(run, {entry(Kind::kStarted, 0)});
  take.take = true;
  take.owner = "ben@dr-2 (pid 12)";
  CHECK(store.commit(take).value().epoch == 2);
  const Error late = store.commit(mine).error();
  CHECK(late.kind == ErrorKind::kConflict);
  CHECK(late.code == kTakenOver);
  CHECK(late.message.find("ben@dr-2 (pid 12)") != std::string::npos);
  CHECK(store.log(run).value().size() == 2);
  CHECK(store.find(run).value().owner == "ben@dr-2 (pid 12)");
  mine.epoch.reset();  // an operator's own
  CHECK(store.commit(mine).value().epoch == 2);
}

TEMPLATE_TEST_CASE("an entry whose sense depends on what was read is not written too late",
                   "[store]", InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string run = id_of_new(store);
  Batch answer = batch_of(run, {record(1, 1)});
  answer.expected = 0;
  REQUIRE(store.commit(answer));
  CHECK(store.commit(answer).error().kind == ErrorKind::kConflict);
  CHECK(store.commit(answer).error().code.empty());
  answer.expected = 1;
  CHECK(store.commit(answer).value().position == 2);
}

TEMPLATE_TEST_CASE("runs are listed newest first, by status, and no more than asked for", "[store]",
                   InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(id_of_new(store, "run" + std::to_string(i)));
  for (const int i : {1, 3}) {
    Batch park = batch_of(ids[static_cast<std::size_t>(i)], {});
    park.change = Change{Status::kWaiting, "go on?", ""};
    REQUIRE(store.commit(park));
  }
  const auto names = [](const std::vector<Run>& runs) {
    std::string text;
    for (const Run& run : runs) text += run.name + ' ';
    return text;
  };
  CHECK(names(store.runs().value()) == "run4 run3 run2 run1 run0 ");
  CHECK(names(store.runs({}, 2).value()) == "run4 run3 ");
  CHECK(names(store.runs(Status::kWaiting).value()) == "run3 run1 ");
  CHECK(names(store.runs(Status::kWaiting, 1).value()) == "run3 ");
  CHECK(store.runs(Status::kWaiting).value().front().waiting == "go on?");
  CHECK(store.runs(Status::kFailed).value().empty());
}

TEMPLATE_TEST_CASE("a lock belongs to one run, and nothing is written for another", "[store]",
                   InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string first = id_of_new(store, "failover");
  const std::string second = id_of_new(store, "drill");
  Batch take = batch_of(first, {record(1, 1)}, after_birth(3));
  take.lock = {"server_group a", "server_group b", "server_group a"};
  const Committed taken = store.commit(take).value();
  REQUIRE(taken.locks.size() == 2);
  CHECK(taken.locks[0].epoch == 1);
  CHECK(taken.locks[0].since == after_birth(3));
  REQUIRE(taken.written.size() == 3);
  CHECK(taken.written[0].kind == Kind::kLocked);
  CHECK(taken.written[0].body.text("resource") == "server_group a");
  CHECK(taken.written[2].kind == Kind::kRecord);

  Batch rival = batch_of(second, {record(1, 1)});
  rival.lock = {"server_group c", "server_group b"};
  rival.change = ended();
  const Error held = store.commit(rival).error();
  CHECK(held.kind == ErrorKind::kConflict);
  CHECK(held.code == kLockHeld);
  for (const std::string& part :
       {std::string("server_group b"), first, std::string("failover"),
        std::string("anna@dr-1 (pid 4711)"), format_iso(after_birth(3))}) {
    CHECK(held.message.find(part) != std::string::npos);
  }
  CHECK(store.log(second).value().empty());
  CHECK(store.find(second).value().status == Status::kRunning);
  CHECK(store.locks().value().size() == 2);

  // Its own are taken already: nothing new is written of them.
  take.entries.clear();
  CHECK(store.commit(take).value().locks[1].epoch == 1);
  CHECK(store.log(first).value().size() == 3);

  Batch end = batch_of(first, {});
  end.release = true;
  REQUIRE(store.commit(end));
  CHECK(store.locks().value().empty());
  CHECK(store.commit(rival).value().locks[1].epoch == 2);
  CHECK(store.locks().value().size() == 2);
  CHECK(store.locks().value()[0].run_name == "drill");
}

TEMPLATE_TEST_CASE("nothing is sent under a lock that was taken away", "[store]", InMemory,
                   InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string first = id_of_new(store, "failover");
  const std::string second = id_of_new(store, "drill");
  Batch take = batch_of(first, {});
  take.lock = {"server_group a"};
  Batch send = batch_of(first, {entry(Kind::kSent, 1)});
  send.held = store.commit(take).value().locks;
  REQUIRE(store.commit(send));

  CHECK(store.release("server_group b").error().kind == ErrorKind::kNotFound);
  REQUIRE(store.release("server_group a"));
  CHECK(store.release("server_group a").error().kind == ErrorKind::kNotFound);
  const Error lost = store.commit(send).error();
  CHECK(lost.kind == ErrorKind::kConflict);
  CHECK(lost.code.empty());

  Batch rival = batch_of(second, {});
  rival.lock = {"server_group a"};
  REQUIRE(store.commit(rival));
  CHECK(store.commit(send).error().code == kLockHeld);
  rival.lock.clear();
  rival.release = true;
  REQUIRE(store.commit(rival));
  // Its own again, but not as it was: somebody else had it in between.
  REQUIRE(store.commit(take));
  CHECK(store.commit(send).error().kind == ErrorKind::kConflict);
  CHECK(store.log(first).value().size() == 3);
}

TEMPLATE_TEST_CASE("a text is kept once, under its digest", "[store]", InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string text("local a = 1\n\0\xFF", 14);
  const std::string digest = store.keep_text(text).value();
  CHECK(digest == sha256_hex(text));
  CHECK(store.keep_text(text).value() == digest);
  CHECK(store.text(digest).value() == text);
  CHECK(store.text(store.keep_text("").value()).value().empty());
  CHECK(store.text("beef").error().kind == ErrorKind::kNotFound);
}

TEMPLATE_TEST_CASE("a run is claimed by one at a time", "[store]", InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string run = id_of_new(store);
  Owner claim = store.claim(run).value();
  const Error held = store.claim(run).error();
  CHECK(held.kind == ErrorKind::kConflict);
  CHECK(held.code == kLockHeld);
  CHECK(store.claim(id_of_new(store)));
  claim.reset();
  CHECK(store.claim(run));
  CHECK(store.claim(run));
}

TEMPLATE_TEST_CASE("only runs that have ended, and that nobody runs, are removed", "[store]",
                   InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string run = id_of_new(store);
  Batch work = batch_of(run, {record(1, 1)});
  work.lock = {"server_group a"};
  REQUIRE(store.commit(work));
  CHECK(store.remove(run).error().kind == ErrorKind::kConflict);
  Batch end = batch_of(run, {});
  end.change = ended();
  REQUIRE(store.commit(end));
  Owner claim = store.claim(run).value();
  CHECK(store.remove(run).error().code == kLockHeld);
  claim.reset();
  REQUIRE(store.remove(run));
  CHECK(store.find(run).error().kind == ErrorKind::kNotFound);
  CHECK(store.log(run).error().kind == ErrorKind::kNotFound);
  CHECK(store.locks().value().empty());
  CHECK(store.check().value().empty());
}

TEMPLATE_TEST_CASE("compaction removes what ended long ago and leaves the rest", "[store]",
                   InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const auto run_that_ended = [&](int seconds, std::optional<Change> change) {
    const std::string run = id_of_new(store);
    Batch end = batch_of(run, {record(1, std::string(5000, 'x'))}, after_birth(seconds));
    end.change = std::move(change);
    REQUIRE(store.commit(end));
    return run;
  };
  const std::string old = run_that_ended(10, ended());
  const std::string open = run_that_ended(10, Change{Status::kWaiting, "?", ""});
  const std::string fresh = run_that_ended(20, ended());
  CHECK(store.compact(after_birth(20)).value() == 1);
  CHECK_FALSE(store.find(old));
  CHECK(store.log(open).value().size() == 1);
  CHECK(store.log(fresh).value().size() == 1);
  CHECK(store.compact(after_birth(20)).value() == 0);
  CHECK(store.check().value().empty());
}

}  // namespace
