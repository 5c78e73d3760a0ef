// How SqliteStore's rows go to the file and come back, each checked against its seal.
#include <fmt/format.h>

#include "base/text.h"
#include "journal/sqlite_store.h"

namespace neap::journal {

RunRow SqliteStore::run_of(const sqlite::Statement& row) {
  RunRow found;
  Run& run = found.run;
  run.id = row.text(0);
  run.name = row.text(1);
  const std::optional<Status> status = parse_status(row.text(2));
  run.status = status.value_or(Status::kRunning);
  run.epoch = row.integer(3);
  run.created = from_milliseconds(row.integer(4));
  run.changed = from_milliseconds(row.integer(5));
  run.owner = row.text(6);
  run.waiting = row.text(7);
  run.error = row.text(8);
  run.position = row.integer(9);
  run.hash = row.text(10);
  found.facts = row.text(12);
  found.number = row.integer(13);
  if (status && chain_.seal(found) == row.text(11)) return found;
  throw sqlite::Refusal(
      damaged(fmt::format("run {}: its row is not what was written", printable(run.id))));
}

Lock SqliteStore::lock_of(const sqlite::Statement& row) {
  Lock lock{row.text(0),   row.text(1), row.text(2), row.text(3), from_milliseconds(row.integer(4)),
            row.integer(5)};
  if (chain_.seal(lock) == row.text(6)) return lock;
  throw sqlite::Refusal(
      damaged(fmt::format("the lock on {} is not what was written", printable(lock.resource))));
}

std::optional<std::int64_t> SqliteStore::number_of(std::string_view run) {
  sqlite::Statement row = db_->query("SELECT number FROM run WHERE id = ?");
  row.bind(1, run);
  if (!row.step()) return std::nullopt;
  return row.integer(0);
}

std::optional<RunRow> SqliteStore::run(std::string_view id) {
  sqlite::Statement row = db_->query(
      "SELECT id, name, status, epoch, created, changed, owner, waiting, error, position, hash, "
      "seal, facts, number FROM run WHERE id = ?");
  row.bind(1, id);
  if (!row.step()) return std::nullopt;
  RunRow found = run_of(row);
  if (found.run.id == id) return found;
  throw sqlite::Refusal(damaged("the index of runs leads to another"));
}

std::optional<Lock> SqliteStore::lock(const std::string& resource) {
  sqlite::Statement row = db_->query(
      "SELECT resource, run, run_name, owner, since, epoch, seal FROM lock WHERE resource = ?");
  row.bind(1, std::string_view(resource));
  if (!row.step()) return std::nullopt;
  return lock_of(row);
}

std::vector<Lock> SqliteStore::locks_of(std::string_view run) {
  std::vector<Lock> locks;
  sqlite::Statement rows = db_->query(
      "SELECT resource, run, run_name, owner, since, epoch, seal FROM lock WHERE run = ?");
  rows.bind(1, run);
  while (rows.step()) locks.push_back(lock_of(rows));
  return locks;
}

void SqliteStore::put(const RunRow& row) {
  const Run& run = row.run;
  db_->run(
      "UPDATE run SET status = ?, epoch = ?, changed = ?, owner = ?, waiting = ?, error = ?, "
      "position = ?, hash = ?, seal = ? WHERE number = ?",
      to_text(run.status), run.epoch, to_milliseconds(run.changed), std::string_view(run.owner),
      std::string_view(run.waiting), std::string_view(run.error), run.position,
      std::string_view(run.hash), std::string_view(chain_.seal(row)), row.number);
}

void SqliteStore::put(const Lock& lock) {
  db_->run(
      "INSERT OR REPLACE INTO lock(resource, run, run_name, owner, since, epoch, seal) "
      "VALUES(?, ?, ?, ?, ?, ?, ?)",
      std::string_view(lock.resource), std::string_view(lock.run), std::string_view(lock.run_name),
      std::string_view(lock.owner), to_milliseconds(lock.since), lock.epoch,
      std::string_view(chain_.seal(lock)));
}

void SqliteStore::append(const RunRow& row, const EntryRow& entry) {
  db_->run(
      "INSERT INTO entry(run, position, at, kind, task, sequence, generation, name, digest, place, "
      "body, hash) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.number, entry.position, entry.at, std::string_view(entry.kind),
      std::string_view(entry.task), entry.sequence, entry.generation, std::string_view(entry.name),
      std::string_view(entry.digest), std::string_view(entry.where), std::string_view(entry.body),
      std::string_view(entry.hash));
}

std::vector<EntryRow> SqliteStore::entry_rows(std::int64_t number, std::int64_t after) {
  std::vector<EntryRow> entries;
  sqlite::Statement rows = db_->query(
      "SELECT position, at, kind, task, sequence, generation, name, digest, place, body, hash "
      "FROM entry WHERE run = ? AND position > ? ORDER BY position");
  rows.bind(1, number);
  rows.bind(2, after);
  while (rows.step()) {
    entries.push_back({rows.integer(0), rows.integer(1), rows.text(2), rows.text(3),
                       rows.integer(4), rows.integer(5), rows.text(6), rows.text(7), rows.text(8),
                       rows.text(9), rows.text(10)});
  }
  return entries;
}

Result<std::vector<Logged>> SqliteStore::read_log(std::string_view run, std::int64_t after) {
  const std::optional<RunRow> row = this->run(run);
  if (!row) return tl::unexpected(no_such_run(run));
  const std::int64_t from = std::max<std::int64_t>(0, std::min(after, row->run.position));
  std::string previous = chain_.beginning(*row);
  if (from > 0) {
    sqlite::Statement last = db_->query("SELECT hash FROM entry WHERE run = ? AND position = ?");
    last.bind(1, row->number);
    last.bind(2, from);
    previous = last.step() ? last.text(0) : std::string();
  }
  return chain_.read(*row, std::move(previous), from, entry_rows(row->number, from));
}

Result<Salvage> SqliteStore::salvage(std::string_view run) {
  return read([&]() -> Result<Salvage> {
    const std::optional<RunRow> row = this->run(run);
    if (!row) return tl::unexpected(no_such_run(run));
    return chain_.salvage(*row, entry_rows(row->number, 0));
  });
}

}  // namespace neap::journal
