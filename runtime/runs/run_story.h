// What a run's log tells, put together: its changing calls, its questions, what was decided.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "journal/entry.h"

namespace neap::runs {

// Where a changing call stands.
enum class Standing {
  kIntended,  // nothing was sent
  kSent,      // no answer is recorded: it is on its way, or whoever sent it died
  kInDoubt,   // it may have happened
  kOperator,  // only a person can tell
  kAccepted,  // the platform works on it
  kRefused,   // the platform did nothing
  kNoEffect,  // proved not to have happened; it may be sent again
  kDone,
  kFailed,
};
std::string_view to_text(Standing standing);  // "in doubt"

// One changing call. The entries live as long as the log that was read.
struct EffectStory {
  journal::Step step;
  std::string operation;
  std::string where;
  Standing standing = Standing::kIntended;
  bool undone = false;                          // by a rewind: it counts no more
  std::vector<const journal::Logged*> entries;  // the intent first
  std::int64_t attempt = 0;                     // the latest; 0: none was sent
  std::optional<UtcTime> sent_at;               // the latest
  std::optional<UtcTime> open_until;            // until then it may still take effect
};
// Nobody knows whether it happened, as far as the log goes.
bool is_open(const EffectStory& effect);

struct QuestionStory {
  journal::Step step;
  const journal::Logged* asked = nullptr;
  const journal::Logged* answered = nullptr;  // nothing: it stands
  std::string question;
  std::optional<UtcTime> deadline;  // after which it counts as denied
};

// One ctx:step of a runbook, and the records of its beginning and its end.
struct StepStory {
  std::int64_t number = 0;
  std::string name;
  const journal::Logged* begun = nullptr;
  const journal::Logged* ended = nullptr;  // nothing: it has not
  bool good = false;
};

struct RunStory {
  std::vector<StepStory> steps;  // those that count
  std::vector<EffectStory> effects;
  std::vector<QuestionStory> questions;           // likewise
  std::vector<const journal::Logged*> decisions;  // cancels, rewinds, overrides
  const journal::Logged* cancel = nullptr;        // somebody wants the run to end
  std::vector<const EffectStory*> open_effects() const;
  std::vector<const QuestionStory*> open_questions() const;
};

// `log` must outlive the story.
RunStory tell_story(std::span<const journal::Logged> log);

// A time as entries hold it; nothing when there is none.
std::optional<UtcTime> time_in(const json::Object& body, std::string_view key);

}  // namespace neap::runs
