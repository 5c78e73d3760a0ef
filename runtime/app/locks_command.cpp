// neap locks: which run holds which group or instance, and taking it away from a run that is dead.
#include <algorithm>

#include <fmt/format.h>

#include "app/journal_commands.h"
#include "app/open_journal.h"
#include "app/print_list.h"
#include "app/runs_text.h"
#include "base/text.h"
#include "loop/clock.h"

namespace neap::app {
namespace {

using journal::Lock;

// "server_group 5c6d…" as it is, or the id alone when only one lock has it.
Result<Lock> find_lock(const std::vector<Lock>& locks, const std::string& wanted) {
  std::vector<Lock> found;
  for (const Lock& lock : locks) {
    if (lock.resource == wanted) return lock;
    const std::size_t space = lock.resource.find(' ');
    if (space != std::string::npos && lock.resource.substr(space + 1) == wanted) {
      found.push_back(lock);
    }
  }
  if (found.size() == 1) return found.front();
  return fail(ErrorKind::kNotFound,
              fmt::format("{} lock on \"{}\"", found.empty() ? "there is no" : "more than one",
                          printable(wanted)),
              "neap locks lists them");
}

// Nothing when no process executes the run that holds the lock.
std::optional<Error> in_use(journal::Store& store, const Lock& lock) {
  const Result<Owner> claim = store.claim(lock.run);
  if (claim || claim.error().kind == ErrorKind::kNotFound) return std::nullopt;
  if (claim.error().code != journal::kLockHeld) return claim.error();
  Error error{ErrorKind::kConflict,
              fmt::format("{} executes run {} ({}), which holds {}", printable(lock.owner),
                          lock.run, printable(lock.run_name), printable(lock.resource)),
              fmt::format("neap cancel {} ends it; -f takes the lock away all the same", lock.run)};
  error.code = journal::kLockHeld;
  return error;
}

}  // namespace

ExitCode list_locks_command(Invocation& invocation) {
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kLook);
  if (!store) return give_up(store.error());
  const Result<std::vector<Lock>> locks = (*store)->locks();
  if (!locks) return give_up(locks.error());
  json::Array rows;
  for (const Lock& lock : *locks) rows.emplace_back(lock_json(lock));
  print_rows(invocation, list_document("neap.locks/1", "locks", rows), rows,
             locks_table(*locks, SystemClock().utc()), "nothing is locked");
  return ExitCode::kDone;
}

ExitCode release_lock_command(Invocation& invocation, const LocksOptions& options) {
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kChange);
  if (!store) return give_up(store.error());
  const Result<std::vector<Lock>> locks = (*store)->locks();
  if (!locks) return give_up(locks.error());
  const Result<Lock> lock = find_lock(*locks, options.resource);
  if (!lock) return give_up(lock.error());
  if (!options.force) {
    if (const std::optional<Error> held = in_use(**store, *lock)) return give_up(*held);
  }
  const Result<void> released = (*store)->release(lock->resource);
  if (!released) return give_up(released.error());
  json::Object document;
  document.set("format", "neap.released/1");
  document.set("resource", lock->resource);
  document.set("run", lock->run);
  document.set("runbook", lock->run_name);
  if (print_document(invocation, document)) return ExitCode::kDone;
  fmt::print("{} is free; run {} ({}) sends no more changing calls for it until it has it again\n",
             printable(lock->resource), lock->run, printable(lock->run_name));
  return ExitCode::kDone;
}

}  // namespace neap::app
