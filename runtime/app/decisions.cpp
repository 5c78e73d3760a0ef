#include "app/decisions.h"

#include <functional>

#include <fmt/format.h>

#include "app/open_journal.h"
#include "base/text.h"
#include "runs/run_story.h"
#include "show/times.h"

namespace neap::app {
namespace {

using journal::Entry;
using journal::Kind;
using journal::Logged;
using journal::Run;
using journal::Status;
using journal::Step;

// How often a decision is thought over because the run went on meanwhile.
constexpr int kRounds = 20;

// What a rule has to go by.
struct Situation {
  const Run& run;
  const runs::RunStory& story;
  bool executed;  // by another process, right now
  UtcTime now;
};

struct Ruling {
  Entry entry;
  std::string text;
};

using Rule = std::function<Result<Ruling>(const Situation&)>;

std::string called(const Run& run) {
  return fmt::format("run {} ({})", run.id, printable(run.name));
}

tl::unexpected<Error> ended_already(const Run& run) {
  return fail(ErrorKind::kConflict,
              fmt::format("{} is {} since {}: there is nothing to decide", called(run),
                          to_text(run.status), show::local_time(run.changed)),
              "neap runs show " + run.id);
}

// "0#12, 0.1#3"
template <class T>
std::string steps_of(const std::vector<const T*>& things) {
  std::vector<std::string> steps;
  steps.reserve(things.size());
  for (const T* thing : things) steps.push_back(to_text(thing->step));
  return join(steps, ", ");
}

// What the table of runs says while a decided run waits for somebody to carry it on.
std::optional<journal::Change> change_after(const Situation& situation, const Ruling& ruling) {
  const Run& run = situation.run;
  const std::size_t open =
      situation.story.open_effects().size() + situation.story.open_questions().size();
  const bool parked = run.status == Status::kWaiting || run.status == Status::kInDoubt;
  const bool decides_all = ruling.entry.kind == Kind::kCancel || open <= 1;
  if (situation.executed || !parked || !decides_all) return std::nullopt;
  return journal::Change{run.status, "to be resumed: " + ruling.text, run.error};
}

Result<Decided> decide(journal::Store& store, const std::string& id, const Signature& signature,
                       const Rule& rule) {
  Result<Run> run = find_run(store, id);
  if (!run) return tl::unexpected(run.error());
  const Result<Owner> claim = store.claim(run->id);
  if (!claim && claim.error().code != journal::kLockHeld) return tl::unexpected(claim.error());
  Error last;
  for (int round = 0; round < kRounds; ++round) {
    run = store.find(run->id);
    if (!run) return tl::unexpected(run.error());
    if (has_ended(run->status)) return ended_already(*run);
    const Result<std::vector<Logged>> log = store.log(run->id);
    if (!log) return tl::unexpected(log.error());
    const runs::RunStory story = runs::tell_story(*log);
    const Situation situation{*run, story, !claim, signature.at};
    Result<Ruling> ruling = rule(situation);
    if (!ruling) return tl::unexpected(ruling.error());
    journal::Batch batch;
    batch.run = run->id;
    batch.expected = log->empty() ? 0 : log->back().position;
    batch.entries = {ruling->entry};
    batch.at = signature.at;
    batch.change = change_after(situation, *ruling);
    const Result<journal::Committed> written = store.commit(batch);
    if (written) return Decided{*run, ruling->text, claim ? std::string() : run->owner};
    last = written.error();
    if (last.kind != ErrorKind::kConflict || last.code == journal::kLockHeld) break;
  }
  return tl::unexpected(last);
}

Entry entry_like(const Logged& head, Kind kind) {
  Entry entry = head;
  entry.kind = kind;
  entry.body = {};
  return entry;
}

std::string answered_sentence(const runs::QuestionStory& question) {
  const Logged& answer = *question.answered;
  if (answer.kind != Kind::kAnswered) return "was answered at " + show::local_time(answer.at);
  return fmt::format("was {} by {} at {}", answer.body.flag("yes") ? "approved" : "rejected",
                     printable(answer.body.text("by")), show::local_time(answer.at));
}

// Why there is no question to answer.
tl::unexpected<Error> nothing_asked(const Situation& situation, const std::optional<Step>& step) {
  const std::string who = called(situation.run);
  const auto& questions = situation.story.questions;
  for (auto question = questions.rbegin(); question != questions.rend(); ++question) {
    if (step && question->step != *step) continue;
    return fail(ErrorKind::kConflict,
                fmt::format("{} waits for no answer: \"{}\" {}", who, printable(question->question),
                            answered_sentence(*question)),
                "neap runs show " + situation.run.id);
  }
  if (step) {
    return fail(ErrorKind::kUsage, fmt::format("{} asks nothing in step {}", who, to_text(*step)),
                "neap runs show " + situation.run.id + " lists its questions");
  }
  const auto doubts = situation.story.open_effects();
  if (!doubts.empty()) {
    return fail(ErrorKind::kConflict,
                fmt::format("{} waits for no answer; step {} is in doubt", who, steps_of(doubts)),
                "neap runs show " + situation.run.id);
  }
  return fail(ErrorKind::kConflict, who + " waits for no answer",
              "neap runs show " + situation.run.id);
}

Result<const runs::QuestionStory*> question_meant(const Situation& situation,
                                                  const std::optional<Step>& step) {
  std::vector<const runs::QuestionStory*> open = situation.story.open_questions();
  if (step) std::erase_if(open, [&](const auto* question) { return question->step != *step; });
  if (open.empty()) return nothing_asked(situation, step);
  if (open.size() == 1) return open.front();
  return fail(ErrorKind::kUsage,
              fmt::format("{} asks in several steps: {}", called(situation.run), steps_of(open)),
              "say which with --step");
}

Result<Ruling> rule_answer(const Situation& situation, const AnswerRequest& request,
                           const Signature& signature) {
  const Result<const runs::QuestionStory*> question = question_meant(situation, request.step);
  if (!question) return tl::unexpected(question.error());
  const runs::QuestionStory& meant = **question;
  if (meant.deadline && *meant.deadline <= situation.now) {
    return fail(ErrorKind::kPrecondition,
                fmt::format("nobody answered \"{}\" until {}: it counts as denied",
                            printable(meant.question), show::local_time(*meant.deadline)),
                fmt::format("neap resume {} carries that out", situation.run.id));
  }
  Entry entry = entry_like(*meant.asked, Kind::kAnswered);
  entry.body.set("yes", request.yes);
  entry.body.set("by", signature.by);
  entry.body.set("comment", request.comment);
  entry.body.set("position", meant.asked->position);
  return Ruling{std::move(entry), fmt::format("{} by {}: {}", request.yes ? "approved" : "rejected",
                                              signature.by, meant.question)};
}

Result<const runs::EffectStory*> effect_meant(const Situation& situation,
                                              const std::optional<Step>& step) {
  const std::vector<const runs::EffectStory*> open = situation.story.open_effects();
  const std::string hint = "neap runs show " + situation.run.id;
  if (!step && open.size() == 1) return open.front();
  if (!step && open.empty()) {
    return fail(ErrorKind::kConflict, "nothing of " + called(situation.run) + " is in doubt", hint);
  }
  if (!step) {
    return fail(
        ErrorKind::kUsage,
        fmt::format("several steps of {} are in doubt: {}", called(situation.run), steps_of(open)),
        "name one of them");
  }
  for (const runs::EffectStory& effect : situation.story.effects) {
    if (effect.step != *step || effect.undone) continue;
    if (is_open(effect)) return &effect;
    return fail(ErrorKind::kConflict,
                fmt::format("step {} of {} is not in doubt: {}", to_text(*step),
                            called(situation.run), to_text(effect.standing)),
                hint);
  }
  return fail(ErrorKind::kUsage,
              fmt::format("{} has no changing call {}", called(situation.run), to_text(*step)),
              hint + " lists them");
}

Result<Ruling> rule_resolve(const Situation& situation, const ResolveRequest& request,
                            const Signature& signature) {
  const Result<const runs::EffectStory*> effect = effect_meant(situation, request.step);
  if (!effect) return tl::unexpected(effect.error());
  const runs::EffectStory& meant = **effect;
  const std::string step = to_text(meant.step);
  if (situation.executed && meant.standing == runs::Standing::kSent) {
    return fail(ErrorKind::kConflict,
                fmt::format("step {} is not in doubt yet: {} waits for its answer", step,
                            printable(situation.run.owner)));
  }
  const bool open = meant.open_until && *meant.open_until > situation.now;
  if (!request.happened && open && !request.force) {
    return fail(ErrorKind::kPrecondition,
                fmt::format("step {} may still take effect until {} (in {})", step,
                            show::local_time(*meant.open_until),
                            format_duration(*meant.open_until - situation.now)),
                "say that it did not happen after that; --force if you know that it cannot");
  }
  Entry entry = entry_like(*meant.entries.front(), Kind::kResolved);
  entry.body.set("happened", request.happened);
  entry.body.set("by", signature.by);
  entry.body.set("why", request.why);
  entry.body.set("attempt", meant.attempt);
  return Ruling{std::move(entry),
                fmt::format("step {} ({}) {} by the word of {}", step, meant.operation,
                            request.happened ? "happened" : "did not happen", signature.by)};
}

}  // namespace

Result<Decided> answer_question(journal::Store& store, const AnswerRequest& request,
                                const Signature& signature) {
  return decide(store, request.run, signature, [&](const Situation& situation) {
    return rule_answer(situation, request, signature);
  });
}

Result<Decided> resolve_effect(journal::Store& store, const ResolveRequest& request,
                               const Signature& signature) {
  if (trim(request.why).empty()) {
    return fail(ErrorKind::kUsage, "--why must say what makes you sure",
                "it is kept with the run, for whoever asks later");
  }
  return decide(store, request.run, signature, [&](const Situation& situation) {
    return rule_resolve(situation, request, signature);
  });
}

Result<Decided> ask_to_cancel(journal::Store& store, const std::string& run, const std::string& why,
                              const Signature& signature) {
  return decide(store, run, signature, [&](const Situation&) -> Result<Ruling> {
    Entry entry;
    entry.kind = Kind::kCancel;
    entry.body.set("by", signature.by);
    entry.body.set("why", why);
    return Ruling{std::move(entry), "cancelled by " + signature.by};
  });
}

}  // namespace neap::app
