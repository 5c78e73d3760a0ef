// host.log and host.run: what a script tells the operator, and what it asks of operator and
// journal.
#include <memory>
#include <utility>

#include "bindings/question.h"
#include "host.h"
#include "lua/bind.h"
#include "lua/value.h"

namespace neap::bindings {
namespace {

int write(lua::Call& call) {
  const Result<LogLevel> level = parse_log_level(call.text(1));
  if (!level) throw Failure(level.error());
  call.host().log.write(*level, call.text(2));
  return 0;
}

int print(lua::Call& call) {
  call.host().op.print(call.text(1));
  return 0;
}

int tell(lua::Call& call) {
  const std::string name(call.text(1));
  const json::Value value = call.given(2) ? lua::to_value(call.L, 2) : json::Value(json::Object());
  const auto* fields = value.as<json::Object>();
  const json::Object none;
  call.host().op.tell(RunEvent{name, fields != nullptr ? *fields : none});
  return 0;
}

lua::Pending ask(lua::Call& call, lua::Resumer resume) {
  std::string text(call.text(1));
  const Duration limit = call.duration(2);
  auto question = std::make_unique<Question>(call, std::move(resume), std::move(text));
  question->open(limit);
  return lua::Pending{std::move(question)};
}

int push_override(lua::Call& call, const json::Object& override) {
  json::Object pushed;
  for (const char* field : {"action", "value", "by", "why"}) {
    const json::Value* value = override.find(field);
    if (value != nullptr && !value->is_null()) pushed.set(field, *value);
  }
  lua::push_value(call.L, json::Value(std::move(pushed)));
  return 1;
}

// What an operator wants in the place of the step, if anything: the latest word counts.
int begin_step(lua::Call& call) {
  const std::string number = std::to_string(static_cast<std::int64_t>(call.number(1)));
  const std::string_view name = call.text(2);
  const journal::RunLog* log = call.host().log_of_run;
  if (log == nullptr) return 0;
  for (const journal::Logged* entry : log->overrides()) {
    const std::string step = entry->body.text("step");
    if (step == name || step == number) return push_override(call, entry->body);
  }
  return 0;
}

// Only to stand in the log: a run that failed goes back to the step in which it did.
int end_step(lua::Call&) {
  return 0;
}

int lock(lua::Call& call) {
  const std::string resource(call.text(1));
  journal::RunLog* log = call.host().log_of_run;
  if (log == nullptr) return 0;
  journal::Batch batch;
  batch.lock = {resource};
  const Result<journal::Committed> committed = log->commit(std::move(batch));
  if (!committed) throw Failure(committed.error());
  return 0;
}

constexpr lua::Entry kLog[] = {{"write", "(level, message)", write}};

constexpr lua::Entry kRun[] = {
    {"print", "(line)", print},
    {"tell", "(event, fields)", tell},
    from(lua::Source::kTimed, {"ask", "(question, deadline) -> {yes, by, comment}", ask}),
    from(lua::Source::kOutside,
         {"begin_step", "(index, name) -> {action, value, by, why}, or nothing", begin_step}),
    from(lua::Source::kOutside, {"end_step", "(index, ok)", end_step}),
    from(lua::Source::kOutside, {"lock", "(resource)", lock}),
};

}  // namespace

extern const lua::Module log{"host.log", kLog};
extern const lua::Module run{"host.run", kRun};

}  // namespace neap::bindings
