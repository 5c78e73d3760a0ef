// Journals that an older neap wrote are brought up to date with all that they hold.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include "journal/schema.h"
#include "journal/sqlite.h"
#include "journal/store.h"
#include "support/inbox_samples.h"
#include "support/power_cuts.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

// As neap 0.1 made it: never to be changed.
constexpr const char* kVersion1 = R"sql(
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
CREATE TABLE run(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  owner TEXT NOT NULL,
  waiting TEXT NOT NULL,
  error TEXT NOT NULL,
  position INTEGER NOT NULL,
  hash TEXT NOT NULL,
  seal TEXT NOT NULL,
  facts TEXT NOT NULL
) STRICT;
CREATE TABLE entry(
  run INTEGER NOT NULL,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  task TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  place TEXT NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY(run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE lock(
  resource TEXT PRIMARY KEY,
  run TEXT NOT NULL,
  run_name TEXT NOT NULL,
  owner TEXT NOT NULL,
  since INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seal TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE text(
  digest TEXT PRIMARY KEY,
  kept INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
PRAGMA application_id = 0x6E656170;
PRAGMA user_version = 1;
)sql";

std::string all_of(Store& store) {
  std::string text;
  const std::vector<Run> runs = store.runs().value();
  for (const Run& run : runs) {
    text +=
        run.id + ' ' + run.name + ' ' + run.hash + ' ' + std::string(to_text(run.status)) + '\n';
    text += told(store.log(run.id).value());
  }
  const std::vector<Lock> locks = store.locks().value();
  for (const Lock& lock : locks) text += lock.resource + ' ' + lock.run + '\n';
  return text;
}

// Fills DIRECTORY/journal.db, of version 1, with what a journal of today holds but for its inbox.
// What it says.
std::string write_version_1(const std::string& directory) {
  const TemporaryDirectory today(quick_place());
  std::string text;
  {
    const auto store = open_sqlite(today.path()).value();
    for (const char* name : {"failover", "drill"}) {
      const std::string run = store->create(new_run(name)).value().id;
      Batch batch = batch_of(run, {record(1, std::string(9000, 'x')), record(2, 2)});
      batch.lock = {std::string("server_group ") + name};
      batch.change = Change{Status::kWaiting, "go on?", ""};
      REQUIRE(store->commit(batch));
    }
    REQUIRE(store->keep_text("return {}"));
    text = all_of(*store);
  }
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/journal.db").close();
  sqlite::Database db(directory + "/journal.db", {});
  db.execute(kVersion1);
  db.execute(fmt::format("ATTACH '{}' AS today", today / "journal.db").c_str());
  for (const char* table : {"run", "entry", "lock", "text"}) {
    db.execute(fmt::format("INSERT INTO {0} SELECT * FROM today.{0}", table).c_str());
  }
  return text;
}

TEST_CASE("a journal from before there was an inbox gets one, and keeps all it had", "[place]") {
  const TemporaryDirectory directory(quick_place());
  const std::string before = write_version_1(directory / "state");
  for (int time = 0; time < 2; ++time) {
    const auto store = open_sqlite(directory / "state").value();
    CHECK(all_of(*store) == before);
    CHECK(store->check().value().empty());
    const Filing expected = time == 0 ? Filing::kNew : Filing::kKnownMessage;
    CHECK(file(store->inbox(), {arrival("m1", "key-1")}).front().filing == expected);
  }
  sqlite::Database db(directory / "state/journal.db", {});
  CHECK(db.number("PRAGMA user_version") == newest_version());
}

TEST_CASE("a journal of an older version is not read where nothing may be written", "[place]") {
  const TemporaryDirectory directory(quick_place());
  write_version_1(directory / "state");
  const Error error = open_sqlite(directory / "state", {.read_only = true}).error();
  CHECK(error.kind == ErrorKind::kConfig);
  CHECK(error.message.find("older version") != std::string::npos);
  CHECK(open_sqlite(directory / "state"));
  CHECK(open_sqlite(directory / "state", {.read_only = true}));
}

TEST_CASE("whatever write a migration fails at, the journal is of one version or the other",
          "[place][disk]") {
  int failures = 0;
  for (std::uint64_t number = 1;; ++number) {
    CAPTURE(number);
    const TemporaryDirectory directory(quick_place());
    const std::string before = write_version_1(directory / "state");
    WatchedDisk disk;
    disk.fail_at(number, SQLITE_FULL);
    const bool opened = open_sqlite(directory / "state", {.vfs = disk.name()}).has_value();
    CHECK((opened || disk.failed()));
    const auto store = open_sqlite(directory / "state").value();
    CHECK(all_of(*store) == before);
    CHECK(store->check().value().empty());
    CHECK(file(store->inbox(), {arrival("m1", "key-1")}).front().filing == Filing::kNew);
    if (!disk.failed()) break;
    ++failures;
  }
  fmt::print("failed writes of a migration: {}\n", failures);
  CHECK(failures >= 10);
}

}  // namespace
