#include "report/people.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "cloud/job_name.h"
#include "json/document.h"
#include "json/writer.h"
#include "runs/run_story.h"
#include "runs/sentences.h"

namespace neap::report {
namespace {

using journal::Kind;
using journal::Logged;

constexpr std::string_view kAsk = "host.run.ask";
constexpr std::string_view kSleep = "host.timer.sleep";

void answer(Question& question, const Logged& entry) {
  if (question.span.end) return;  // the first of two answers counts
  question.span.end = entry.at;
  question.yes = entry.body.flag("yes");
  question.by = entry.body.text("by");
  question.comment = entry.body.text("comment");
}

// The first argument of a call, as text.
std::string first_argument(const Logged& entry) {
  const Result<json::Document> parsed = json::Document::parse(entry.body.text("request"));
  const json::Value value = parsed ? parsed->value() : json::Value();
  const auto* list = value.as<json::Array>();
  if (list == nullptr || list->empty()) return {};
  const auto* text = list->front().as<std::string>();
  return text != nullptr ? *text : json::write(list->front());
}

Wait wait_of(const Logged& begun, const Context& context) {
  Wait wait;
  const std::string argument = first_argument(begun);
  wait.for_job = begun.name != kSleep;
  if (wait.for_job) {
    wait.what = fmt::format("job {}", cloud::parse_job_name(argument).id);
  } else {
    const Result<Duration> time = parse_duration(argument);
    wait.what = "sleep " + (time ? format_duration(*time) : argument);
  }
  wait.span.begin = begun.at;
  wait.in_step = context.step;
  wait.undone = !context.counts;
  return wait;
}

// How a process came to leave the run, from the entry behind which it wrote nothing more.
void leave(Life& life, const Logged& last) {
  if (life.span.end) return;
  life.span.end = last.at;
  life.left = last.kind == Kind::kEnded ? "ended" : last.kind == Kind::kParked ? "waiting" : "died";
}

// What operators write comes from processes of their own.
bool is_an_operators(Kind kind) {
  return kind == Kind::kRewound || kind == Kind::kOverride || kind == Kind::kCancel ||
         kind == Kind::kResolved || kind == Kind::kAnswered;
}

}  // namespace

std::vector<Question> read_questions(std::span<const Logged> log,
                                     const std::vector<Context>& contexts) {
  std::vector<Question> questions;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const Logged& entry = log[i];
    const std::string step = to_text(entry.step);
    if (entry.kind == Kind::kAsked) {
      Question question;
      question.step = step;
      question.question = entry.body.text("question");
      question.span.begin = entry.at;
      question.deadline = runs::time_in(entry.body, "deadline");
      question.in_step = contexts[i].step;
      question.undone = !contexts[i].counts;
      places[step] = questions.size();
      questions.push_back(std::move(question));
    }
    const auto asked = places.find(step);
    if (asked == places.end()) continue;
    Question& question = questions[asked->second];
    if (entry.kind == Kind::kAnswered) answer(question, entry);
    // Broken off: nobody answered, and nobody will.
    if (entry.kind == Kind::kRecord && entry.name == kAsk && !question.span.end) {
      question.span.end = entry.at;
    }
  }
  return questions;
}

std::vector<Decision> read_decisions(std::span<const Logged> log) {
  std::vector<Decision> decisions;
  for (const Logged& entry : log) {
    const bool decides = entry.kind == Kind::kCancel || entry.kind == Kind::kRewound ||
                         entry.kind == Kind::kOverride;
    const bool resolves = entry.kind == Kind::kResolved;
    if (!decides && !resolves) continue;
    std::string text =
        resolves ? fmt::format("{} of {}", runs::transition_sentence(entry, format_iso), entry.name)
                 : runs::decision_sentence(entry);
    decisions.push_back(
        {entry.at, std::string(to_text(entry.kind)), entry.body.text("by"), std::move(text)});
  }
  return decisions;
}

std::vector<Note> read_notes(std::span<const Logged> log, const std::vector<Context>& contexts) {
  std::vector<Note> notes;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const Logged& entry = log[i];
    if (entry.kind != Kind::kNoted) continue;
    Note note{entry.at, entry.name, entry.body.text("text"), contexts[i].step};
    if (entry.name == "cleanup_failed") {
      const json::Object* error = entry.body.object("error");
      note.text = fmt::format("{}: {}", entry.body.text("name"),
                              error != nullptr ? error->text("message") : std::string());
    } else if (entry.name != "note") {
      continue;
    }
    notes.push_back(std::move(note));
  }
  return notes;
}

std::vector<Wait> read_waits(std::span<const Logged> log, const std::vector<Context>& contexts) {
  std::vector<Wait> waits;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const Logged& entry = log[i];
    if (entry.kind == Kind::kBegun && entry.name != kAsk) {
      places[to_text(entry.step)] = waits.size();
      waits.push_back(wait_of(entry, contexts[i]));
    }
    if (entry.kind != Kind::kRecord) continue;
    const auto begun = places.find(to_text(entry.step));
    if (begun == places.end()) continue;
    Wait& wait = waits[begun->second];
    const json::Object* error = entry.body.object("error");
    wait.span.end = entry.at;
    wait.outcome = error == nullptr ? "ended" : "failed";
    if (error != nullptr) wait.error = error->text("message");
  }
  return waits;
}

std::vector<Life> read_lives(const journal::Run& run, std::span<const Logged> log) {
  std::vector<Life> lives;
  const Logged* last = nullptr;  // that the process wrote
  for (const Logged& entry : log) {
    if (entry.kind == Kind::kStarted) {
      if (!lives.empty() && last != nullptr) leave(lives.back(), *last);
      Life life;
      life.epoch = static_cast<std::int64_t>(entry.body.number("epoch").value_or(0));
      life.owner = entry.body.text("owner");
      life.how = entry.body.text("how");
      life.span.begin = lives.empty() ? std::min(run.created, entry.at) : entry.at;
      lives.push_back(std::move(life));
    }
    if (entry.kind == Kind::kEnded || entry.kind == Kind::kParked) {
      if (!lives.empty()) leave(lives.back(), entry);
    }
    if (!is_an_operators(entry.kind) || last == nullptr) last = &entry;
  }
  const bool gone = run.status != journal::Status::kRunning || !run.waiting.empty();
  if (gone && !lives.empty() && last != nullptr) leave(lives.back(), *last);
  return lives;
}

}  // namespace neap::report
