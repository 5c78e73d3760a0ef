// Runs, their logs and their locks as people and as programs read them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "journal/entry.h"
#include "runs/run_story.h"
#include "show/table.h"

namespace neap::app {

// For programs; names and shapes are fixed (docs/guide/operations.md).
json::Object run_json(const journal::Run& run);
json::Object entry_json(const journal::Logged& entry);
json::Object lock_json(const journal::Lock& lock);
// The whole of a run: {"format":"neap.run/1", …}.
json::Object run_document(const journal::Run& run, std::span<const journal::Logged> log,
                          bool entries);

// For people. Everything that came from outside is made safe to print; times are local, and say how
// long ago they were at `now`.
show::Table runs_table(std::span<const journal::Run> runs, UtcTime now);
show::Table locks_table(std::span<const journal::Lock> locks, UtcTime now);
std::string run_text(const journal::Run& run, std::span<const journal::Logged> log, UtcTime now);
// One line, with its line break.
std::string entry_line(const journal::Logged& entry);

}  // namespace neap::app
