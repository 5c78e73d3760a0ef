// Events of lifecycle hooks as people read them.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "journal/inbox.h"
#include "show/table.h"

namespace neap::app {

// Times are local, and say how long ago they were at `now`.
show::Table events_table(std::span<const journal::HookEvent> events, UtcTime now);

struct EventView {
  journal::HookEvent event;
  std::string served;    // who serves this journal, as a sentence; empty: nobody
  bool has_run = false;  // its handler's run was kept
  std::optional<journal::Wish> wish = std::nullopt;  // an operator's word that nobody heeded yet
};
// Everything that is known, and what one can do now.
std::string event_text(const EventView& view, UtcTime now);

}  // namespace neap::app
