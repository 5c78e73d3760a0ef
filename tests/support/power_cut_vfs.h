// A disk for SQLite that remembers what was done to it, fails when told to, and shows what a power
// cut could have left of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"

namespace neap::test {

struct DiskChange {
  enum class Kind { kWrite, kTruncate, kSync, kDelete };
  Kind kind = Kind::kWrite;
  std::string file;         // without its directory
  std::int64_t offset = 0;  // of a write; the new size of a truncated file
  std::string bytes;
};

// By file name; a file that is not there is absent.
using DiskImage = std::map<std::string, std::string>;

// Registered with SQLite under name() as long as it lives, in front of the system's own VFS.
class WatchedDisk {
 public:
  WatchedDisk();
  ~WatchedDisk();
  WatchedDisk(const WatchedDisk&) = delete;
  WatchedDisk& operator=(const WatchedDisk&) = delete;

  const std::string& name() const;
  // In the order in which they were done. A failed one is not among them.
  const std::vector<DiskChange>& changes() const;
  // Tried so far, the failed one included.
  std::uint64_t tried() const;
  // The change of that number (from 1, counted by tried()) fails with this SQLite result code, a
  // sync as a failed sync; of a write the first half is done. 0: none.
  void fail_at(std::uint64_t number, int code);
  bool failed() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Replays changes and makes up disks that a power cut could leave: everything that was synced, and
// of what was not any subset, in sectors of 512 bytes.
class CutDisk {
 public:
  void apply(const DiskChange& change);
  // fsync of the directory, which SQLite's files do not see: what was deleted stays so.
  void sync_directory();
  DiskImage after_cut(Random& random) const;

 private:
  struct File {
    std::optional<std::string> synced;  // nothing: not there
    std::vector<DiskChange> since;
  };
  std::map<std::string, File> files_;
};

}  // namespace neap::test
