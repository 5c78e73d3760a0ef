// An event of the inbox as a JSON object, for commands and notifications.
#pragma once

#include "journal/inbox.h"
#include "json/value.h"

namespace neap::journal {

// Every member is always there. Times are as in format_iso; the deadline is null until it was read,
// the result until it was decided.
json::Object event_json(const HookEvent& event);

}  // namespace neap::journal
