// What neap serve was told and what became of it: messages by their ids, and the events of
// lifecycle hooks until each is answered (as.md sections 6 to 8, smn.md section 5). The interface
// names no database, as Store does not.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/owner.h"
#include "base/time.h"

namespace neap::journal {

enum class EventStatus {
  kOpen,       // to be worked on; its handler may be running
  kAnswering,  // an answer was decided, and may have been sent: decided again only if it proves not
               // to have arrived
  kAnswered,   // our answer holds: accepted, and read back
  kGone,       // the hold ended otherwise: another's answer, the default, or the instance is gone
  kSetAside,   // given up after so many attempts; waits for an operator
  kDiscarded,  // an operator ended it
};
std::string_view to_text(EventStatus status);  // "open", "answering", …, "set_aside", "discarded"
std::optional<EventStatus> parse_event_status(std::string_view text);
inline bool is_open(EventStatus status) {
  return status == EventStatus::kOpen || status == EventStatus::kAnswering ||
         status == EventStatus::kSetAside;
}

// One hold of one instance by one hook.
struct HookEvent {
  // 10 characters like a run's. Of an arrival: empty, or the one it gets unless an event has it
  // already.
  std::string id;
  std::string action_key;  // unique: one event for each hold
  std::string group_id;
  std::string group_name;
  std::string instance_id;
  std::string instance_name;
  std::string instance_ip;
  std::string hook_name;
  std::string hook_type;
  std::string metadata;
  std::string source;  // "message" or "reconciler": which was here first
  EventStatus status = EventStatus::kOpen;
  UtcTime created{};
  UtcTime changed{};
  UtcTime deadline{};           // of the hold, as last read; epoch 0: not read yet
  std::int64_t attempts = 0;    // how often its handler has run, or was started last
  std::int64_t interrupts = 0;  // how often the process ended while it ran
  std::int64_t extends = 0;     // accepted EXTENDs
  std::string result;           // decided: CONTINUE or ABANDON
  std::string error;            // why the last attempt failed, one line
  std::string path;             // of the request that brought the message; empty: none did
  std::string run;              // of the handler's latest attempt; empty: there was none
  bool notified = false;        // a notification about its end was delivered, or none is wanted
  bool operator==(const HookEvent&) const = default;
};

// A message that was received. Neither its text nor a link in it is kept.
struct Notice {
  std::string message_id;
  std::string topic_urn;
  UtcTime received{};
  UtcTime timestamp{};  // the sender's
};

struct Arrival {
  std::optional<Notice> notice;    // nothing: found by the reconciler
  std::optional<HookEvent> event;  // nothing: only the message's id is to be remembered
};

enum class Filing {
  kNew,           // the event is in the inbox now
  kKnownMessage,  // received before; nothing was written
  kKnownEvent,    // the event was there; the message's id is remembered now
  kNoted,         // the message's id is remembered now, and there is no event in it
};
struct Filed {
  Filing filing = Filing::kNew;
  // The id of the event that the arrival brought, or belongs to; empty: to none. That of a known
  // message may have been forgotten since.
  std::string event;
};

// An operator's word about an event, left for the process that serves. It stays until what came of
// it is durable.
struct Wish {
  std::string event;  // its whole id
  std::string what;   // "retry", "discard", "CONTINUE" or "ABANDON"
  std::string by;     // "anna@dr-1 (pid 4711)"
  UtcTime at{};
  bool operator==(const Wish&) const = default;
};

// Errors as a Store's: conflict (another process serves; the event has ended), not_found, usage
// (several events are meant), argument (what is to be kept says too little), closed (a write
// failed: nothing more is written through this), internal (damaged; the row is named).
class Inbox {
 public:
  virtual ~Inbox() = default;

  // One durable write for all of it, or nothing: the arrivals in their order, each compared with
  // what is there by message id, then by action key; then events as they are now; wishes that are
  // heeded by it go, but for one that was replaced meanwhile. What came may be acknowledged once
  // this has returned, and not before. Of a changed event the id says which is meant, `action_key`
  // and `created` stay as they were, and `changed` never goes back; a change to an event that is
  // not there is not_found. One Filed for each arrival.
  virtual Result<std::vector<Filed>> write(std::span<const Arrival> arrivals,
                                           std::span<const HookEvent> changed,
                                           std::span<const Wish> heeded) = 0;
  Result<std::vector<Filed>> write(std::span<const Arrival> arrivals,
                                   std::span<const HookEvent> changed) {
    return write(arrivals, changed, {});
  }

  // In the order in which they came. For the start: it looks at every event.
  virtual Result<std::vector<HookEvent>> open_events() = 0;
  // Newest first. At most `limit`.
  virtual Result<std::vector<HookEvent>> events(std::optional<EventStatus> status = {},
                                                std::size_t limit = 1000) = 0;
  // By action key, by id, or by the unambiguous beginning of an id.
  virtual Result<HookEvent> find_event(std::string_view name) = 0;

  // Leaves a word, from any process; it replaces an older one about the same event. Conflict for an
  // event that has ended.
  virtual Result<void> wish(const Wish& wish) = 0;
  // Oldest first: for the process that serves, which version() of the Store tells of new ones.
  virtual Result<std::vector<Wish>> wishes() = 0;

  // Held until the Owner is dropped, or the process dies however it dies: one process serves. The
  // conflict has code kLockHeld and names the process that does.
  virtual Result<Owner> claim_service() = 0;

  // Removes events that ended before, and notices received before; never an event that is open. Of
  // each at most kForgottenAtOnce, so that nobody waits long: whoever wants all gone asks until it
  // is 0. How many events and notices went. `before` must lie at least kRemembered back: SMN
  // delivers again for a day, and a hold lasts another.
  virtual Result<std::size_t> forget(UtcTime before) = 0;
};

inline constexpr std::chrono::hours kRemembered{48};
inline constexpr std::size_t kForgottenAtOnce = 1000;

}  // namespace neap::journal
