#include "cloud/effect_story.h"

#include <algorithm>
#include <charconv>

#include "journal/error_body.h"

namespace neap::cloud {
namespace {

using journal::Kind;

int attempt_of(const json::Object& body) {
  return static_cast<int>(body.number("attempt").value_or(0));
}

void read_intent(Story& story, const json::Object& body) {
  story.intended = true;
  story.marked = !body.text("marker").empty();
  if (const json::Object* snapshot = body.object("snapshot")) story.before = parse_view(*snapshot);
}

void read_sent(Story& story, const json::Object& body) {
  story.phase = Phase::kSent;
  story.attempt = attempt_of(body);
  story.sent_at = parse_time(body.text("sign_time")).value_or(UtcTime{});
  story.valid_until = parse_time(body.text("valid_until"));
  story.seen.reset();
}

void read_accepted(Story& story, const json::Object& body) {
  story.phase = Phase::kAccepted;
  story.job_id = body.text("job_id");
  story.answer.status = static_cast<int>(body.number("http_status").value_or(200));
  story.answer.body = body.text("body");
}

void read_refused(Story& story, const json::Object& body) {
  const std::string proof = body.text("proof");
  const bool goes_on = proof == "P1" || body.flag("again");
  story.phase = Phase::kRefused;
  if (goes_on) story.allow(proof);
  if (const json::Object* error = body.object("error")) story.error = journal::error_of(*error);
}

void read_proof(Story& story, const json::Object& body) {
  story.phase = Phase::kFree;
  story.license = body.text("proof");
  if (story.license != "P4") ++story.proved;
}

void read_transition(Story& story, const journal::Entry& entry) {
  const json::Object& body = entry.body;
  switch (entry.kind) {
    case Kind::kIntent:
      return read_intent(story, body);
    case Kind::kSent:
      return read_sent(story, body);
    case Kind::kAccepted:
      return read_accepted(story, body);
    case Kind::kRefused:
      return read_refused(story, body);
    case Kind::kUnknown:
      story.phase = Phase::kDoubt;
      story.why = body.text("why");
      return;
    case Kind::kObserved:
      if (const json::Object* state = body.object("state")) story.seen = parse_view(*state);
      return;
    case Kind::kProof:
      return read_proof(story, body);
    case Kind::kOperator:
      story.phase = Phase::kAsked;
      story.question = body.text("question");
      return;
    case Kind::kResolved:
      story.phase = body.flag("happened") ? Phase::kHappened : Phase::kDidNot;
      return;
    default:  // how its work ended changes nothing of the answer
      return;
  }
}

}  // namespace

Story read_story(const std::vector<const journal::Entry*>& history) {
  Story story;
  for (const journal::Entry* entry : history) read_transition(story, *entry);
  return story;
}

std::optional<UtcTime> parse_time(std::string_view text) {
  constexpr std::size_t kWhole = 24;  // 2026-11-21T23:05:07.123Z
  constexpr std::size_t kSeconds = 19;
  if (text.size() != kWhole) return std::nullopt;
  std::string basic(text.substr(0, kSeconds));
  basic.erase(
      std::remove_if(basic.begin(), basic.end(), [](char c) { return c == '-' || c == ':'; }),
      basic.end());
  const Result<UtcTime> second = parse_basic(basic + "Z");
  int milliseconds = 0;
  const char* const digits = text.data() + kSeconds + 1;
  const auto [end, problem] = std::from_chars(digits, digits + 3, milliseconds);
  if (!second || problem != std::errc() || end != digits + 3) return std::nullopt;
  return *second + std::chrono::milliseconds{milliseconds};
}

}  // namespace neap::cloud
