// A store in memory, for runs that need not survive their process: the rows of the real one in
// plain containers, under the same rules.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/digest.h"
#include "journal/apply.h"
#include "journal/memory_inbox.h"
#include "journal/store.h"

namespace neap::journal {
namespace {

class Tables final : public Rows {
 public:
  struct Kept {
    RunRow row;
    std::vector<EntryRow> entries;
  };

  std::optional<RunRow> run(std::string_view id) override {
    const auto found = runs.find(id);
    if (found == runs.end()) return std::nullopt;
    return found->second.row;
  }
  std::optional<Lock> lock(const std::string& resource) override {
    const auto found = locks.find(resource);
    if (found == locks.end()) return std::nullopt;
    return found->second;
  }
  std::vector<Lock> locks_of(std::string_view run) override {
    std::vector<Lock> held;
    for (const auto& [resource, lock] : locks) {
      if (lock.run == run) held.push_back(lock);
    }
    return held;
  }
  void put(const RunRow& row) override { runs[row.run.id].row = row; }
  void put(const Lock& lock) override { locks[lock.resource] = lock; }
  void append(const RunRow& row, const EntryRow& entry) override {
    runs[row.run.id].entries.push_back(entry);
  }

  std::map<std::string, Kept, std::less<>> runs;
  std::map<std::string, Lock> locks;
  std::map<std::string, std::string, std::less<>> texts;
};

class Claim {
 public:
  Claim(std::shared_ptr<std::set<std::string>> claims, std::string run)
      : claims_(std::move(claims)), run_(std::move(run)) {}
  Claim(Claim&&) = default;
  ~Claim() {
    if (claims_) claims_->erase(run_);
  }

 private:
  std::shared_ptr<std::set<std::string>> claims_;
  std::string run_;
};

class MemoryStore final : public Store {
 public:
  Result<Run> create(const NewRun& run) override {
    std::string id = run.id.empty() ? fresh_id() : run.id;
    if (tables_.runs.contains(id)) {
      return fail(ErrorKind::kConflict, fmt::format("there is a run {} already", id));
    }
    Result<RunRow> row = begin(chain_, run, std::move(id));
    if (!row) return tl::unexpected(std::move(row.error()));
    row->number = ++last_number_;
    tables_.runs[row->run.id] = {*row, {}};
    return chain_.read(*row);
  }

  Result<Run> find(std::string_view id) override {
    auto found = tables_.runs.lower_bound(id);
    if (id.empty() || found == tables_.runs.end() || !found->first.starts_with(id)) {
      return tl::unexpected(no_such_run(id));
    }
    const auto next = std::next(found);
    if (found->first != id && next != tables_.runs.end() && next->first.starts_with(id)) {
      return tl::unexpected(ambiguous_run(id, found->first, next->first));
    }
    return chain_.read(found->second.row);
  }

  Result<std::vector<Run>> runs(std::optional<Status> status, std::size_t limit) override {
    std::vector<const Tables::Kept*> all;
    for (const auto& [id, kept] : tables_.runs) {
      if (!status || kept.row.run.status == *status) all.push_back(&kept);
    }
    std::sort(all.begin(), all.end(), [](const Tables::Kept* a, const Tables::Kept* b) {
      return a->row.number > b->row.number;
    });
    if (all.size() > limit) all.resize(limit);
    std::vector<Run> runs;
    for (const Tables::Kept* kept : all) {
      Result<Run> run = chain_.read(kept->row);
      if (!run) return tl::unexpected(std::move(run.error()));
      runs.push_back(*std::move(run));
    }
    return runs;
  }

  Result<std::vector<Logged>> log(std::string_view run, std::int64_t after) override {
    const auto found = tables_.runs.find(run);
    if (found == tables_.runs.end()) return tl::unexpected(no_such_run(run));
    const auto& [row, entries] = found->second;
    const auto from = static_cast<std::size_t>(
        std::clamp<std::int64_t>(after, 0, static_cast<std::int64_t>(entries.size())));
    std::string previous = from == 0 ? chain_.beginning(row) : entries[from - 1].hash;
    return chain_.read(row, std::move(previous), static_cast<std::int64_t>(from),
                       {entries.begin() + static_cast<std::ptrdiff_t>(from), entries.end()});
  }

  Result<Committed> commit(const Batch& batch) override { return apply(tables_, chain_, batch); }

  Result<std::string> keep_text(std::string_view text) override {
    std::string digest = sha256_hex(text);
    tables_.texts.emplace(digest, text);
    return digest;
  }

  Result<std::string> text(std::string_view digest) override {
    const auto found = tables_.texts.find(digest);
    if (found == tables_.texts.end()) return tl::unexpected(no_such_text(digest));
    return found->second;
  }

  Result<std::vector<Lock>> locks() override {
    std::vector<Lock> held;
    for (const auto& [resource, lock] : tables_.locks) {
      if (!lock.run.empty()) held.push_back(lock);
    }
    return held;
  }

  Result<void> release(std::string_view resource) override {
    const auto found = tables_.locks.find(std::string(resource));
    if (found == tables_.locks.end() || found->second.run.empty()) {
      return tl::unexpected(no_such_lock(resource));
    }
    found->second = freed(std::move(found->second));
    return {};
  }

  Result<Owner> claim(std::string_view run) override {
    if (!tables_.runs.contains(run)) return tl::unexpected(no_such_run(run));
    if (!claims_->emplace(run).second) return tl::unexpected(run_in_use(run, "this process"));
    return Owner{Claim(claims_, std::string(run))};
  }

  Result<void> remove(std::string_view run) override {
    const auto found = tables_.runs.find(run);
    if (found == tables_.runs.end()) return tl::unexpected(no_such_run(run));
    const Run& row = found->second.row.run;
    if (!has_ended(row.status)) return tl::unexpected(not_ended(row));
    if (claims_->contains(row.id)) return tl::unexpected(run_in_use(run, "this process"));
    drop(found);
    return {};
  }

  Result<std::size_t> compact(UtcTime ended_before) override {
    std::size_t gone = 0;
    for (auto it = tables_.runs.begin(); it != tables_.runs.end();) {
      const Run& run = it->second.row.run;
      const bool old = has_ended(run.status) && run.changed < ended_before;
      if (old && !claims_->contains(run.id)) {
        it = drop(it);
        ++gone;
      } else {
        ++it;
      }
    }
    return gone;
  }

  Inbox& inbox() override { return inbox_; }
  Result<std::vector<std::string>> check() override {
    std::vector<std::string> wrong;
    for (const auto& [id, kept] : tables_.runs) {
      const auto entries = log(id, 0);
      if (!entries) wrong.push_back(entries.error().message);
    }
    return wrong;
  }

  std::int64_t version() override { return 0; }

 private:
  using Place = decltype(Tables::runs)::iterator;

  Place drop(Place run) {
    for (Lock& lock : tables_.locks_of(run->first)) tables_.put(freed(std::move(lock)));
    return tables_.runs.erase(run);
  }

  Tables tables_;
  MemoryInbox inbox_;
  Chain chain_;
  std::shared_ptr<std::set<std::string>> claims_ = std::make_shared<std::set<std::string>>();
  std::int64_t last_number_ = 0;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() {
  return std::make_unique<MemoryStore>();
}

}  // namespace neap::journal
