// A question on the terminal, and the line that is typed in answer to it.
#pragma once

#include <optional>
#include <string_view>

#include "base/function.h"
#include "base/owner.h"
#include "loop/loop.h"

namespace neap::show {

// Writes the question to standard error and calls back from the loop: true for y or yes, nothing at
// the end of the input, false for any other line. What was typed before the question could be read
// is no answer to it.
Owner ask_on_terminal(Loop& loop, std::string_view question,
                      Function<void(std::optional<bool> yes)> done);

}  // namespace neap::show
