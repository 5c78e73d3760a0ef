// The log of one changing call: its transitions in the run's log, or in memory.
#include <fmt/format.h>

#include "journal/run_log.h"

namespace neap::journal {

EffectLog::EffectLog(RunLog& log, Step step, std::string name, std::string digest,
                     std::string where)
    : log_(&log) {
  head_.step = std::move(step);
  head_.name = std::move(name);
  head_.digest = std::move(digest);
  head_.where = std::move(where);
}

std::string EffectLog::marker() const {
  if (log_ == nullptr) return {};
  return fmt::format("neap {} {}", log_->run().id, to_text(head_.step));
}

std::vector<const Entry*> EffectLog::history() const {
  std::vector<const Entry*> entries;
  if (log_ == nullptr) {
    for (const Entry& entry : memory_) entries.push_back(&entry);
    return entries;
  }
  for (const Logged* entry : log_->of_step(head_.step)) entries.push_back(entry);
  return entries;
}

Result<std::vector<Lock>> EffectLog::lock(std::vector<std::string> resources) {
  if (log_ == nullptr || resources.empty()) return std::vector<Lock>();
  Batch batch;
  batch.lock = std::move(resources);
  Result<Committed> taken = log_->commit(std::move(batch));
  if (!taken) return tl::unexpected(std::move(taken.error()));
  return std::move(taken->locks);
}

Entry EffectLog::transition(Kind kind, json::Object body) const {
  Entry entry = head_;
  entry.kind = kind;
  entry.body = std::move(body);
  return entry;
}

void EffectLog::add(Kind kind, json::Object body) {
  Entry entry = transition(kind, std::move(body));
  if (log_ != nullptr) return log_->add(std::move(entry));
  memory_.push_back(std::move(entry));
}

Result<Committed> EffectLog::write(Kind kind, json::Object body, Batch with) {
  Entry entry = transition(kind, std::move(body));
  if (log_ != nullptr) {
    with.entries.push_back(std::move(entry));
    return log_->commit(std::move(with));
  }
  for (Entry& other : with.entries) memory_.push_back(std::move(other));
  memory_.push_back(std::move(entry));
  return Committed{static_cast<std::int64_t>(memory_.size()), 0, {}, {}};
}

Result<bool> EffectLog::refresh() {
  if (log_ == nullptr) return false;
  return log_->refresh();
}

}  // namespace neap::journal
