// The tables of a journal and how those of an older version become this one's.
#pragma once

#include <cstdint>
#include <string>

#include "journal/sqlite.h"

namespace neap::journal {

// Of SQLite's user_version: how many migrations a journal has seen.
std::int64_t newest_version();

// Sets what holds for this connection, not for the file.
void prepare_connection(sqlite::Database& db);
// Whether the tables are not those of this version yet. Refusal, kind config: the journal is of a
// newer version, or another program's.
bool needs_migration(sqlite::Database& db, const std::string& file);
// To be called outside a transaction, by one process at a time.
void migrate(sqlite::Database& db);

}  // namespace neap::journal
