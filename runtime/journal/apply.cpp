#include "journal/apply.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/fault_points.h"
#include "base/random.h"
#include "base/text.h"

namespace neap::journal {
namespace {

Error conflict(std::string message, std::string hint, std::string_view code = {}) {
  Error error{ErrorKind::kConflict, std::move(message), std::move(hint)};
  error.code = code;
  return error;
}

Error lock_held(const Lock& lock) {
  return conflict(
      fmt::format("{} is locked by run {} ({}) of {} since {}", printable(lock.resource), lock.run,
                  printable(lock.run_name), printable(lock.owner), format_iso(lock.since)),
      fmt::format("wait until run {0} has ended, or end it: neap cancel {0}", lock.run), kLockHeld);
}

// Why the batch comes too late; nothing when it does not.
std::optional<Error> too_late(const Run& run, const Batch& batch) {
  if (batch.epoch && *batch.epoch != run.epoch && !fault::bug("journal.ignore_epoch")) {
    return conflict(fmt::format("run {} was taken over by {}: epoch {} is over, {} has begun",
                                run.id, printable(run.owner), *batch.epoch, run.epoch),
                    fmt::format("neap runs show {} says what became of it", run.id), kTakenOver);
  }
  if (batch.expected && *batch.expected != run.position) {
    return conflict(fmt::format("run {} went on to entry {} while entry {} was being looked at",
                                run.id, run.position, *batch.expected),
                    "look at it again");
  }
  return std::nullopt;
}

// Why what the run should hold is not its own; nothing when it is.
std::optional<Error> lost_lock(Rows& rows, const Run& run, const Lock& held) {
  const std::optional<Lock> now = rows.lock(held.resource);
  if (now && now->run == run.id && now->epoch == held.epoch) return std::nullopt;
  if (fault::bug("journal.ignore_lock")) return std::nullopt;
  if (now && !now->run.empty() && now->run != run.id) return lock_held(*now);
  return conflict(fmt::format("run {} no longer holds the lock on {}: it was taken away", run.id,
                              printable(held.resource)),
                  fmt::format("neap resume {} takes it again", run.id));
}

struct Locking {
  std::vector<Lock> all;    // of Batch::lock
  std::vector<Lock> taken;  // those of them that were not the run's before
};

Result<Locking> take_locks(Rows& rows, const Run& run, const Batch& batch, UtcTime at) {
  Locking locking;
  for (const std::string& resource : batch.lock) {
    const auto same = [&](const Lock& lock) { return lock.resource == resource; };
    if (std::any_of(locking.all.begin(), locking.all.end(), same)) continue;
    const std::optional<Lock> now = rows.lock(resource);
    if (now && now->run == run.id) {
      locking.all.push_back(*now);
      continue;
    }
    if (now && !now->run.empty() && !fault::bug("journal.ignore_lock")) {
      return tl::unexpected(lock_held(*now));
    }
    const Lock lock{resource, run.id, run.name, run.owner, at, (now ? now->epoch : 0) + 1};
    locking.all.push_back(lock);
    locking.taken.push_back(lock);
  }
  return locking;
}

Entry locked(const Lock& lock) {
  Entry entry;
  entry.kind = Kind::kLocked;
  entry.name = lock.resource;
  entry.body.set("resource", lock.resource);
  entry.body.set("epoch", lock.epoch);
  return entry;
}

std::vector<Logged> logged(std::vector<Entry> entries, const std::vector<EntryRow>& rows) {
  std::vector<Logged> out;
  out.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.push_back(
        {std::move(entries[i]), rows[i].position, from_milliseconds(rows[i].at), rows[i].hash});
  }
  return out;
}

bool holds_sent(const Batch& batch) {
  return std::any_of(batch.entries.begin(), batch.entries.end(),
                     [](const Entry& entry) { return entry.kind == Kind::kSent; });
}

}  // namespace

