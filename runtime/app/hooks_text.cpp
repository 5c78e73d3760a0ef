#include "app/hooks_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "show/times.h"

namespace neap::app {
namespace {

using journal::EventStatus;
using journal::HookEvent;
using show::local_time;
using show::time_and_age;

constexpr std::size_t kErrorWidth = 60;  // in the table

std::string text_or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string status_words(EventStatus status) {
  return status == EventStatus::kSetAside ? "set aside" : std::string(to_text(status));
}

show::Style style_of(EventStatus status) {
  switch (status) {
    case EventStatus::kAnswered:
      return show::Style::kGood;
    case EventStatus::kSetAside:
      return show::Style::kBad;
    case EventStatus::kOpen:
    case EventStatus::kAnswering:
      return show::Style::kWarn;
    default:
      return show::Style::kPlain;
  }
}

// What the platform leaves of the hold; as of the last time it was asked.
std::string time_left(const HookEvent& event, UtcTime now) {
  if (!is_open(event.status) || event.deadline == UtcTime{}) return "-";
  return event.deadline > now ? format_duration(event.deadline - now) : "over";
}

std::string row(std::string_view label, const std::string& text) {
  return text.empty() ? std::string() : fmt::format("{:<12}{}\n", label, printable(text));
}

std::string name_and_id(const std::string& name, const std::string& id) {
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

std::string extended(std::int64_t times) {
  if (times == 0) return {};
  return times == 1 ? "; extended once" : fmt::format("; extended {} times", times);
}

std::string hold(const HookEvent& event, UtcTime now) {
  const bool open = is_open(event.status);
  if (event.deadline == UtcTime{}) return open ? "its end is not known yet" : "";
  std::string text = (open ? "until " : "would have ended ") + local_time(event.deadline);
  if (open && event.deadline > now) {
    text += fmt::format(" (in {})", format_duration(event.deadline - now));
  } else if (open) {
    text += ", which is over";
  }
  return text + extended(event.extends);
}

std::string attempts(const HookEvent& event) {
  if (event.attempts == 0) return "not started yet";
  return event.attempts == 1 ? "started once" : fmt::format("started {} times", event.attempts);
}

std::string heading(const HookEvent& event, UtcTime now) {
  const bool heard = event.source == "message";
  std::string instance = name_and_id(event.instance_name, event.instance_id);
  if (!event.instance_ip.empty()) instance += ", " + event.instance_ip;
  std::string text;
  text += row("event", event.id);
  text += row("status", fmt::format("{} since {}", status_words(event.status),
                                    time_and_age(event.changed, now)));
  text += row("hook", fmt::format("{}, {}", event.hook_name, event.hook_type));
  text += row("group", name_and_id(event.group_name, event.group_id));
  text += row("instance", instance);
  text += row("heard of", fmt::format("{}, {}", time_and_age(event.created, now),
                                      heard ? "by a message" : "in the list of held instances"));
  text += row("held", hold(event, now));
  text += row("handler", attempts(event));
  text += row("result", event.result);
  text += row("error", event.error);
  text += row("metadata", event.metadata);
  text += row("action key", event.action_key);
  return text;
}

std::string asked_for(const journal::Wish& wish, UtcTime now) {
  const bool answer = wish.what == "CONTINUE" || wish.what == "ABANDON";
  return fmt::format("{}{}, by {} at {}; not seen to yet", answer ? "discard --result " : "",
                     wish.what, wish.by, time_and_age(wish.at, now));
}

std::string command(const std::string& words, const std::string& effect) {
  return fmt::format("  neap hooks {}\n    {}\n", words, effect);
}

std::string advice(const EventView& view) {
  const HookEvent& event = view.event;
  if (!is_open(event.status)) return {};
  std::string text = "\n";
  if (event.status == EventStatus::kSetAside) {
    text += "It was given up; the hold goes on until it is answered or over.\n";
  }
  text += view.served.empty()
              ? "No neap serve works on this journal: what is asked for waits for the next one.\n"
              : printable(view.served) + ".\n";
  const bool leaves = event.hook_type == "INSTANCE_TERMINATING";
  text += command("retry " + event.id, "has its handler run anew");
  text += command("discard " + event.id + " --result CONTINUE",
                  leaves ? "answers for it: the instance is removed once no other hook holds it"
                         : "answers for it: the instance is put to work");
  text += command("discard " + event.id + " --result ABANDON",
                  leaves ? "answers for it: the instance is removed now, whatever other hooks do"
                         : "answers for it: the instance is removed, and another one made");
  text += command("discard " + event.id,
                  "gives no answer: the hook's default decides once the hold is over");
  return text;
}

}  // namespace

show::Table events_table(std::span<const HookEvent> events, UtcTime now) {
  show::Table table({{"EVENT"},
                     {"AGE"},
                     {"GROUP"},
                     {"HOOK"},
                     {"INSTANCE"},
                     {"STATUS"},
                     {"ATTEMPTS"},
                     {"LEFT"},
                     {"ERROR", 20}});
  const auto cell = [](const std::string& text) {
    return show::Cell{printable(text_or_dash(text))};
  };
  for (const HookEvent& event : events) {
    table.add({cell(event.id),
               cell(format_duration(std::max<Duration>(now - event.created, Duration::zero()))),
               cell(event.group_name.empty() ? event.group_id : event.group_name),
               cell(event.hook_name),
               cell(event.instance_name.empty() ? event.instance_id : event.instance_name),
               {status_words(event.status), {}, style_of(event.status)},
               cell(std::to_string(event.attempts)),
               cell(time_left(event, now)),
               cell(show::fit(event.error, kErrorWidth))});
  }
  return table;
}

std::string event_text(const EventView& view, UtcTime now) {
  std::string text = heading(view.event, now);
  if (view.has_run) text += row("log", "neap runs logs " + view.event.run);
  if (view.wish) text += row("asked for", asked_for(*view.wish, now));
  return text + advice(view);
}

}  // namespace neap::app
