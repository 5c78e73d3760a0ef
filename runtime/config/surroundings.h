// What settings and credentials are read from besides the command line: environment variables and
// files. Handed in, so that tests need neither a home nor a changed environment.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/error.h"

namespace neap::config {

// The value of a variable. Callers take an empty one for one that is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

struct File {
  std::string text;
  bool others_can_read = false;  // group or world
};

// The file of that path; nothing when there is none. Kind config when it is there but cannot be
// read, is no regular file or is larger than 1 MiB.
using ReadFile = std::function<Result<std::optional<File>>(const std::string& path)>;

struct Surroundings {
  Environment environment;
  ReadFile read_file;

  // Nothing when the variable is unset or empty.
  std::optional<std::string> variable(const std::string& name) const;
  // $HOME; empty when there is none, as in some services.
  std::string home() const;
};

// Those of this process.
Surroundings process_surroundings();

}  // namespace neap::config
