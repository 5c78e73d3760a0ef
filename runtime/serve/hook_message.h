// The message that Auto Scaling sends when a hook holds an instance (as.md section 6): a hint of
// what to look at, written by whoever may publish on the topic.
#pragma once

#include <optional>
#include <string_view>

#include "journal/inbox.h"

namespace neap::serve {

// Nothing when the text is no such message: topics carry others too. What it names is only ever
// looked up, never believed.
std::optional<journal::HookEvent> read_hook_message(std::string_view text);

}  // namespace neap::serve
