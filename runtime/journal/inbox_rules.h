// The rules of an inbox, the same for every store.
#pragma once

#include "journal/inbox.h"

namespace neap::journal {

// A notice with the event that it belongs to.
struct NoticeRow {
  Notice notice;
  std::string event;  // empty: none
};

// What a write reads and writes, one row at a time.
class InboxRows {
 public:
  virtual ~InboxRows() = default;
  virtual std::optional<NoticeRow> notice(std::string_view message_id) = 0;
  virtual std::optional<HookEvent> event(std::string_view id) = 0;
  virtual std::optional<HookEvent> event_of(std::string_view action_key) = 0;
  virtual void add(const NoticeRow& notice) = 0;
  virtual void add(const HookEvent& event) = 0;
  virtual void put(const HookEvent& event) = 0;
  virtual void put(const Wish& wish) = 0;
  // Nothing when another has its place.
  virtual void remove(const Wish& wish) = 0;
};

// Writes nothing unless everything may be written. An error of rows leaves it to the caller to undo
// what was written.
Result<std::vector<Filed>> file(InboxRows& rows, std::span<const Arrival> arrivals,
                                std::span<const HookEvent> changed, std::span<const Wish> heeded);
Result<void> leave(InboxRows& rows, const Wish& wish);

bool is_wish(std::string_view what);

Error no_such_event(std::string_view name);
Error ambiguous_event(std::string_view name, std::string_view one, std::string_view other);
// `holder`: empty when it does not say.
Error service_in_use(std::string_view holder);

}  // namespace neap::journal
