#include "serve/handler_run.h"

#include <functional>
#include <utility>

#include <fmt/format.h>

namespace neap::serve {
namespace {

using runs::ScriptRun;

// The name under which the service acts, in the journal and in messages.
constexpr const char* kOperator = "neap serve";
// To clean up after an interruption. A handler that caught it and goes on would keep its place, and
// others from theirs.
constexpr Duration kGrace = std::chrono::seconds{10};

json::Object fields_of(const journal::HookEvent& event) {
  json::Object fields;
  const auto set = [&](const char* name, const std::string& text) {
    if (!text.empty()) fields.set(name, text);
  };
  set("id", event.id);
  set("type", event.hook_type);
  set("hook_name", event.hook_name);
  set("action_key", event.action_key);
  set("group_id", event.group_id);
  set("group_name", event.group_name);
  set("instance_id", event.instance_id);
  set("instance_name", event.instance_name);
  set("instance_ip", event.instance_ip);
  set("metadata", event.metadata);
  fields.set("attempt", event.attempts);
  return fields;
}

json::Object facts_of(const config::Settings& settings, const journal::HookEvent& event) {
  json::Object facts;
  facts.set("words", json::Array{json::Value("--event"), json::Value(event.id)});
  facts.set("endpoint", settings.endpoint.value);
  facts.set("region", settings.region.value);
  facts.set("project", settings.project.value);
  facts.set("profile", settings.profile.value);
  return facts;
}

// What an ended run answered, as its log holds it.
Result<std::string> recorded_answer(const std::vector<journal::Logged>& log) {
  const journal::Logged& last = log.back();
  if (last.body.text("status") == "done") return last.body.text("result");
  const json::Object* error = last.body.object("error");
  return fail(ErrorKind::kScript, error != nullptr ? error->text("message") : "the handler failed");
}

}  // namespace

HandlerRun::HandlerRun(HandlerRunParts parts, std::shared_ptr<const Handlers> handlers,
                       const Handler& handler, const journal::HookEvent& event, Done done)
    : parts_(parts),
      handlers_(std::move(handlers)),
      handler_(handler),
      event_(fields_of(event)),
      done_(std::move(done)),
      log_(parts.log.with({{"event", event.id},
                           {"run", event.run},
                           {"group", event.group_id},
                           {"instance", event.instance_id},
                           {"handler", handler.name}})),
      op_(log_),
      client_(parts.world.client().for_run(std::hash<std::string>{}(event.id) | 1U)) {
  if (const Result<void> ready = prepare(event); !ready) {
    finish(tl::unexpected(ready.error()));
    return;
  }
  if (!run_) return;
  if (handler_.timeout) {
    limit_ = parts_.world.loop().after(*handler_.timeout, [this] {
      cancel(Error{ErrorKind::kTimeout, fmt::format("the handler was not done within {}",
                                                    format_duration(*handler_.timeout))});
    });
  }
  run_->begin_evaluate([this](ScriptRun::Outcome outcome) { loaded(std::move(outcome)); });
}

HandlerRun::~HandlerRun() = default;

// A run that stands in the journal goes on; any other begins.
Result<void> HandlerRun::prepare(const journal::HookEvent& event) {
  const Result<journal::Run> there = parts_.store.find(event.run);
  if (there && there->id == event.run) return carry_on(*there);
  store_.emplace(parts_.store);
  auto begun = runs::DurableRun::begin(*store_, parts_.world.loop().clock(), handlers_->script,
                                       kOperator, facts_of(parts_.settings, event), event.run);
  if (!begun) return tl::unexpected(std::move(begun.error()));
  kept_ = std::move(*begun);
  return make_run();
}

Result<void> HandlerRun::carry_on(const journal::Run& run) {
  if (journal::has_ended(run.status)) {
    const auto log = parts_.store.log(run.id);
    if (!log) return tl::unexpected(log.error());
    finish(recorded_answer(*log));
    return {};
  }
  runs::Resumption resumption;
  resumption.operator_name = kOperator;
  auto resumed =
      runs::DurableRun::resume(parts_.store, parts_.world.loop().clock(), run.id, resumption);
  if (!resumed) return tl::unexpected(std::move(resumed.error()));
  kept_ = std::move(*resumed);
  return make_run();
}

Result<void> HandlerRun::make_run() {
  Result<Grants> grants = grants_of(handler_, parts_.settings);
  if (!grants) return tl::unexpected(std::move(grants.error()));
  run_.emplace(parts_.world, op_, log_, parts_.settings, kept_->script(),
               ScriptRun::Options{.kept = kept_.get(), .hold = &parts_.hold, .client = &client_});
  run_->grant(std::move(*grants));
  return {};
}

void HandlerRun::loaded(ScriptRun::Outcome outcome) {
  if (outcome.error) return ended(std::move(outcome));
  run_->begin_call("hooks", "run", {json::Value(handler_.index), json::Value(event_)},
                   [this](ScriptRun::Outcome told) { ended(std::move(told)); });
}

void HandlerRun::ended(ScriptRun::Outcome outcome) {
  if (std::exchange(ended_, true)) return;
  limit_.cancel();
  grace_.cancel();
  outcome = run_->checked(std::move(outcome));
  const Result<void> left = kept_->leave(outcome);
  if (!left) return finish(tl::unexpected(left.error()));
  // Also when it was interrupted: begun anew it might send again what is in doubt.
  if (outcome.left == ScriptRun::Left::kParked || outcome.left == ScriptRun::Left::kDiverged) {
    Error error = std::move(*outcome.error);
    error.code = kLeft;
    return finish(tl::unexpected(std::move(error)));
  }
  if (cancelled_) return finish(tl::unexpected(*std::move(cancelled_)));
  if (outcome.error) return finish(tl::unexpected(std::move(*outcome.error)));
  const auto* answer = outcome.value.as<std::string>();
  finish(answer != nullptr ? *answer : std::string());
}

void HandlerRun::finish(Result<std::string> answer) {
  soon_ = parts_.world.loop().after(Duration::zero(), [this, answer = std::move(answer)]() mutable {
    Result<std::string> told = std::move(answer);
    if (done_) std::exchange(done_, nullptr)(std::move(told));
  });
}

void HandlerRun::cancel(Error error) {
  if (cancelled_ || ended_ || !run_) return;
  cancelled_ = error;
  run_->interrupt(std::move(error));
  grace_ = parts_.world.loop().after(kGrace, [this] { force(); });
}

void HandlerRun::force() {
  log_.warn("the handler did not end when it was interrupted; it is ended");
  run_->force_stop();
  ScriptRun::Outcome outcome;
  outcome.error = *cancelled_;
  ended(std::move(outcome));
}

void HandlerRun::stop() {
  done_ = nullptr;
  grace_.cancel();
  if (run_) run_->stop();
}

}  // namespace neap::serve
