// Whether a directory can hold a journal, and making it so.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace neap::journal {

// Makes the directory, mode 0700, with those above it, unless only to be read. Kind config: it is a
// file, cannot be written, or lies where locks and syncs cannot be relied upon.
Result<void> prepare_directory(const std::string& directory, bool read_only);
// Makes the file, mode 0600, when it is not there, and takes from others what they may do with it.
Result<void> prepare_file(const std::string& path);
// So that a power cut does not undo that files were made. Kind closed.
Result<void> sync_directory(const std::string& directory);

// The name of the file system of statfs's f_type, when it is one over a network (or a FUSE, behind
// which there may be one).
std::optional<std::string_view> network_file_system(long type);

}  // namespace neap::journal
