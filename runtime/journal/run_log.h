// One run's log while a process executes the run: what was learnt before, and what is added now.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/store.h"
#include "loop/clock.h"

namespace neap::journal {

// Entries are gathered and written together: at the latest before anything may depend on them,
// which whoever sends, asks or shows says by commit(). After a write has failed nothing more is
// written, and every commit() returns that error. Pointers to entries hold until the next commit()
// or refresh().
class RunLog {
 public:
  // Reads the run's history. The run must be claimed, and `take` committed, by the caller: see
  // start().
  RunLog(Store& store, const Clock& clock, Run run, std::vector<Logged> history);

  const Run& run() const { return run_; }
  std::uint32_t generation() const { return generation_; }

  // The records that replay returns, in the order in which the run learnt them; those that a rewind
  // undid are not among them.
  const std::vector<Logged>& records() const { return records_; }
  // The other entries of a step that still count: begun, its effect's transitions, its question.
  // Transitions always do: what was sent stays sent when its step is undone.
  std::vector<const Logged*> of_step(const Step& step) const;
  // Everything, in order, whatever became of it since.
  const std::vector<Logged>& all() const { return all_; }
  // The step whose changing call was answered with this job and has not been closed since.
  std::optional<Entry> effect_of_job(std::string_view job_id) const;
  // Overrides for steps by name or number that still count: latest first.
  std::vector<const Logged*> overrides() const;

  // Adds an entry; it is written with the next commit().
  void add(Entry entry);
  // Writes what was added, and `with`, whose run, epoch and time it fills in. After a conflict (a
  // lock is held, the expectation is not true) what was added waits for the next commit(), and what
  // `with` asked for is dropped; only when another process has taken the run does nothing go on.
  Result<Committed> commit(Batch with = {});
  // Whether anything waits to be written.
  bool pending() const { return !added_.empty(); }
  // Reads what other processes added; true when there is something new.
  Result<bool> refresh();

  // Time on the run's own clock: since its first start, going on while nobody ran it, never back.
  Duration now() const;
  UtcTime utc() const {
    return run_.created + std::chrono::floor<std::chrono::milliseconds>(now());
  }

  const std::vector<Lock>& locks() const { return locks_; }

 private:
  void take_in(std::vector<Logged> entries);
  void adopt(const Committed& committed, const Batch& with);
  Result<bool> read_on();

  Store& store_;
  const Clock& clock_;
  Run run_;
  std::vector<Logged> all_;
  std::vector<bool> counts_;  // of each of all_: no rewind has undone it
  std::vector<Logged> records_;
  std::multimap<Step, std::size_t> by_step_;  // in all_
  std::uint32_t generation_ = 0;
  std::vector<Entry> added_;
  std::vector<Lock> locks_;
  bool news_ = false;  // a commit found what refresh() has not told yet
  std::optional<Error> broken_;
  Duration base_{};  // the run's clock when this process began
  Instant began_{};  // this process's clock then
};

// The transitions of one changing call, in the log of a durable run or, for any other run, only as
// long as the call lasts.
class EffectLog {
 public:
  EffectLog() = default;
  EffectLog(RunLog& log, Step step, std::string name, std::string digest, std::string where);

  bool durable() const { return log_ != nullptr; }
  // Names this very call in the cloud, "neap 7k2m9qx4ab 0#12"; empty when nothing durable does.
  std::string marker() const;
  // What the log holds of it, oldest first.
  std::vector<const Entry*> history() const;
  // Of the process that has the run; 0 when nothing is durable.
  std::int64_t epoch() const { return log_ != nullptr ? log_->run().epoch : 0; }
  // Makes what the call must hold the run's own, durably, and says how it is held.
  Result<std::vector<Lock>> lock(std::vector<std::string> resources);
  // Adds one transition, which goes along with the next write().
  void add(Kind kind, json::Object body);
  // Adds one transition and makes it durable, with everything that the run learnt before.
  Result<Committed> write(Kind kind, json::Object body, Batch with = {});
  // Reads what an operator said in the meantime; true when there is something new.
  Result<bool> refresh();
  const std::vector<Lock>* locks() const { return log_ != nullptr ? &log_->locks() : nullptr; }

 private:
  Entry transition(Kind kind, json::Object body) const;

  RunLog* log_ = nullptr;
  Entry head_;  // step, name, digest and where of every transition
  std::vector<Entry> memory_;
};

}  // namespace neap::journal
