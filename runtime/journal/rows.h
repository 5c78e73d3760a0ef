// The rows in which stores keep runs, entries and locks, and what every store can do with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journal/entry.h"

namespace neap::journal {

// A run with its facts as the text that was hashed.
struct RunRow {
  Run run;  // without facts
  std::string facts = "{}";
  std::int64_t number = 0;  // of the store's own
};

// An entry of which nothing has been interpreted: its hash covers every member above it.
struct EntryRow {
  std::int64_t position = 0;
  std::int64_t at = 0;  // milliseconds since 1970
  std::string kind;
  std::string task;
  std::int64_t sequence = 0;
  std::int64_t generation = 0;
  std::string name;
  std::string digest;
  std::string where;
  std::string body;  // JSON
  std::string hash;
};

// What a commit reads and writes, one row at a time. A lock without a run is free; its row stays,
// for the sake of its epoch.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual std::optional<RunRow> run(std::string_view id) = 0;
  virtual std::optional<Lock> lock(const std::string& resource) = 0;
  virtual std::vector<Lock> locks_of(std::string_view run) = 0;
  virtual void put(const RunRow& run) = 0;
  virtual void put(const Lock& lock) = 0;
  virtual void append(const RunRow& run, const EntryRow& entry) = 0;
};

inline std::int64_t to_milliseconds(UtcTime time) {
  return time.time_since_epoch().count();
}
inline UtcTime from_milliseconds(std::int64_t count) {
  return UtcTime(UtcTime::duration(count));
}

}  // namespace neap::journal