Result<Committed> apply(Rows& rows, Chain& chain, const Batch& batch) {
  std::optional<RunRow> found = rows.run(batch.run);
  if (!found) return tl::unexpected(no_such_run(batch.run));
  RunRow row = *std::move(found);
  Run& run = row.run;
  if (std::optional<Error> late = too_late(run, batch)) return tl::unexpected(*std::move(late));
  for (const Lock& held : batch.held) {
    if (std::optional<Error> lost = lost_lock(rows, run, held)) {
      return tl::unexpected(*std::move(lost));
    }
  }
  const UtcTime at = std::max(batch.at, run.changed);
  if (batch.take) {
    ++run.epoch;
    run.owner = batch.owner;
  }
  Result<Locking> locking = take_locks(rows, run, batch, at);
  if (!locking) return tl::unexpected(std::move(locking.error()));
  std::vector<Entry> entries;
  for (const Lock& lock : locking->taken) entries.push_back(locked(lock));
  entries.insert(entries.end(), batch.entries.begin(), batch.entries.end());
  const Result<std::vector<EntryRow>> added = chain.append(row, entries, at);
  if (!added) return tl::unexpected(added.error());
  if (batch.change) {
    run.status = batch.change->status;
    run.waiting = batch.change->waiting;
    run.error = batch.change->error;
  }
  run.changed = at;

  Committed committed{run.position, run.epoch, std::move(locking->all),
                      logged(std::move(entries), *added)};
  if (holds_sent(batch) && fault::bug("journal.skip_sent")) return committed;
  if (!added->empty() || batch.take || batch.change) rows.put(row);
  for (const EntryRow& entry : *added) rows.append(row, entry);
  for (const Lock& lock : locking->taken) rows.put(lock);
  if (batch.release) {
    for (Lock& lock : rows.locks_of(run.id)) rows.put(freed(std::move(lock)));
  }
  return committed;
}

Result<RunRow> begin(Chain& chain, const NewRun& run, std::string id) {
  Result<std::string> facts = storable(run.facts, "what is known of the run");
  if (!facts) return tl::unexpected(std::move(facts.error()));
  RunRow row;
  row.run.id = std::move(id);
  row.run.name = run.name;
  row.run.epoch = 1;
  row.run.created = run.at;
  row.run.changed = run.at;
  row.run.owner = run.owner;
  row.facts = *std::move(facts);
  row.run.hash = chain.beginning(row);
  return row;
}

std::string fresh_id() {
  constexpr std::string_view kClear = "23456789abcdefghjkmnpqrstuvwxyz";
  std::string id;
  for (std::uint64_t bits = Random::fresh_seed(); id.size() < 10; bits /= kClear.size()) {
    id += kClear[bits % kClear.size()];
  }
  return id;
}

Lock freed(Lock lock) {
  return {std::move(lock.resource), {}, {}, {}, {}, lock.epoch};
}

Error no_such_run(std::string_view id) {
  return {ErrorKind::kNotFound, fmt::format("the journal holds no run \"{}\"", printable(id)),
          "neap runs ls lists them"};
}

Error ambiguous_run(std::string_view id, std::string_view one, std::string_view other) {
  return {ErrorKind::kUsage,
          fmt::format("\"{}\" begins the names of several runs: {}, {}", printable(id), one, other),
          "give more of it"};
}

Error not_ended(const Run& run) {
  return conflict(fmt::format("run {} has not ended, it is {}", run.id, to_text(run.status)),
                  fmt::format("end it first: neap cancel {}", run.id));
}

Error run_in_use(std::string_view run, std::string_view holder) {
  return conflict(fmt::format("run {} is being run by {}", run,
                              holder.empty() ? "another process" : printable(holder)),
                  "wait until that process has ended, or stop it", kLockHeld);
}

Error no_such_text(std::string_view digest) {
  return {ErrorKind::kNotFound, fmt::format("the journal holds no text {}", printable(digest)),
          "neap doctor says what else is missing"};
}

Error no_such_lock(std::string_view resource) {
  return {ErrorKind::kNotFound, fmt::format("nobody holds a lock on {}", printable(resource)),
          "neap locks lists them"};
}

}  // namespace neap::journal
