#include "app/runs_text.h"

#include <fmt/format.h>

#include "app/effect_text.h"
#include "base/text.h"
#include "json/writer.h"
#include "runs/sentences.h"
#include "show/look.h"
#include "show/times.h"

namespace neap::app {
namespace {

using journal::Logged;
using journal::Run;
using journal::Status;
using show::local_time;
using show::time_and_age;

constexpr std::size_t kSummaryWidth = 100;  // of an entry of the log

std::string text_or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string row(std::string_view label, const std::string& text) {
  return text.empty() ? std::string() : fmt::format("{:<12}{}\n", label, printable(text));
}

std::string parameters_of(const Run& run) {
  std::vector<std::string> words;
  for (const json::Value& word : run.facts.list("words")) {
    const auto* text = word.as<std::string>();
    words.push_back(text != nullptr ? *text : json::write(word));
  }
  return join(words, " ");
}

// Which cloud the run changes: endpoint, region, project, those that are known.
std::string place_of(const Run& run) {
  std::vector<std::string> parts;
  if (const std::string endpoint = run.facts.text("endpoint"); !endpoint.empty()) {
    parts.push_back(endpoint);
  }
  for (const char* key : {"region", "project", "profile"}) {
    const std::string value = run.facts.text(key);
    if (!value.empty()) parts.push_back(std::string(key) + " " + value);
  }
  return join(parts, ", ");
}

std::string status_line(const Run& run, UtcTime now) {
  const std::string_view status =
      run.status == Status::kInDoubt ? std::string_view("in doubt") : to_text(run.status);
  return fmt::format("{} since {}", status, time_and_age(run.changed, now));
}

std::string heading(const Run& run, UtcTime now) {
  std::string text;
  text += row("run", run.id);
  text += row("runbook", run.name);
  text += row("status", status_line(run, now));
  text += row("parameters", parameters_of(run));
  const std::string by = run.facts.text("operator");
  text += row("started", time_and_age(run.created, now) + (by.empty() ? "" : " by " + by));
  text += row("executed by", run.owner);
  text += row("where", place_of(run));
  text += row("script", run.facts.text("script").substr(0, 16));
  text += row("error", run.error);
  return text;
}

std::string steps_text(const runs::RunStory& story) {
  if (story.steps.empty()) return {};
  std::string text = "\nsteps\n";
  for (const runs::StepStory& step : story.steps) {
    const char* state = step.ended == nullptr ? "begun" : step.good ? "done" : "failed";
    const std::string took = step.ended != nullptr
                                 ? "  " + format_duration(step.ended->at - step.begun->at)
                                 : std::string();
    text += fmt::format("  {:>3}  {:<6} {}{}\n", step.number, state, printable(step.name), took);
  }
  return text;
}

std::string effects_text(const Run& run, const runs::RunStory& story, UtcTime now) {
  if (story.effects.empty()) return {};
  std::string text = "\nchanging calls\n";
  for (const runs::EffectStory& effect : story.effects) text += effect_text(run, effect, now);
  return text;
}

std::string decisions_text(const runs::RunStory& story) {
  std::string text;
  for (const runs::QuestionStory& question : story.questions) {
    if (question.answered == nullptr) continue;
    text += fmt::format("  {}  \"{}\" {}\n", local_time(question.answered->at),
                        printable(question.question), printable(runs::answer_sentence(question)));
  }
  for (const Logged* entry : story.decisions) {
    text += fmt::format("  {}  {}\n", local_time(entry->at),
                        printable(runs::decision_sentence(*entry)));
  }
  return text.empty() ? text : "\ndecisions\n" + text;
}

std::string deadline_sentence(const runs::QuestionStory& question, UtcTime now) {
  // Nobody waits for an answer for a year: the script set no limit.
  constexpr std::chrono::hours kYear{24 * 365};
  if (!question.deadline || *question.deadline > now + kYear) return {};
  const std::string when = local_time(*question.deadline);
  if (*question.deadline <= now) return fmt::format("  Nobody answered until {}: denied.\n", when);
  return fmt::format("  Without an answer until {} (in {}) it counts as denied.\n", when,
                     format_duration(*question.deadline - now));
}

std::string questions_text(const Run& run, const runs::RunStory& story, UtcTime now) {
  const std::vector<const runs::QuestionStory*> open = story.open_questions();
  if (open.empty() || has_ended(run.status)) return {};
  std::string text = "\nwaits for an answer\n";
  for (const runs::QuestionStory* question : open) {
    const std::string step = open.size() > 1 ? " --step " + to_text(question->step) : "";
    text += fmt::format("  {}\n  asked {}\n", printable(question->question),
                        time_and_age(question->asked->at, now));
    text += deadline_sentence(*question, now);
    text += fmt::format(
        "    neap approve {0}{1} --comment \"…\"\n    neap reject {0}{1} --comment \"…\"\n", run.id,
        step);
  }
  return text;
}

// What the operator can do when the run neither goes on by itself nor waits for an answer.
std::string advice(const Run& run, const runs::RunStory& story) {
  if (run.status == Status::kFailed) {
    return fmt::format("\nAfter a fix, from the step that failed: neap resume {}\n", run.id);
  }
  const bool decided = story.open_questions().empty() && story.open_effects().empty();
  if (!has_ended(run.status) && !run.waiting.empty() && decided) {
    return fmt::format("\n{}\nTo go on: neap resume {}\n", printable(run.waiting), run.id);
  }
  return {};
}

show::Style style_of(Status status) {
  switch (status) {
    case Status::kDone:
      return show::Style::kGood;
    case Status::kFailed:
    case Status::kInDoubt:
      return show::Style::kBad;
    case Status::kRunning:
    case Status::kWaiting:
      return show::Style::kWarn;
    case Status::kCancelled:
      break;
  }
  return show::Style::kPlain;
}

json::Object step_json(const runs::StepStory& step) {
  json::Object object;
  object.set("number", step.number);
  object.set("name", step.name);
  object.set("begun", format_iso(step.begun->at));
  object.set("ended",
             step.ended != nullptr ? json::Value(format_iso(step.ended->at)) : json::Value());
  object.set("status", step.ended == nullptr ? "begun" : step.good ? "done" : "failed");
  return object;
}

json::Object question_json(const runs::QuestionStory& question) {
  json::Object object;
  object.set("step", to_text(question.step));
  object.set("question", question.question);
  object.set("asked", format_iso(question.asked->at));
  object.set("deadline",
             question.deadline ? json::Value(format_iso(*question.deadline)) : json::Value());
  const Logged* answered = question.answered;
  object.set("answer", answered != nullptr ? json::Value(answered->body) : json::Value());
  return object;
}

// What an entry says, as short as a line demands.
std::string summary_of(const Logged& entry) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : entry.body) {
    const auto* text = value.as<std::string>();
    const std::string said = text != nullptr ? *text : json::write(value);
    if (!said.empty()) parts.push_back(fmt::format("{}={}", key, said));
  }
  return show::fit(printable(join(parts, " ")), kSummaryWidth);
}

