#include "app/effect_text.h"

#include <fmt/format.h>

#include "base/text.h"
#include "runs/sentences.h"
#include "show/times.h"

namespace neap::app {
namespace {

using journal::Logged;

std::string with(std::string_view lead, const std::string& text) {
  return text.empty() ? std::string() : std::string(lead) + text;
}

// Until when the doubt can resolve itself.
std::string window(const runs::EffectStory& effect, UtcTime now) {
  if (!effect.open_until) {
    return "Nothing says until when it may still take effect.";
  }
  const std::string until = show::local_time(*effect.open_until);
  if (*effect.open_until > now) {
    return fmt::format("It may still take effect until {} (in {}).", until,
                       format_duration(*effect.open_until - now));
  }
  return fmt::format("Since {} it can take effect no more; it may have before.", until);
}

// Looking again; not where looking has said all that it can, for there resuming does not look.
std::string look_again(const journal::Run& run, const runs::EffectStory& effect) {
  if (effect.standing == runs::Standing::kOperator) {
    return "       Looking has not told; the run goes on with your word alone.\n";
  }
  return fmt::format(
      "       neap resume {}\n"
      "         looks at the cloud again\n",
      run.id);
}

// What the operator can do; the commands stand ready to be copied.
std::string choices(const journal::Run& run, const runs::EffectStory& effect, UtcTime now) {
  const std::string resolve = fmt::format("neap resolve {} {}", run.id, to_text(effect.step));
  const bool still_open = effect.open_until && *effect.open_until > now;
  const std::string after =
      still_open ? "after " + show::local_time(*effect.open_until) + ", " : std::string();
  return fmt::format(
      "       Whether it happened is not known. {}\n"
      "{}"
      "       {} --happened --why \"…\"\n"
      "         you have seen that it happened\n"
      "       {} --did-not --why \"…\"\n"
      "         you have seen, {}that it did not: it may be sent again\n",
      window(effect, now), look_again(run, effect), resolve, resolve, after);
}

}  // namespace

std::string effect_text(const journal::Run& run, const runs::EffectStory& effect, UtcTime now) {
  const bool doubt = is_open(effect) && (effect.standing != runs::Standing::kSent ||
                                         run.status != journal::Status::kRunning);
  const std::string_view standing =
      doubt && effect.standing == runs::Standing::kSent ? "in doubt" : to_text(effect.standing);
  std::string text = fmt::format("  {}  {}{}: {}{}\n", to_text(effect.step),
                                 printable(effect.operation), with(", ", printable(effect.where)),
                                 standing, effect.undone ? " (before the run was taken back)" : "");
  for (const Logged* entry : effect.entries) {
    text += fmt::format("       {}  {}\n", show::local_time(entry->at),
                        printable(runs::transition_sentence(*entry, show::local_time)));
  }
  if (is_open(effect) && !has_ended(run.status)) text += choices(run, effect, now);
  return text;
}

json::Object effect_json(const runs::EffectStory& effect) {
  json::Object object;
  object.set("step", to_text(effect.step));
  object.set("operation", effect.operation);
  object.set("where", effect.where);
  object.set("standing", to_text(effect.standing));
  object.set("open", is_open(effect));
  object.set("undone", effect.undone);
  object.set("attempts", effect.attempt);
  const auto time = [](const std::optional<UtcTime>& at) {
    return at ? json::Value(format_iso(*at)) : json::Value();
  };
  object.set("sent_at", time(effect.sent_at));
  object.set("open_until", time(effect.open_until));
  return object;
}

}  // namespace neap::app
