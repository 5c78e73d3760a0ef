// The store that keeps runs in one SQLite file, for several processes at a time.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/fault_points.h"
#include "journal/apply.h"
#include "journal/file_lock.h"
#include "journal/sqlite.h"
#include "journal/sqlite_inbox.h"
#include "journal/store.h"

namespace neap::journal {

// A text is kept this long though no run names it: one that is just starting is about to.
inline constexpr std::chrono::hours kTextGrace{24};

class SqliteStore final : public Store, private Rows {
 public:
  SqliteStore(std::string directory, SqliteOptions options);
  ~SqliteStore() override;

  // To be called once, before anything else.
  Result<void> open();

  Result<Run> create(const NewRun& run) override;
  Result<Run> find(std::string_view id) override;
  Result<std::vector<Run>> runs(std::optional<Status> status, std::size_t limit) override;
  Result<std::vector<Logged>> log(std::string_view run, std::int64_t after) override;
  Result<Salvage> salvage(std::string_view run) override;
  Result<Committed> commit(const Batch& batch) override;
  Result<std::string> keep_text(std::string_view text) override;
  Result<std::string> text(std::string_view digest) override;
  Result<std::vector<Lock>> locks() override;
  Result<void> release(std::string_view resource) override;
  Result<Owner> claim(std::string_view run) override;
  Result<void> remove(std::string_view run) override;
  Result<std::size_t> compact(UtcTime ended_before) override;
  Inbox& inbox() override { return inbox_; }
  Result<std::vector<std::string>> check() override;
  std::int64_t version() override;

  // What its inbox shares with it: the connection, transactions, seals and claims.

  // Runs `work`, which gives a Result, in a transaction of its own that only this process writes
  // in. It is undone when `work` fails.
  template <class Work>
  auto write(Work work) -> decltype(work());
  // Likewise with a view that stays the same while it is read.
  template <class Work>
  auto read(Work work) -> decltype(work());
  sqlite::Database& database() { return *db_; }
  Chain& chain() { return chain_; }
  // What one process at a time may hold under that name. Kind conflict: the message is just who has
  // it.
  Result<Owner> hold(std::string_view name);

 private:
  // Rows; each throws sqlite::Refusal.
  std::optional<RunRow> run(std::string_view id) override;
  std::optional<Lock> lock(const std::string& resource) override;
  std::vector<Lock> locks_of(std::string_view run) override;
  void put(const RunRow& row) override;
  void put(const Lock& lock) override;
  void append(const RunRow& row, const EntryRow& entry) override;

  std::string file() const { return directory_ + "/journal.db"; }
  std::string claim_file(std::string_view run) const;
  void connect();
  void make_tables();
  RunRow run_of(const sqlite::Statement& row);
  Lock lock_of(const sqlite::Statement& row);
  std::optional<std::int64_t> number_of(std::string_view run);
  std::vector<EntryRow> entry_rows(std::int64_t number, std::int64_t after);
  Result<std::vector<Logged>> read_log(std::string_view run, std::int64_t after);
  void drop(const RunRow& row);
  void drop_texts(std::int64_t kept_before);
  std::vector<std::string> needed_texts();
  std::vector<std::string> texts_of(const char* sql);  // the first column
  void check_runs(std::vector<std::string>& wrong);
  void check_locks(std::vector<std::string>& wrong);
  void check_texts(std::vector<std::string>& wrong);

  Result<void> take_write_lock();
  void roll_back();
  void look_after_log();
  Error give_up_if_broken(Error error);

  std::string directory_;
  SqliteOptions options_;
  FileLock write_lock_;
  std::optional<sqlite::Database> db_;
  Chain chain_;
  std::optional<Error> broken_;
  SqliteInbox inbox_{*this};
};

template <class Work>
auto SqliteStore::write(Work work) -> decltype(work()) {
  if (Result<void> locked = take_write_lock(); !locked) {
    return tl::unexpected(std::move(locked.error()));
  }
  try {
    db_->execute("BEGIN IMMEDIATE");
    auto result = work();
    if (!result) {
      roll_back();
    } else {
      fault::crash_point("commit.before");
      db_->execute("COMMIT");
      fault::crash_point("commit.after");
      look_after_log();
    }
    write_lock_.unlock();
    return result;
  } catch (const sqlite::Refusal& refusal) {
    roll_back();
    write_lock_.unlock();
    return tl::unexpected(give_up_if_broken(refusal.error));
  }
}

template <class Work>
auto SqliteStore::read(Work work) -> decltype(work()) {
  try {
    db_->execute("BEGIN");
    auto result = work();
    db_->execute("COMMIT");
    return result;
  } catch (const sqlite::Refusal& refusal) {
    roll_back();
    return tl::unexpected(refusal.error);
  }
}

}  // namespace neap::journal
