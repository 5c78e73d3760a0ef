// Writing what was asked for into a file.
#pragma once

#include <string>

#include "base/error.h"

namespace neap::app {

// Complete or not there at all, and for nobody else to read: it says what was done to which group.
Result<void> write_file(const std::string& path, const std::string& text);

}  // namespace neap::app
