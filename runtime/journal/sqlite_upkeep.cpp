// What SqliteStore does for processes that run runs, and for the journal as a whole: claims,
// removal, and looking for damage.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/text.h"
#include "journal/place.h"
#include "journal/sqlite_store.h"

namespace neap::journal {
namespace {

std::int64_t old_texts() {
  const auto now = std::chrono::floor<UtcTime::duration>(std::chrono::system_clock::now());
  return to_milliseconds(now - kTextGrace);
}

}  // namespace

std::string SqliteStore::claim_file(std::string_view run) const {
  return fmt::format("{}/running/{}", directory_, run);
}

Result<Owner> SqliteStore::hold(std::string_view name) {
  if (broken_) return tl::unexpected(*broken_);
  const Result<void> made = prepare_directory(directory_ + "/running", options_.read_only);
  if (!made) return tl::unexpected(made.error());
  return hold_file(claim_file(name));
}

Result<Owner> SqliteStore::claim(std::string_view run) {
  const Result<bool> known = read([&]() -> Result<bool> { return number_of(run).has_value(); });
  if (!known) return tl::unexpected(known.error());
  if (!*known) return tl::unexpected(no_such_run(run));
  Result<Owner> held = hold(run);
  if (held || held.error().kind != ErrorKind::kConflict) return held;
  return tl::unexpected(run_in_use(run, held.error().message));
}

Result<void> SqliteStore::remove(std::string_view run) {
  return write([&]() -> Result<void> {
    const std::optional<RunRow> row = this->run(run);
    if (!row) return tl::unexpected(no_such_run(run));
    if (!has_ended(row->run.status)) return tl::unexpected(not_ended(row->run));
    std::string holder;
    if (is_held(claim_file(run), holder)) return tl::unexpected(run_in_use(run, holder));
    drop(*row);
    return {};
  });
}

void SqliteStore::drop(const RunRow& row) {
  db_->run("DELETE FROM entry WHERE run = ?", row.number);
  db_->run("DELETE FROM run WHERE number = ?", row.number);
  for (Lock& lock : locks_of(row.run.id)) put(freed(std::move(lock)));
}

Result<std::size_t> SqliteStore::compact(UtcTime ended_before) {
  Result<std::size_t> gone = write([&]() -> Result<std::size_t> {
    std::vector<RunRow> old;
    {
      sqlite::Statement rows = db_->query(
          "SELECT id, name, status, epoch, created, changed, owner, waiting, error, position, "
          "hash, seal, facts, number FROM run WHERE changed < ?");
      rows.bind(1, to_milliseconds(ended_before));
      while (rows.step()) old.push_back(run_of(rows));
    }
    std::size_t count = 0;
    for (const RunRow& row : old) {
      std::string holder;
      if (!has_ended(row.run.status) || is_held(claim_file(row.run.id), holder)) continue;
      drop(row);
      ++count;
    }
    drop_texts(old_texts());
    db_->run("PRAGMA incremental_vacuum");
    return count;
  });
  if (!gone) return gone;
  // The space is given back when the log has gone into the file.
  if (Result<void> locked = take_write_lock(); !locked) return gone;
  try {
    db_->checkpoint_and_truncate();
  } catch (const sqlite::Refusal& refusal) {
    gone = tl::unexpected(give_up_if_broken(refusal.error));
  }
  write_lock_.unlock();
  return gone;
}

void SqliteStore::drop_texts(std::int64_t kept_before) {
  const std::vector<std::string> needed = needed_texts();
  std::vector<std::string> old;
  {
    sqlite::Statement rows = db_->query("SELECT digest FROM text WHERE kept < ?");
    rows.bind(1, kept_before);
    while (rows.step()) old.push_back(rows.text(0));
  }
  for (const std::string& digest : old) {
    if (std::binary_search(needed.begin(), needed.end(), digest)) continue;
    db_->run("DELETE FROM text WHERE digest = ?", std::string_view(digest));
  }
}

// Sorted: the scripts of runs, and the modules that they loaded.
std::vector<std::string> SqliteStore::needed_texts() {
  std::vector<std::string> needed;
  sqlite::Statement rows = db_->query(
      "SELECT json_extract(facts, '$.script') FROM run WHERE json_valid(facts) "
      "UNION SELECT digest FROM entry WHERE kind = 'module' ORDER BY 1");
  while (rows.step()) {
    std::string digest = rows.text(0);
    if (!digest.empty()) needed.push_back(std::move(digest));
  }
  return needed;
}

Result<std::vector<std::string>> SqliteStore::check() {
  return read([&]() -> Result<std::vector<std::string>> {
    std::vector<std::string> wrong;
    // Where damage ends one look, the others still have something to say.
    const auto look = [&](auto looking) {
      try {
        looking();
      } catch (const sqlite::Refusal& refusal) {
        wrong.push_back(refusal.error.message);
      }
    };
    look([&] {
      sqlite::Statement rows = db_->query("PRAGMA integrity_check");
      while (rows.step()) {
        const std::string line = printable(rows.text(0));
        if (line != "ok") wrong.push_back(fmt::format("{}: {}", printable(file()), line));
      }
    });
    look([&] { check_runs(wrong); });
    look([&] { check_locks(wrong); });
    look([&] { check_texts(wrong); });
    look([&] { inbox_.check(wrong); });
    return wrong;
  });
}

std::vector<std::string> SqliteStore::texts_of(const char* sql) {
  std::vector<std::string> texts;
  sqlite::Statement rows = db_->query(sql);
  while (rows.step()) texts.push_back(rows.text(0));
  return texts;
}

void SqliteStore::check_runs(std::vector<std::string>& wrong) {
  for (const std::string& id : texts_of("SELECT id FROM run ORDER BY number")) {
    try {
      const auto entries = read_log(id, 0);
      if (!entries) wrong.push_back(entries.error().message);
      const std::optional<RunRow> row = run(id);
      if (const auto read = row ? chain_.read(*row) : tl::unexpected(no_such_run(id)); !read) {
        wrong.push_back(read.error().message);
      }
    } catch (const sqlite::Refusal& refusal) {
      wrong.push_back(refusal.error.message);
    }
  }
  const std::int64_t strays =
      db_->number("SELECT count(*) FROM entry WHERE run NOT IN (SELECT number FROM run)");
  if (strays != 0) wrong.push_back(fmt::format("{} entries belong to no run", strays));
}

void SqliteStore::check_locks(std::vector<std::string>& wrong) {
  for (const std::string& resource : texts_of("SELECT resource FROM lock ORDER BY resource")) {
    try {
      const std::optional<Lock> held = lock(resource);
      if (held && (held->run.empty() || number_of(held->run))) continue;
      wrong.push_back(
          fmt::format("the lock on {} is held by a run that is not there", printable(resource)));
    } catch (const sqlite::Refusal& refusal) {
      wrong.push_back(refusal.error.message);
    }
  }
}

void SqliteStore::check_texts(std::vector<std::string>& wrong) {
  std::vector<std::string> there;
  sqlite::Statement rows = db_->query("SELECT digest, content FROM text ORDER BY digest");
  while (rows.step()) {
    there.push_back(rows.text(0));
    if (sha256_hex(rows.text(1)) == there.back()) continue;
    wrong.push_back(fmt::format("text {} is not what was kept", printable(there.back())));
  }
  for (const std::string& digest : needed_texts()) {
    if (std::binary_search(there.begin(), there.end(), digest)) continue;
    wrong.push_back(fmt::format("text {} is missing, and a run needs it", printable(digest)));
  }
}

}  // namespace neap::journal
