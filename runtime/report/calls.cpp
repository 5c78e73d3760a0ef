#include "report/calls.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cloud/catalog.h"
#include "cloud/job_name.h"
#include "runs/run_story.h"
#include "runs/sentences.h"

namespace neap::report {
namespace {

using journal::Kind;
using journal::Logged;

const cloud::Operation* operation_called(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return nullptr;
  return cloud::find_operation(name.substr(0, colon), name.substr(colon + 1));
}

// Whether the record is of a request, not of the time, chance or the run itself. Waiting for a job
// is no request that the log knows of: the poller asks for many waits at once.
bool is_request(const Logged& record) {
  const std::string& name = record.name;
  const cloud::Operation* operation = operation_called(name);
  if (operation != nullptr && cloud::shows_jobs(*operation)) {
    return record.body.text("request").starts_with("[{");
  }
  return name.find(':') != std::string::npos || name.starts_with("host.cloud.") ||
         name.starts_with("host.http.");
}

void take_error(Call& call, const json::Object& body) {
  const json::Object* error = body.object("error");
  if (error == nullptr) return;
  call.error_kind = error->text("kind");
  call.error_code = error->text("code");
  call.error = error->text("message");
  call.http_status = static_cast<int>(error->number("http_status").value_or(0));
  call.request_id = error->text("request_id");
}

Call call_of(const Logged& entry, const Context& context) {
  Call call;
  call.step = to_text(entry.step);
  call.operation = entry.name;
  call.asked = context.since;
  call.where = entry.where;
  call.in_step = context.step;
  call.undone = !context.counts;
  return call;
}

void describe(Call& call, const cloud::Operation* operation) {
  if (operation == nullptr) return;
  call.service = operation->service;
  call.operation = operation->name;
  call.summary = operation->summary;
}

Call read_of(const Logged& record, const Context& context) {
  Call call = call_of(record, context);
  describe(call, operation_called(record.name));
  call.effect = "R";
  call.answered = record.at;
  call.request = record.body.text("request");
  call.status = record.body.object("error") == nullptr ? "answered" : "failed";
  take_error(call, record.body);
  return call;
}

// Times in sentences stand in UTC: the report is read anywhere.
std::string utc(UtcTime time) {
  std::string text = format_iso(time);
  text.replace(10, 1, " ");
  return text.substr(0, 19) + " UTC";
}

void take_transition(Call& call, const Logged& entry) {
  call.events.push_back(
      {entry.at, std::string(to_text(entry.kind)), runs::transition_sentence(entry, utc)});
  const bool answered = entry.kind == Kind::kAccepted || entry.kind == Kind::kRefused;
  if (entry.kind == Kind::kIntent) call.effect = entry.body.text("class");
  if (entry.kind == Kind::kSent) {
    call.sent = entry.at;
    call.answered.reset();
  }
  if (answered) call.answered = entry.at;
  if (entry.kind == Kind::kAccepted) {
    call.http_status = static_cast<int>(entry.body.number("http_status").value_or(0));
    call.request_id = entry.body.text("request_id");
    call.job = entry.body.text("job_id");
  }
  if (entry.kind == Kind::kRefused) take_error(call, entry.body);
  if (entry.kind == Kind::kFailed) {
    call.error_kind = "job_failed";
    call.error_code = entry.body.text("code");
    call.error = entry.body.text("reason");
  }
}

Call change_of(const runs::EffectStory& effect, const Context& context) {
  const Logged& first = *effect.entries.front();
  Call call = call_of(first, context);
  describe(call, runs::operation_of(first));
  call.effect = "X";  // unless the intent says
  for (const Logged* entry : effect.entries) take_transition(call, *entry);
  call.status = to_text(effect.standing);
  call.attempts = effect.attempt;
  call.undone = effect.undone;
  return call;
}

}  // namespace

std::vector<Call> read_calls(std::span<const Logged> log, const std::vector<Context>& contexts) {
  std::vector<Call> calls;
  std::map<std::pair<std::string, bool>, std::size_t> changes;
  const runs::RunStory story = runs::tell_story(log);
  for (const runs::EffectStory& effect : story.effects) {
    const auto index = static_cast<std::size_t>(effect.entries.front() - log.data());
    changes.emplace(std::pair(to_text(effect.step), effect.undone), calls.size());
    calls.push_back(change_of(effect, contexts[index]));
  }
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind != Kind::kRecord || !is_request(log[i])) continue;
    const auto change = changes.find(std::pair(to_text(log[i].step), !contexts[i].counts));
    if (change == changes.end()) {
      calls.push_back(read_of(log[i], contexts[i]));
    } else {
      calls[change->second].request = log[i].body.text("request");
    }
  }
  std::stable_sort(calls.begin(), calls.end(),
                   [](const Call& a, const Call& b) { return a.asked < b.asked; });
  return calls;
}

}  // namespace neap::report
