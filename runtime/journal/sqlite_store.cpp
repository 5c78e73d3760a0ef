#include "journal/sqlite_store.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/text.h"
#include "journal/place.h"
#include "journal/schema.h"

namespace neap::journal {
namespace {

// Of this machine: only for how long texts without a run are kept.
UtcTime wall_clock() {
  return std::chrono::floor<UtcTime::duration>(std::chrono::system_clock::now());
}

bool is_there(const std::string& path) {
  struct stat state {};
  return ::stat(path.c_str(), &state) == 0 && state.st_size > 0;
}

}  // namespace

SqliteStore::SqliteStore(std::string directory, SqliteOptions options)
    : directory_(std::move(directory)),
      options_(std::move(options)),
      write_lock_(directory_ + "/journal.lock") {}

// The last connection to close writes the log into the file and removes it, which is a checkpoint
// like any other: only under the write lock, and not by one that a disk has failed.
SqliteStore::~SqliteStore() {
  if (!db_) return;
  const bool may_write = !options_.read_only && !broken_ && write_lock_.try_lock();
  if (!may_write) db_->close_without_checkpoint();
  db_.reset();
  if (may_write) write_lock_.unlock();
}

Result<void> SqliteStore::open() {
  if (Result<void> good = prepare_directory(directory_, options_.read_only); !good) return good;
  try {
    if (!options_.read_only) {
      if (Result<void> opened = write_lock_.open(); !opened) return opened;
      if (Result<void> made = prepare_file(file()); !made) return made;
    }
    connect();
    if (!options_.read_only && !db_->can_write()) {
      return fail(ErrorKind::kConfig,
                  fmt::format("{}: the journal cannot be written", printable(file())),
                  "see to it that this user may write it");
    }
    if (needs_migration(*db_, file())) make_tables();
    return {};
  } catch (const sqlite::Refusal& refusal) {
    return tl::unexpected(give_up_if_broken(refusal.error));
  }
}

void SqliteStore::connect() {
  sqlite::OpenOptions options;
  options.vfs = options_.vfs;
  options.patience_ms = static_cast<int>(
      std::chrono::duration_cast<std::chrono::milliseconds>(options_.patience).count());
  options.read_only = options_.read_only;
  // Where nothing can be written SQLite cannot even note that it reads, and need not when no log
  // is left that somebody could still be writing.
  options.immutable = options_.read_only && !is_there(file() + "-wal");
  db_.emplace(file(), options);
  prepare_connection(*db_);
}

void SqliteStore::make_tables() {
  if (options_.read_only) {
    throw sqlite::Refusal({ErrorKind::kConfig,
                           fmt::format("{}: the journal is of an older version, and cannot be "
                                       "brought up to date where nothing may be written",
                                       printable(file())),
                           "open it once with the right to write"});
  }
  if (Result<void> locked = take_write_lock(); !locked) throw sqlite::Refusal(locked.error());
  try {
    // Another process may have been quicker.
    if (needs_migration(*db_, file())) migrate(*db_);
  } catch (const sqlite::Refusal&) {
    roll_back();
    write_lock_.unlock();
    throw;
  }
  write_lock_.unlock();
  if (Result<void> synced = sync_directory(directory_); !synced) {
    throw sqlite::Refusal(synced.error());
  }
}

Result<void> SqliteStore::take_write_lock() {
  if (broken_) return tl::unexpected(*broken_);
  if (options_.read_only) {
    return fail(ErrorKind::kConfig,
                fmt::format("{}: the journal was opened to be read only", printable(file())),
                "see to it that this user may write the directory and what is in it");
  }
  if (write_lock_.lock(options_.patience)) return {};
  Error error{
      ErrorKind::kConflict,
      fmt::format("{}: another process has been writing for more than {}: {}", printable(file()),
                  format_duration(options_.patience), write_lock_.holder()),
      "try again, or stop that process"};
  error.code = kLockHeld;
  return tl::unexpected(std::move(error));
}

void SqliteStore::roll_back() {
  try {
    if (db_ && db_->in_transaction()) db_->execute("ROLLBACK");
  } catch (const sqlite::Refusal& refusal) {
    give_up_if_broken(refusal.error);
  }
}

// The commit stands, whatever becomes of this; but a disk that has failed is not written again.
void SqliteStore::look_after_log() {
  if (db_->logged_pages() < options_.log_pages) return;
  try {
    db_->checkpoint();
  } catch (const sqlite::Refusal& refusal) {
    give_up_if_broken(refusal.error);
  }
}

// Once a write has failed nobody knows what the disk holds, and asking it again proves nothing: a
// second fsync may report success for pages that the first one lost.
Error SqliteStore::give_up_if_broken(Error error) {
  if (error.kind == ErrorKind::kClosed && !broken_) broken_ = error;
  return error;
}

Result<Run> SqliteStore::create(const NewRun& run) {
  return write([&]() -> Result<Run> {
    std::string id = run.id.empty() ? fresh_id() : run.id;
    if (number_of(id)) {
      return fail(ErrorKind::kConflict, fmt::format("there is a run {} already", id), "try again");
    }
    Result<RunRow> row = begin(chain_, run, std::move(id));
    if (!row) return tl::unexpected(std::move(row.error()));
    const Run& made = row->run;
    db_->run(
        "INSERT INTO run(id, name, status, epoch, created, changed, owner, waiting, error, "
        "position, hash, seal, facts) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        std::string_view(made.id), std::string_view(made.name), to_text(made.status), made.epoch,
        to_milliseconds(made.created), to_milliseconds(made.changed), std::string_view(made.owner),
        std::string_view(made.waiting), std::string_view(made.error), made.position,
        std::string_view(made.hash), std::string_view(chain_.seal(*row)),
        std::string_view(row->facts));
    return chain_.read(*row);
  });
}

Result<Run> SqliteStore::find(std::string_view id) {
  return read([&]() -> Result<Run> {
    // Ids are ASCII: no text that begins with one sorts behind it and this.
    const std::string end = std::string(id) + '\x7F';
    sqlite::Statement rows = db_->query(
        "SELECT id, name, status, epoch, created, changed, owner, waiting, error, position, hash, "
        "seal, facts, number FROM run WHERE id >= ? AND id < ? ORDER BY id LIMIT 2");
    rows.bind(1, id);
    rows.bind(2, std::string_view(end));
    if (id.empty() || !rows.step()) return tl::unexpected(no_such_run(id));
    const RunRow found = run_of(rows);
    if (!found.run.id.starts_with(id)) {
      return tl::unexpected(damaged("the index of runs leads to another"));
    }
    if (found.run.id != id && rows.step()) {
      return tl::unexpected(ambiguous_run(id, found.run.id, rows.text(0)));
    }
    return chain_.read(found);
  });
}

Result<std::vector<Run>> SqliteStore::runs(std::optional<Status> status, std::size_t limit) {
  return read([&]() -> Result<std::vector<Run>> {
    sqlite::Statement rows = db_->query(
        "SELECT id, name, status, epoch, created, changed, owner, waiting, error, position, hash, "
        "seal, facts, number FROM run WHERE ?1 = '' OR status = ?1 ORDER BY number DESC LIMIT ?2");
    rows.bind(1, status ? to_text(*status) : std::string_view());
    rows.bind(2, static_cast<std::int64_t>(std::min<std::size_t>(limit, INT32_MAX)));
    std::vector<Run> runs;
    while (rows.step()) {
      Result<Run> run = chain_.read(run_of(rows));
      if (!run) return tl::unexpected(std::move(run.error()));
      runs.push_back(*std::move(run));
    }
    return runs;
  });
}

Result<std::vector<Logged>> SqliteStore::log(std::string_view run, std::int64_t after) {
  return read([&] { return read_log(run, after); });
}

Result<Committed> SqliteStore::commit(const Batch& batch) {
  return write([&] { return apply(*this, chain_, batch); });
}

Result<std::string> SqliteStore::keep_text(std::string_view text) {
  std::string digest = sha256_hex(text);
  const auto kept = read([&]() -> Result<std::int64_t> {
    sqlite::Statement row = db_->query("SELECT kept FROM text WHERE digest = ?");
    row.bind(1, std::string_view(digest));
    return row.step() ? row.integer(0) : 0;
  });
  if (!kept) return tl::unexpected(kept.error());
  if (from_milliseconds(*kept) > wall_clock() - kTextGrace / 2) return digest;
  return write([&]() -> Result<std::string> {
    db_->run(
        "INSERT INTO text(digest, kept, content) VALUES(?, ?, ?) "
        "ON CONFLICT(digest) DO UPDATE SET kept = excluded.kept",
        std::string_view(digest), to_milliseconds(wall_clock()), sqlite::Blob{text});
    return digest;
  });
}

Result<std::string> SqliteStore::text(std::string_view digest) {
  return read([&]() -> Result<std::string> {
    sqlite::Statement row = db_->query("SELECT content FROM text WHERE digest = ?");
    row.bind(1, digest);
    if (!row.step()) return tl::unexpected(no_such_text(digest));
    std::string content = row.text(0);
    if (sha256_hex(content) == digest) return content;
    return tl::unexpected(damaged(fmt::format("text {} is not what was kept", printable(digest))));
  });
}

Result<std::vector<Lock>> SqliteStore::locks() {
  return read([&]() -> Result<std::vector<Lock>> {
    std::vector<Lock> held;
    sqlite::Statement rows = db_->query(
        "SELECT resource, run, run_name, owner, since, epoch, seal FROM lock ORDER BY resource");
    while (rows.step()) {
      Lock lock = lock_of(rows);
      if (!lock.run.empty()) held.push_back(std::move(lock));
    }
    return held;
  });
}

Result<void> SqliteStore::release(std::string_view resource) {
  return write([&]() -> Result<void> {
    std::optional<Lock> held = lock(std::string(resource));
    if (!held || held->run.empty()) return tl::unexpected(no_such_lock(resource));
    put(freed(*std::move(held)));
    return {};
  });
}

std::int64_t SqliteStore::version() {
  try {
    return db_->number("PRAGMA data_version");
  } catch (const sqlite::Refusal&) {
    return 0;  // whoever then reads learns why
  }
}

Result<std::unique_ptr<Store>> open_sqlite(const std::string& directory, SqliteOptions options) {
  auto store = std::make_unique<SqliteStore>(directory, std::move(options));
  if (Result<void> opened = store->open(); !opened) {
    return tl::unexpected(std::move(opened.error()));
  }
  return store;
}

}  // namespace neap::journal
