#include "runs/sentences.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/look.h"
#include "json/writer.h"

namespace neap::runs {
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

std::string sent_sentence(const Logged& entry, const ShowTime& show) {
  const std::string attempt = said(entry, "attempt");
  const auto until = time_in(entry.body, "valid_until");
  return fmt::format("sent{}{}", attempt == "1" || attempt.empty() ? "" : ", attempt " + attempt,
                     until ? "; it can take effect until " + show(*until)
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

}  // namespace

const cloud::Operation* operation_of(const Logged& entry) {
  const std::size_t colon = entry.name.find(':');
  if (colon != std::string::npos) {
    return cloud::find_operation(entry.name.substr(0, colon), entry.name.substr(colon + 1));
  }
  const auto operations = cloud::catalog();
  const auto found = std::find_if(operations.begin(), operations.end(), [&](const auto& operation) {
    return operation.name == entry.name && operation.effect != cloud::Effect::kRead;
  });
  return found == operations.end() ? nullptr : &*found;
}

std::string transition_sentence(const Logged& entry, const ShowTime& show) {
  switch (entry.kind) {
    case Kind::kIntent:
      return "intended" + with("; before it ", seen(entry, "snapshot"));
    case Kind::kSent:
      return sent_sentence(entry, show);
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

std::string decision_sentence(const Logged& entry) {
  const json::Object& body = entry.body;
  const std::string by = body.text("by");
  const std::string why = body.text("why").empty() ? "" : ": " + body.text("why");
  const std::string step = body.text("step");
  if (entry.kind == Kind::kCancel) return by + " asked for the run to end" + why;
  if (entry.kind == Kind::kRewound) {
    return fmt::format("{} took the run back to the start of \"{}\"{}", by, step, why);
  }
  const json::Value* value = body.find("value");
  return value == nullptr ? fmt::format("{} had \"{}\" left out{}", by, step, why)
                          : fmt::format("{} set the result of \"{}\" to {}{}", by, step,
                                        json::write(*value), why);
}

std::string answer_sentence(const QuestionStory& question) {
  const json::Object& body = question.answered->body;
  if (question.answered->kind != Kind::kAnswered) return "answered";
  const std::string comment = body.text("comment");
  return fmt::format("{} by {}{}", body.flag("yes") ? "approved" : "rejected", body.text("by"),
                     comment.empty() ? "" : ": " + comment);
}

}  // namespace neap::runs
