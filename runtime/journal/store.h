// Where runs are kept. The interface names no database: sqlite_store.cpp stands behind it, and
// memory_store.cpp for runs that need not survive their process.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/owner.h"
#include "journal/entry.h"

namespace neap::journal {

class Inbox;

struct Change {
  Status status = Status::kRunning;
  std::string waiting;
  std::string error;
};

// One durable write: all of it or nothing.
struct Batch {
  std::string run;
  // The epoch in which the writer runs; when another process has taken the run since, nothing is
  // written. Nothing: an operator's own entry, which goes with any epoch.
  std::optional<std::int64_t> epoch;
  // Nothing is written unless this is the run's last position: for entries whose sense depends on
  // what was read before.
  std::optional<std::int64_t> expected;
  bool take = false;  // begins the next epoch, with `owner`
  std::string owner;
  std::vector<Entry> entries;
  UtcTime at{};  // of all its entries
  std::optional<Change> change;
  std::vector<std::string> lock;  // resources to take for the run; its own are taken already
  // Resources that must still be the run's, under this epoch: a changing call is about to be sent.
  std::vector<Lock> held;
  bool release = false;  // every lock of the run
};

struct Committed {
  std::int64_t position = 0;  // of the last entry
  std::int64_t epoch = 0;
  std::vector<Lock> locks;  // of Batch::lock, as they are held now
  // All that went into the log: Batch::entries, behind a `locked` for each lock that is new.
  std::vector<Logged> written;
};

struct NewRun {
  std::string name;
  std::string owner;
  json::Object facts;
  UtcTime at{};
  std::string id;  // of tests that repeat themselves; empty: a fresh one
};

// What can still be read of a run.
struct Salvage {
  std::vector<Logged> entries;      // damaged ones too, as far as they make sense
  std::vector<std::string> damage;  // what is wrong with them, one line each; empty: nothing is
};

// Errors: kind conflict with code kLockHeld (another run holds a lock, or another process the run
// or the journal), conflict (epoch or expectation no longer true), not_found, config (the place
// cannot hold a journal; it is of a newer version), closed (a write failed: disk full, I/O error;
// nothing more is written through this Store), internal (what is read back is not what was
// written).
class Store {
 public:
  virtual ~Store() = default;

  // The new run, with a fresh id, in epoch 1; its log is empty.
  virtual Result<Run> create(const NewRun& run) = 0;
  // By id or the unambiguous beginning of one.
  virtual Result<Run> find(std::string_view id) = 0;
  // Newest first. At most `limit`.
  virtual Result<std::vector<Run>> runs(std::optional<Status> status = {},
                                        std::size_t limit = 1000) = 0;
  // The entries after `after`, oldest first; the hash chain is checked on the way.
  virtual Result<std::vector<Logged>> log(std::string_view run, std::int64_t after = 0) = 0;
  // The log of a run, damaged or not. Of a store in which nothing can be damaged it is the log.
  virtual Result<Salvage> salvage(std::string_view run) {
    Result<std::vector<Logged>> whole = log(run);
    if (!whole) return tl::unexpected(std::move(whole.error()));
    return Salvage{*std::move(whole), {}};
  }
  virtual Result<Committed> commit(const Batch& batch) = 0;

  // Text that many runs share: scripts and modules. Returns its digest.
  virtual Result<std::string> keep_text(std::string_view text) = 0;
  virtual Result<std::string> text(std::string_view digest) = 0;

  virtual Result<std::vector<Lock>> locks() = 0;
  // Takes the lock away from whoever holds it, which an operator must be sure of.
  virtual Result<void> release(std::string_view resource) = 0;

  // Holds the run for this process until the Owner is dropped, or the process dies however it dies.
  // Conflict with code kLockHeld names the process that has it.
  virtual Result<Owner> claim(std::string_view run) = 0;

  // Removes runs that have ended. Conflict for one that has not.
  virtual Result<void> remove(std::string_view run) = 0;
  // Removes what ended before, drops texts that nobody needs, gives space back. How many runs went.
  virtual Result<std::size_t> compact(UtcTime ended_before) = 0;
  // Messages and the events of lifecycle hooks; as long-lived as the store.
  virtual Inbox& inbox() = 0;
  // Everything that is wrong with the journal as a whole, one line each; empty: nothing is.
  virtual Result<std::vector<std::string>> check() = 0;
  // Changes whenever another process has written.
  virtual std::int64_t version() = 0;
};

// Error::code of "somebody else holds it", and of "another process has taken the run since".
inline constexpr std::string_view kLockHeld = "neap.lock_held";
inline constexpr std::string_view kTakenOver = "neap.taken_over";

struct SqliteOptions {
  std::string vfs;                              // of tests; empty: the system's
  Duration patience = std::chrono::seconds{5};  // how long another process may hold the write lock
  bool read_only = false;                       // for looking while nothing may be written
  int log_pages = 1000;  // of 4 KiB: what the write-ahead log may hold before it goes into the file
};

// Opens DIRECTORY/journal.db and makes it, mode 0600, when it is not there. Several processes may
// have it open; a lock file lets one write at a time.
Result<std::unique_ptr<Store>> open_sqlite(const std::string& directory,
                                           SqliteOptions options = {});
std::unique_ptr<Store> make_memory_store();

}  // namespace neap::journal
