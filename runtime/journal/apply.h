// The rules of a commit, the same for every store.
#pragma once

#include "journal/chain.h"
#include "journal/rows.h"
#include "journal/store.h"

namespace neap::journal {

// Writes nothing unless everything may be written: the epoch, the expectation and every lock is
// checked first. An error of rows leaves it to the caller to undo what was written.
Result<Committed> apply(Rows& rows, Chain& chain, const Batch& batch);

// The row of a run that begins, in epoch 1, under that id. Kind argument as in Chain::append.
Result<RunRow> begin(Chain& chain, const NewRun& run, std::string id);
// Ten characters, of which none looks like another.
std::string fresh_id();

Lock freed(Lock lock);

Error no_such_run(std::string_view id);
Error ambiguous_run(std::string_view id, std::string_view one, std::string_view other);
Error not_ended(const Run& run);
Error run_in_use(std::string_view run, std::string_view holder);
Error no_such_text(std::string_view digest);
Error no_such_lock(std::string_view resource);

}  // namespace neap::journal