template <class T, class ToJson>
json::Array list_of(const std::vector<T>& things, ToJson to_json) {
  json::Array list;
  for (const T& thing : things) list.emplace_back(to_json(thing));
  return list;
}

}  // namespace

json::Object run_json(const Run& run) {
  json::Object object;
  object.set("id", run.id);
  object.set("runbook", run.name);
  object.set("status", to_text(run.status));
  object.set("created", format_iso(run.created));
  object.set("changed", format_iso(run.changed));
  object.set("operator", run.facts.text("operator"));
  object.set("owner", run.owner);
  object.set("waiting", run.waiting);
  object.set("error", run.error);
  object.set("position", run.position);
  return object;
}

json::Object entry_json(const Logged& entry) {
  json::Object object;
  object.set("position", entry.position);
  object.set("at", format_iso(entry.at));
  object.set("step", to_text(entry.step));
  object.set("kind", to_text(entry.kind));
  object.set("name", entry.name);
  object.set("digest", entry.digest);
  object.set("where", entry.where);
  object.set("body", entry.body);
  object.set("hash", entry.hash);
  return object;
}

json::Object lock_json(const journal::Lock& lock) {
  json::Object object;
  object.set("resource", lock.resource);
  object.set("run", lock.run);
  object.set("runbook", lock.run_name);
  object.set("owner", lock.owner);
  object.set("since", format_iso(lock.since));
  object.set("epoch", lock.epoch);
  return object;
}

json::Object run_document(const Run& run, std::span<const Logged> log, bool entries) {
  const runs::RunStory story = runs::tell_story(log);
  json::Object document;
  document.set("format", "neap.run/1");
  for (const auto& [key, value] : run_json(run)) document.set(key, value);
  document.set("epoch", run.epoch);
  document.set("hash", run.hash);
  document.set("facts", run.facts);
  document.set("steps", list_of(story.steps, step_json));
  document.set("effects", list_of(story.effects, effect_json));
  document.set("questions", list_of(story.questions, question_json));
  if (!entries) return document;
  json::Array all;
  for (const Logged& entry : log) all.emplace_back(entry_json(entry));
  document.set("entries", std::move(all));
  return document;
}

show::Table runs_table(std::span<const Run> runs, UtcTime now) {
  show::Table table(
      {{"RUN", 10}, {"RUNBOOK"}, {"STATUS"}, {"SINCE", 19}, {"WHO"}, {"WAITS FOR", 16}});
  for (const Run& run : runs) {
    const UtcTime since = run.status == Status::kRunning ? run.created : run.changed;
    table.add({{run.id},
               {printable(run.name)},
               {std::string(to_text(run.status)), {}, style_of(run.status)},
               {time_and_age(since, now), local_time(since)},
               {printable(text_or_dash(run.facts.text("operator")))},
               {printable(text_or_dash(has_ended(run.status) ? "" : run.waiting))}});
  }
  return table;
}

show::Table locks_table(std::span<const journal::Lock> locks, UtcTime now) {
  show::Table table(
      {{"RESOURCE", 24}, {"RUN", 10}, {"RUNBOOK"}, {"OWNER"}, {"SINCE", 19}, {"EPOCH", 5}});
  for (const journal::Lock& lock : locks) {
    table.add({{printable(lock.resource)},
               {lock.run},
               {printable(lock.run_name)},
               {printable(lock.owner)},
               {time_and_age(lock.since, now), local_time(lock.since)},
               {std::to_string(lock.epoch)}});
  }
  return table;
}

std::string run_text(const Run& run, std::span<const Logged> log, UtcTime now) {
  const runs::RunStory story = runs::tell_story(log);
  return heading(run, now) + steps_text(story) + effects_text(run, story, now) +
         decisions_text(story) + questions_text(run, story, now) + advice(run, story);
}

std::string entry_line(const Logged& entry) {
  std::string line = fmt::format("{} {:>5}  {:<8} {:<9} {}  {}", local_time(entry.at),
                                 entry.position, to_text(entry.step), to_text(entry.kind),
                                 printable(text_or_dash(entry.name)), summary_of(entry));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace neap::app
