#include "journal/run_log.h"

#include <algorithm>
#include <utility>

namespace neap::journal {
namespace {

// What was sent stays sent, whatever a rewind undoes.
bool is_transition(Kind kind) {
  return kind >= Kind::kIntent && kind <= Kind::kResolved;
}

// Whether a commit has something to do besides writing entries.
bool asks_for_more(const Batch& batch) {
  return batch.take || batch.change || batch.release || !batch.lock.empty() ||
         !batch.held.empty() || batch.expected;
}

// Nothing was written, and the run is still this process's: it may go on and write that it failed.
bool leaves_log_usable(const Error& error) {
  return error.kind == ErrorKind::kConflict && error.code != kTakenOver;
}

}  // namespace

RunLog::RunLog(Store& store, const Clock& clock, Run run, std::vector<Logged> history)
    : store_(store), clock_(clock), run_(std::move(run)), began_(clock.now()) {
  UtcTime last = run_.created;
  if (!history.empty()) last = std::max(last, history.back().at);
  base_ = std::max(clock.utc(), last) - run_.created;
  take_in(std::move(history));
  Result<std::vector<Lock>> locks = store_.locks();
  if (!locks) {
    broken_ = std::move(locks.error());
    return;
  }
  for (Lock& lock : *locks) {
    if (lock.run == run_.id) locks_.push_back(std::move(lock));
  }
}

void RunLog::take_in(std::vector<Logged> entries) {
  for (Logged& entry : entries) {
    if (entry.kind == Kind::kRewound) {
      const auto to = static_cast<std::int64_t>(entry.body.number("to").value_or(0));
      ++generation_;
      std::erase_if(records_, [to](const Logged& record) { return record.position > to; });
      take_back(all_, entry, counts_);
    }
    if (entry.kind == Kind::kRecord) {
      records_.push_back(entry);
    } else {
      by_step_.emplace(entry.step, all_.size());
    }
    run_.position = entry.position;
    run_.hash = entry.hash;
    all_.push_back(std::move(entry));
    counts_.push_back(true);
  }
}

std::vector<const Logged*> RunLog::of_step(const Step& step) const {
  std::vector<const Logged*> entries;
  const auto [first, last] = by_step_.equal_range(step);
  for (auto it = first; it != last; ++it) {
    const Logged& entry = all_[it->second];
    if (counts_[it->second] || is_transition(entry.kind)) entries.push_back(&entry);
  }
  return entries;
}

std::optional<Entry> RunLog::effect_of_job(std::string_view job_id) const {
  const auto accepted = std::find_if(all_.rbegin(), all_.rend(), [&](const Logged& entry) {
    return entry.kind == Kind::kAccepted && entry.body.text("job_id") == job_id;
  });
  if (job_id.empty() || accepted == all_.rend()) return std::nullopt;
  for (const Logged* entry : of_step(accepted->step)) {
    if (entry->kind == Kind::kDone || entry->kind == Kind::kFailed) return std::nullopt;
  }
  return *accepted;
}

std::vector<const Logged*> RunLog::overrides() const {
  std::vector<const Logged*> found;
  for (std::size_t i = all_.size(); i > 0; --i) {
    if (all_[i - 1].kind == Kind::kOverride && counts_[i - 1]) found.push_back(&all_[i - 1]);
  }
  return found;
}

void RunLog::add(Entry entry) {
  added_.push_back(std::move(entry));
}

Result<Committed> RunLog::commit(Batch with) {
  if (broken_) return tl::unexpected(*broken_);
  if (added_.empty() && with.entries.empty() && !asks_for_more(with)) {
    return Committed{run_.position, run_.epoch, {}, {}};
  }
  with.run = run_.id;
  if (!with.epoch) with.epoch = run_.epoch;
  if (with.at == UtcTime{}) with.at = utc();
  const std::size_t mine = added_.size();
  with.entries.insert(with.entries.begin(), std::make_move_iterator(added_.begin()),
                      std::make_move_iterator(added_.end()));
  added_.clear();
  Result<Committed> committed = store_.commit(with);
  if (committed) {
    adopt(*committed, with);
    return committed;
  }
  if (!leaves_log_usable(committed.error())) {
    broken_ = committed.error();
    return committed;
  }
  with.entries.resize(mine);  // what the run learnt is still to be written
  added_ = std::move(with.entries);
  return committed;
}

void RunLog::adopt(const Committed& committed, const Batch& with) {
  const std::int64_t before =
      committed.written.empty() ? committed.position : committed.written.front().position - 1;
  if (before > run_.position) {
    // Somebody else wrote in between: an operator's word, which refresh() has yet to tell of.
    const Result<bool> read = read_on();
    if (!read) broken_ = read.error();
    news_ = true;
  } else {
    take_in(committed.written);
  }
  run_.epoch = committed.epoch;
  if (with.take) run_.owner = with.owner;
  if (with.change) {
    run_.status = with.change->status;
    run_.waiting = with.change->waiting;
    run_.error = with.change->error;
  }
  for (const Lock& lock : committed.locks) {
    std::erase_if(locks_, [&](const Lock& old) { return old.resource == lock.resource; });
    locks_.push_back(lock);
  }
  if (with.release) locks_.clear();
}

Result<bool> RunLog::read_on() {
  Result<std::vector<Logged>> entries = store_.log(run_.id, run_.position);
  if (!entries) return tl::unexpected(std::move(entries.error()));
  const bool some = !entries->empty();
  take_in(*std::move(entries));
  return some;
}

Result<bool> RunLog::refresh() {
  if (broken_) return tl::unexpected(*broken_);
  Result<bool> read = read_on();
  if (!read) return read;
  return std::exchange(news_, false) || *read;
}

Duration RunLog::now() const {
  return base_ + std::max(clock_.now() - began_, Duration::zero());
}

}  // namespace neap::journal
