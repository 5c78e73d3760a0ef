// Files that stand for what one process at a time may hold; the kernel lets go of them when that
// process dies, however it dies.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "base/owner.h"
#include "base/time.h"

namespace neap::journal {

// Who holds what: "anna@dr-1 (pid 4711)".
std::string this_process();

// flock(2) on an open file, which also says who holds it. Not copied: the lock belongs to the open
// file.
class FileLock {
 public:
  explicit FileLock(std::string path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // Makes the file, mode 0600, when it is not there. Kind config.
  Result<void> open();
  bool is_open() const { return descriptor_ >= 0; }
  // Whether the file of that name is still the one that was opened.
  bool in_place() const;
  bool try_lock();
  // Waits until `patience` is over. Whether it is held now.
  bool lock(Duration patience);
  void unlock();
  void remove();  // the file; while it is held

  // Of whom the file speaks, "anna@dr-1 (pid 4711) since 2026-…"; empty when it does not say.
  std::string holder() const;

 private:
  void sign();
  std::string line() const;
  std::string path_;
  std::string who_;
  std::string signed_;  // the line as this wrote it last
  UtcTime signed_at_{};
  int descriptor_ = -1;
};

// Holds the file until the Owner is dropped, and removes it then. Kind conflict: somebody else
// does; the error's message is just who.
Result<Owner> hold_file(const std::string& path);
// Whether another process holds the file; it is not made. `holder`: who.
bool is_held(const std::string& path, std::string& holder);

}  // namespace neap::journal
