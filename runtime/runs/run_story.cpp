#include "runs/run_story.h"

#include <map>

#include "cloud/effect_story.h"
#include "json/document.h"

namespace neap::runs {
namespace {

using journal::Kind;
using journal::Logged;

// Steps of a runbook leave these records (stdlib/runbook.lua): the first argument is the step's
// number, the second its name, or whether it went well; the list of them is kept as JSON text.
constexpr std::string_view kBeginStep = "host.run.begin_step";
constexpr std::string_view kEndStep = "host.run.end_step";

std::int64_t whole(const json::Object& body, std::string_view key) {
  return static_cast<std::int64_t>(body.number(key).value_or(0));
}

// Which entries no rewind has taken back.
std::vector<bool> find_counting(std::span<const Logged> log) {
  std::vector<bool> counts(log.size(), true);
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind == Kind::kRewound) journal::take_back(log.first(i), log[i], counts);
  }
  return counts;
}

bool is_of_effect(Kind kind) {
  return kind >= Kind::kIntent && kind <= Kind::kResolved;
}

Standing standing_after(Standing before, const Logged& entry) {
  switch (entry.kind) {
    case Kind::kSent:
      return Standing::kSent;
    case Kind::kAccepted:
      return Standing::kAccepted;
    case Kind::kRefused:
      return Standing::kRefused;
    case Kind::kUnknown:
      return Standing::kInDoubt;
    case Kind::kObserved:
      return before == Standing::kSent ? Standing::kInDoubt : before;
    case Kind::kProof:
      return Standing::kNoEffect;
    case Kind::kDone:
      return Standing::kDone;
    case Kind::kFailed:
      return Standing::kFailed;
    case Kind::kOperator:
      return Standing::kOperator;
    case Kind::kResolved:
      return entry.body.flag("happened") ? Standing::kDone : Standing::kNoEffect;
    default:
      return before;
  }
}

void add_to_effect(EffectStory& effect, const Logged& entry) {
  effect.entries.push_back(&entry);
  effect.standing = standing_after(effect.standing, entry);
  if (entry.kind != Kind::kSent) return;
  effect.attempt = whole(entry.body, "attempt");
  effect.sent_at = time_in(entry.body, "sign_time");
  if (!effect.sent_at) effect.sent_at = entry.at;
  effect.open_until = time_in(entry.body, "valid_until");
}

QuestionStory question_of(const Logged& asked) {
  QuestionStory question;
  question.step = asked.step;
  question.asked = &asked;
  question.question = asked.body.text("question");
  question.deadline = time_in(asked.body, "deadline");
  return question;
}

// Puts the story together entry by entry.
class Teller {
 public:
  RunStory take() { return std::move(story_); }

  void hear(const Logged& entry, bool undone) {
    if (is_of_effect(entry.kind)) return hear_effect(entry, undone);
    if (undone) return;
    switch (entry.kind) {
      case Kind::kAsked:
        story_.questions.push_back(question_of(entry));
        break;
      case Kind::kRecord:
        hear_step(entry);
        [[fallthrough]];
      case Kind::kAnswered:
        answer(entry);
        break;
      case Kind::kCancel:
        story_.cancel = &entry;
        [[fallthrough]];
      case Kind::kRewound:
      case Kind::kOverride:
        story_.decisions.push_back(&entry);
        break;
      default:
        break;
    }
  }

 private:
  // What was undone is a call of its own: the same step may be done over.
  void hear_effect(const Logged& entry, bool undone) {
    const auto key = std::pair(entry.step, undone);
    auto found = effects_.find(key);
    if (found == effects_.end()) {
      found = effects_.emplace(key, story_.effects.size()).first;
      EffectStory effect;
      effect.step = entry.step;
      effect.operation = entry.name;
      effect.where = entry.where;
      effect.undone = undone;
      story_.effects.push_back(std::move(effect));
    }
    add_to_effect(story_.effects[found->second], entry);
  }

  void hear_step(const Logged& record) {
    if (record.name != kBeginStep && record.name != kEndStep) return;
    const Result<json::Document> parsed = json::Document::parse(record.body.text("request"));
    const json::Value value = parsed ? parsed->value() : json::Value();
    const auto* list = value.as<json::Array>();
    if (list == nullptr || list->size() != 2) return;
    const json::Array& request = *list;
    const auto* number = request[0].as<std::int64_t>();
    if (number == nullptr) return;
    if (record.name == kBeginStep) {
      const auto* name = request[1].as<std::string>();
      story_.steps.push_back({*number, name != nullptr ? *name : "", &record, nullptr, false});
    } else {
      const auto* good = request[1].as<bool>();
      for (StepStory& step : story_.steps) {
        if (step.number != *number) continue;
        step.ended = &record;
        step.good = good != nullptr && *good;
      }
    }
  }

  void answer(const Logged& entry) {
    for (QuestionStory& question : story_.questions) {
      if (question.answered == nullptr && question.step == entry.step) question.answered = &entry;
    }
  }

  RunStory story_;
  std::map<std::pair<journal::Step, bool>, std::size_t> effects_;
};

}  // namespace

std::string_view to_text(Standing standing) {
  switch (standing) {
    case Standing::kIntended:
      return "not sent";
    case Standing::kSent:
      return "sent";
    case Standing::kInDoubt:
      return "in doubt";
    case Standing::kOperator:
      return "an operator must say";
    case Standing::kAccepted:
      return "accepted";
    case Standing::kRefused:
      return "refused";
    case Standing::kNoEffect:
      return "had no effect";
    case Standing::kDone:
      return "done";
    case Standing::kFailed:
      return "failed";
  }
  return {};
}

bool is_open(const EffectStory& effect) {
  return !effect.undone &&
         (effect.standing == Standing::kSent || effect.standing == Standing::kInDoubt ||
          effect.standing == Standing::kOperator);
}

std::vector<const EffectStory*> RunStory::open_effects() const {
  std::vector<const EffectStory*> open;
  for (const EffectStory& effect : effects) {
    if (is_open(effect)) open.push_back(&effect);
  }
  return open;
}

std::vector<const QuestionStory*> RunStory::open_questions() const {
  std::vector<const QuestionStory*> open;
  for (const QuestionStory& question : questions) {
    if (question.answered == nullptr) open.push_back(&question);
  }
  return open;
}

RunStory tell_story(std::span<const Logged> log) {
  const std::vector<bool> counts = find_counting(log);
  Teller teller;
  for (std::size_t i = 0; i < log.size(); ++i) teller.hear(log[i], !counts[i]);
  return teller.take();
}

std::optional<UtcTime> time_in(const json::Object& body, std::string_view key) {
  return cloud::parse_time(body.text(key));
}

}  // namespace neap::runs
