// A file whose Lua a session runs: :load FILE, neap repl FILE.
#pragma once

#include <string>

#include "base/error.h"

namespace neap::repl {

// Kind usage, with the system's reason, when it cannot be read.
Result<std::string> text_of_file(const std::string& path);

}  // namespace neap::repl
