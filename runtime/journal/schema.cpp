#include "journal/schema.h"

#include <array>

#include <fmt/format.h>

#include "base/fault_points.h"
#include "base/text.h"

namespace neap::journal {
namespace {

constexpr std::int64_t kApplication = 0x6E656170;  // "neap"

// Each turns the version of its place into the next. Never changed once it has been released.
// No index leads to a status: a scan of 10,000 runs takes some milliseconds, and what no index
// holds no damaged index can hide.
constexpr std::array<const char*, 2> kMigrations{
    R"sql(
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
)sql",
    R"sql(
CREATE TABLE event(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  action_key TEXT NOT NULL UNIQUE,
  group_id TEXT NOT NULL,
  group_name TEXT NOT NULL,
  instance_id TEXT NOT NULL,
  instance_name TEXT NOT NULL,
  instance_ip TEXT NOT NULL,
  hook_name TEXT NOT NULL,
  hook_type TEXT NOT NULL,
  metadata TEXT NOT NULL,
  source TEXT NOT NULL,
  status TEXT NOT NULL,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  interrupts INTEGER NOT NULL,
  extends INTEGER NOT NULL,
  result TEXT NOT NULL,
  error TEXT NOT NULL,
  notified INTEGER NOT NULL,
  path TEXT NOT NULL,
  run TEXT NOT NULL,
  seal TEXT NOT NULL
) STRICT;
CREATE TABLE message(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  topic TEXT NOT NULL,
  received INTEGER NOT NULL,
  stamped INTEGER NOT NULL,
  event TEXT NOT NULL,
  seal TEXT NOT NULL
) STRICT;
CREATE TABLE wish(
  event TEXT PRIMARY KEY,
  what TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  seal TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql"};

}  // namespace

std::int64_t newest_version() {
  return static_cast<std::int64_t>(kMigrations.size());
}

void prepare_connection(sqlite::Database& db) {
  db.execute("PRAGMA cell_size_check = ON");
  db.execute(fault::bug("journal.normal_sync") ? "PRAGMA synchronous = NORMAL"
                                               : "PRAGMA synchronous = FULL");
  // Checkpoints happen where we hold the write lock and see their errors (SqliteStore::write).
  db.execute("PRAGMA wal_autocheckpoint = 0");
  db.execute("PRAGMA journal_size_limit = 16777216");
}

bool needs_migration(sqlite::Database& db, const std::string& file) {
  const std::int64_t application = db.number("PRAGMA application_id");
  const std::int64_t version = db.number("PRAGMA user_version");
  const bool empty = db.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (application != kApplication && !(empty && application == 0 && version == 0)) {
    throw sqlite::Refusal({ErrorKind::kConfig,
                           fmt::format("{}: it is not a journal of neap's", printable(file)),
                           "name another directory with --state-dir or state_dir"});
  }
  if (version > newest_version()) {
    throw sqlite::Refusal(
        {ErrorKind::kConfig,
         fmt::format("{}: the journal is of version {}, and this neap knows none above {}",
                     printable(file), version, newest_version()),
         "use the newer neap that wrote it, or name another directory with --state-dir"});
  }
  return version < newest_version();
}

void migrate(sqlite::Database& db) {
  if (db.number("PRAGMA user_version") == 0) {
    db.execute("PRAGMA auto_vacuum = INCREMENTAL");
    db.execute("PRAGMA journal_mode = WAL");
  }
  db.execute("BEGIN IMMEDIATE");
  for (auto version = db.number("PRAGMA user_version"); version < newest_version(); ++version) {
    db.execute(kMigrations.at(static_cast<std::size_t>(version)));
  }
  db.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplication,
                         newest_version())
                 .c_str());
  db.execute("COMMIT");
}

}  // namespace neap::journal
