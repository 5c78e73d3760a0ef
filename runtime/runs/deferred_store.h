// A store for one run that need not be kept before it changes something: what it has only read and
// waited for can be read and waited for again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "journal/store.h"

namespace neap::runs {

// Keeps the run that create() begins in memory until something about it must outlive the process:
// an intent, a lock, a question. From then on everything goes to the store behind it. A run that
// ends before that leaves nothing there.
class DeferredStore final : public journal::Store {
 public:
  // `behind` must outlive it. One run for each.
  explicit DeferredStore(journal::Store& behind);

  // Whether the run stands in the store behind.
  bool kept() const { return kept_; }

  Result<journal::Run> create(const journal::NewRun& run) override;
  Result<journal::Committed> commit(const journal::Batch& batch) override;
  Result<std::string> keep_text(std::string_view text) override;
  Result<Owner> claim(std::string_view run) override;

  Result<journal::Run> find(std::string_view id) override { return now().find(id); }
  Result<std::vector<journal::Run>> runs(std::optional<journal::Status> status,
                                         std::size_t limit) override {
    return now().runs(status, limit);
  }
  Result<std::vector<journal::Logged>> log(std::string_view run, std::int64_t after) override {
    return now().log(run, after);
  }
  Result<std::string> text(std::string_view digest) override { return now().text(digest); }
  Result<std::vector<journal::Lock>> locks() override { return behind_.locks(); }
  Result<void> release(std::string_view resource) override { return behind_.release(resource); }
  Result<void> remove(std::string_view run) override { return now().remove(run); }
  Result<std::size_t> compact(UtcTime before) override { return behind_.compact(before); }
  Result<std::vector<std::string>> check() override { return behind_.check(); }
  std::int64_t version() override { return now().version(); }
  journal::Inbox& inbox() override { return behind_.inbox(); }

 private:
  journal::Store& now() { return kept_ ? behind_ : *memory_; }
  Result<void> keep();

  journal::Store& behind_;
  std::unique_ptr<journal::Store> memory_;
  bool kept_ = false;
  std::optional<journal::NewRun> run_;
  std::vector<std::string> texts_;
  std::vector<journal::Batch> batches_;
  Owner claim_;  // of the run in the store behind
};

}  // namespace neap::runs
