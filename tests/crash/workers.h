// Work on as many cases at once as the machine has processors, each in a process of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crash/wire.h"

namespace neap::test {

// Calls `work(case, directory)` for every case from 0 on, in worker processes, and `take` here with
// what it returned, in no particular order. What `work` throws comes back as {"threw", message}.
// The directory is the worker's own, below `place`, and empty when the work is.
void work_through(std::size_t cases, const std::string& place,
                  const std::function<Message(std::size_t, const std::string&)>& work,
                  const std::function<void(std::size_t, const Message&)>& take);

// A directory that is gone with this object.
class Scratch {
 public:
  // On a real disk, or in memory where the machine has such a place.
  enum Kind { kDisk, kFast };
  explicit Scratch(Kind kind = kDisk);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace neap::test
