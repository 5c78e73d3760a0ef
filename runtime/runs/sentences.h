// What entries of a run's log say, in sentences for people; nothing from outside is made safe to
// print yet.
#pragma once

#include <functional>
#include <string>

#include "cloud/catalog.h"
#include "runs/run_story.h"

namespace neap::runs {

using ShowTime = std::function<std::string(UtcTime)>;

// The catalogue's entry for what was called; nullptr for a raw call.
const cloud::Operation* operation_of(const journal::Logged& entry);

// One transition of a changing call: "accepted, job ff8080…".
std::string transition_sentence(const journal::Logged& entry, const ShowTime& show);
// A cancel, a rewind, an override: who did what, and why.
std::string decision_sentence(const journal::Logged& entry);
// Of a question that was answered: "approved by anna@dr-1: production is down".
std::string answer_sentence(const QuestionStory& question);

}  // namespace neap::runs
