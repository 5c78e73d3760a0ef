#include "app/effect_text.h"

#include <fmt/format.h>

#include "app/runs_text.h"
#include "base/text.h"
#include "cloud/look.h"
#include "json/writer.h"

namespace neap::app {
namespace {

using journal::Kind;
using journal::Logged;

// Text as it is, fields as "status protected, priority_station source", the rest as JSON.
std::string said(const json::Value* value) {
  if (value == nullptr || value->is_null()) return {};
  if (const auto* text = value->as<std::string>()) return *text;
  const auto* object = value->as<json::Object>();
  if (object == nullptr) return json::write(*value);
  std::vector<std::string> parts;
  for (const auto& [key, field] : *object) parts.push_back(key + " " + said(&field));
  return join(parts, ", ");
}

std::string said(const Logged& entry, std::string_view key) {
  return said(entry.body.find(key));
}

std::string with(std::string_view lead, const std::string& text) {
  return text.empty() ? std::string() : std::string(lead) + text;
}

// The catalogue's entry for what was called; nullptr for a raw call.
const cloud::Operation* operation_of(const Logged& entry) {
  const std::size_t colon = entry.name.find(':');
  if (colon == std::string::npos) return cloud::find_operation("sdrs", entry.name);
  return cloud::find_operation(entry.name.substr(0, colon), entry.name.substr(colon + 1));
}

// What a look at the cloud showed: "group demo is protected, production is source".
std::string seen(const Logged& entry, std::string_view key) {
  const json::Object* fields = entry.body.object(key);
  const cloud::Operation* operation = operation_of(entry);
  if (fields == nullptr || fields->empty()) return {};
  if (operation == nullptr) return said(entry, key);
  return describe(*operation, cloud::parse_view(*fields));
}

std::string looked_sentence(const Logged& entry) {
  const std::string verdict = said(entry, "verdict");
  std::string meaning = verdict;
  if (verdict == "unchanged") meaning = "as before it was sent";
  if (verdict == "under_way") meaning = "it happened, and goes on";
  if (verdict == "happened") meaning = "it happened";
  if (verdict == "failed") meaning = "it happened, and failed";
  if (verdict == "unclear") meaning = "which does not tell whether it happened";
  return "looked" + with(": ", seen(entry, "state")) + with(" - ", meaning);
}

std::string error_of(const Logged& entry) {
  const json::Object* error = entry.body.object("error");
  return error != nullptr ? error->text("message") : said(entry, "error");
}

std::string sent_sentence(const Logged& entry) {
  const std::string attempt = said(entry, "attempt");
  const auto until = time_in(entry.body, "valid_until");
  return fmt::format("sent{}{}", attempt == "1" || attempt.empty() ? "" : ", attempt " + attempt,
                     until ? "; it can take effect until " + local_time(*until)
                           : std::string("; nothing limits when it can take effect"));
}

std::string accepted_sentence(const Logged& entry) {
  return (entry.body.flag("adopted") ? "found under way in the cloud" : "accepted") +
         with(", job ", said(entry, "job_id"));
}

std::string proof_sentence(const Logged& entry) {
  const std::string proof = said(entry, "proof");
  std::string reason = "repeating it changes nothing more";
  if (proof == "P1") reason = "no byte of it left this machine";
  if (proof == "P2") reason = "the platform refused it before doing anything";
  if (proof == "P3") reason = "it can take effect no more, and the cloud is as it was before";
  if (proof == "P4") reason = "an operator said so";
  return fmt::format("had no effect ({}): {}; it may be sent again", proof, reason);
}

std::string resolved_sentence(const Logged& entry) {
  return fmt::format("{} said that it {}{}", said(entry, "by"),
                     entry.body.flag("happened") ? "happened" : "did not happen",
                     with(": ", said(entry, "why")));
}

std::string sentence(const Logged& entry) {
  switch (entry.kind) {
    case Kind::kIntent:
      return "intended" + with("; before it ", seen(entry, "snapshot"));
    case Kind::kSent:
      return sent_sentence(entry);
    case Kind::kAccepted:
      return accepted_sentence(entry);
    case Kind::kRefused:
      return "refused" + with(": ", error_of(entry));
    case Kind::kUnknown:
      return "its outcome is unknown" + with(": ", said(entry, "why"));
    case Kind::kObserved:
      return looked_sentence(entry);
    case Kind::kProof:
      return proof_sentence(entry);
    case Kind::kDone:
      return "done" + with(": ", said(entry, "evidence"));
    case Kind::kFailed:
      return "failed" + with(": ", said(entry, "evidence"));
    case Kind::kOperator:
      return "left to an operator" + with(": ", said(entry, "question"));
    case Kind::kResolved:
      return resolved_sentence(entry);
    default:
      return std::string(to_text(entry.kind));
  }
}

// Until when the doubt can resolve itself.
std::string window(const EffectStory& effect, UtcTime now) {
  if (!effect.open_until) {
    return "Nothing says until when it may still take effect.";
  }
  const std::string until = local_time(*effect.open_until);
  if (*effect.open_until > now) {
    return fmt::format("It may still take effect until {} (in {}).", until,
                       format_duration(*effect.open_until - now));
  }
  return fmt::format("Since {} it can take effect no more; it may have before.", until);
}

// What the operator can do; the commands stand ready to be copied.
std::string choices(const journal::Run& run, const EffectStory& effect, UtcTime now) {
  const std::string resume = "neap resume " + run.id;
  const std::string resolve = fmt::format("neap resolve {} {}", run.id, to_text(effect.step));
  const bool still_open = effect.open_until && *effect.open_until > now;
  const std::string after =
      still_open ? "after " + local_time(*effect.open_until) + ", " : std::string();
  return fmt::format(
      "       Whether it happened is not known. {}\n"
      "       {}\n"
      "         looks at the cloud again\n"
      "       {} --happened --why \"…\"\n"
      "         you have seen that it happened\n"
      "       {} --did-not --why \"…\"\n"
      "         you have seen, {}that it did not: it may be sent again\n",
      window(effect, now), resume, resolve, resolve, after);
}

}  // namespace

std::string effect_text(const journal::Run& run, const EffectStory& effect, UtcTime now) {
  const bool doubt = is_open(effect) && (effect.standing != Standing::kSent ||
                                         run.status != journal::Status::kRunning);
  const std::string_view standing =
      doubt && effect.standing == Standing::kSent ? "in doubt" : to_text(effect.standing);
  std::string text = fmt::format("  {}  {}{}: {}{}\n", to_text(effect.step),
                                 printable(effect.operation), with(", ", printable(effect.where)),
                                 standing, effect.undone ? " (before the run was taken back)" : "");
  for (const Logged* entry : effect.entries) {
    text += fmt::format("       {}  {}\n", local_time(entry->at), printable(sentence(*entry)));
  }
  if (is_open(effect) && !has_ended(run.status)) text += choices(run, effect, now);
  return text;
}

json::Object effect_json(const EffectStory& effect) {
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
