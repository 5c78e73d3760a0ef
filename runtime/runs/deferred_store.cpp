#include "runs/deferred_store.h"

#include <algorithm>
#include <utility>

namespace neap::runs {
namespace {

using journal::Kind;

// What tells only of the run itself: lost with the process, it is learnt again.
bool can_be_learnt_again(const journal::Entry& entry) {
  switch (entry.kind) {
    case Kind::kStarted:
    case Kind::kModule:
    case Kind::kRecord:
    case Kind::kBegun:
    case Kind::kParked:
    case Kind::kEnded:
      return true;
    default:
      return false;
  }
}

bool must_be_kept(const journal::Batch& batch) {
  return !batch.lock.empty() || !batch.held.empty() ||
         !std::all_of(batch.entries.begin(), batch.entries.end(), can_be_learnt_again);
}

}  // namespace

DeferredStore::DeferredStore(journal::Store& behind)
    : behind_(behind), memory_(journal::make_memory_store()) {}

Result<journal::Run> DeferredStore::create(const journal::NewRun& run) {
  Result<journal::Run> made = memory_->create(run);
  if (!made) return made;
  run_ = run;
  run_->id = made->id;
  return made;
}

Result<std::string> DeferredStore::keep_text(std::string_view text) {
  if (kept_) return behind_.keep_text(text);
  texts_.emplace_back(text);
  return memory_->keep_text(text);
}

Result<Owner> DeferredStore::claim(std::string_view run) {
  return kept_ ? behind_.claim(run) : memory_->claim(run);
}

Result<journal::Committed> DeferredStore::commit(const journal::Batch& batch) {
  if (!kept_ && must_be_kept(batch)) {
    if (Result<void> done = keep(); !done) return tl::unexpected(std::move(done.error()));
  }
  if (kept_) return behind_.commit(batch);
  batches_.push_back(batch);
  return memory_->commit(batch);
}

// The same run with the same entries at the same times: positions and hashes come out the same, so
// whoever has read them in memory need not read again.
Result<void> DeferredStore::keep() {
  for (const std::string& text : texts_) {
    const Result<std::string> digest = behind_.keep_text(text);
    if (!digest) return tl::unexpected(digest.error());
  }
  const Result<journal::Run> made = behind_.create(*run_);
  if (!made) return tl::unexpected(made.error());
  Result<Owner> claim = behind_.claim(run_->id);
  if (!claim) return tl::unexpected(std::move(claim.error()));
  claim_ = std::move(*claim);
  for (const journal::Batch& batch : batches_) {
    const Result<journal::Committed> done = behind_.commit(batch);
    if (!done) return tl::unexpected(done.error());
  }
  kept_ = true;
  texts_.clear();
  batches_.clear();
  return {};
}

}  // namespace neap::runs
