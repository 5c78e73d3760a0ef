#include "journal/inbox_rules.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "journal/apply.h"

namespace neap::journal {
namespace {

constexpr std::array<std::string_view, 4> kWishes{"retry", "discard", "CONTINUE", "ABANDON"};

// Why the arrival cannot be kept; nothing when it can.
std::optional<Error> unfit(const Arrival& arrival) {
  const auto lacks = [](std::string what) {
    return Error{ErrorKind::kArgument, fmt::format("{} cannot be kept in the inbox", what), ""};
  };
  if (!arrival.notice && !arrival.event) return lacks("an arrival without message and event");
  if (arrival.notice && arrival.notice->message_id.empty()) return lacks("a message without an id");
  if (arrival.event && arrival.event->action_key.empty()) {
    return lacks("an event without an action key");
  }
  return std::nullopt;
}

HookEvent begun(InboxRows& rows, HookEvent event) {
  while (event.id.empty() || rows.event(event.id)) event.id = fresh_id();
  event.changed = std::max(event.changed, event.created);
  return event;
}

Filed file(InboxRows& rows, const Arrival& arrival) {
  if (arrival.notice) {
    const std::optional<NoticeRow> known = rows.notice(arrival.notice->message_id);
    if (known) return {Filing::kKnownMessage, known->event};
  }
  Filed filed{Filing::kNoted, {}};
  if (arrival.event) {
    if (const auto known = rows.event_of(arrival.event->action_key)) {
      filed = {Filing::kKnownEvent, known->id};
    } else {
      const HookEvent event = begun(rows, *arrival.event);
      rows.add(event);
      filed = {Filing::kNew, event.id};
    }
  }
  if (arrival.notice) rows.add(NoticeRow{*arrival.notice, filed.event});
  return filed;
}

void change(InboxRows& rows, const HookEvent& before, HookEvent event) {
  event.action_key = before.action_key;
  event.created = before.created;
  event.changed = std::max(event.changed, before.changed);
  rows.put(event);
}

std::string ending(const HookEvent& event) {
  switch (event.status) {
    case EventStatus::kAnswered:
      return fmt::format("answered with {}", printable(event.result));
    case EventStatus::kGone:
      return "gone before it was answered";
    default:
      return std::string(to_text(event.status));
  }
}

}  // namespace

Result<std::vector<Filed>> file(InboxRows& rows, std::span<const Arrival> arrivals,
                                std::span<const HookEvent> changed, std::span<const Wish> heeded) {
  for (const Arrival& arrival : arrivals) {
    if (std::optional<Error> problem = unfit(arrival)) return tl::unexpected(*std::move(problem));
  }
  for (const HookEvent& event : changed) {
    if (!rows.event(event.id)) return tl::unexpected(no_such_event(event.id));
  }
  std::vector<Filed> filed;
  filed.reserve(arrivals.size());
  for (const Arrival& arrival : arrivals) filed.push_back(file(rows, arrival));
  // Read again: an event may be among them twice.
  for (const HookEvent& event : changed) change(rows, *rows.event(event.id), event);
  for (const Wish& wish : heeded) rows.remove(wish);
  return filed;
}

Result<void> leave(InboxRows& rows, const Wish& wish) {
  if (!is_wish(wish.what)) {
    return fail(ErrorKind::kArgument,
                fmt::format("nobody can do \"{}\" with an event", printable(wish.what)),
                "say retry, discard, CONTINUE or ABANDON");
  }
  const std::optional<HookEvent> event = rows.event(wish.event);
  if (!event) return tl::unexpected(no_such_event(wish.event));
  if (!is_open(event->status)) {
    return fail(ErrorKind::kConflict,
                fmt::format("event {} has ended: {} at {}", event->id, ending(*event),
                            format_iso(event->changed)),
                fmt::format("neap hooks show {} says what became of it", event->id));
  }
  rows.put(wish);
  return {};
}

bool is_wish(std::string_view what) {
  return std::find(kWishes.begin(), kWishes.end(), what) != kWishes.end();
}

Error no_such_event(std::string_view name) {
  return {ErrorKind::kNotFound, fmt::format("the inbox holds no event \"{}\"", printable(name)),
          "neap hooks ls lists them"};
}

Error ambiguous_event(std::string_view name, std::string_view one, std::string_view other) {
  return {
      ErrorKind::kUsage,
      fmt::format("\"{}\" begins the names of several events: {}, {}", printable(name), one, other),
      "give more of it"};
}

Error service_in_use(std::string_view holder) {
  Error error{ErrorKind::kConflict,
              fmt::format("this journal's hooks are being served by {}",
                          holder.empty() ? "another process" : printable(holder)),
              "stop that process, or name another directory with --state-dir"};
  error.code = kLockHeld;
  return error;
}

}  // namespace neap::journal
