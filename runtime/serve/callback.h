// One callback of a lifecycle hook: CONTINUE, ABANDON or EXTEND for one hold (as.md section 8).
#pragma once

#include <string>
#include <string_view>

#include "journal/inbox.h"
#include "serve/desk.h"

namespace neap::serve {

// What is known once it has been sent, or was not.
enum class Heard {
  kAccepted,  // the platform took it; what follows from it is asynchronous
  kNotHeld,   // the hold is not HANGING any more, or the group is gone (AS.7042, AS.2007)
  kUnknown,   // sent, and its answer lost: it may have been taken
  kNotTaken,  // certainly not taken; worth another try
};

struct CallbackAnswer {
  Heard heard = Heard::kNotTaken;
  Error error;  // unless accepted
};

// Sends it once. What the event's row says must be durable before. `done` comes from the loop.
Owner call_back(Desk& desk, const journal::HookEvent& event, std::string_view result,
                Function<void(CallbackAnswer)> done);

}  // namespace neap::serve
