#include "app/script_run.h"

#include <fmt/format.h>

#include "app/durable_run.h"

namespace neap::app {
namespace {

lua::MachineOptions machine_options(const config::Settings& settings, const Script& script,
                                    const ScriptRun::Options& run) {
  lua::MachineOptions options;
  options.state.memory_limit = settings.memory_per_run.value;
  options.cpu = {settings.cpu_per_resume.value, settings.cpu_per_run.value};
  options.script_folder = script.folder;
  options.trusted = run.trusted;
  options.modules = run.kept;
  return options;
}

std::vector<std::string> needs_of(const json::Object& description) {
  std::vector<std::string> needs;
  for (const json::Value& row : description.list("needs")) {
    if (const auto* need = row.as<std::string>()) needs.push_back(*need);
  }
  return needs;
}

Error cancelled_by_operator() {
  return Error{ErrorKind::kCancelled, "cancelled by an operator"};
}

// The place of a script in messages: its path, as the operator gave it.
std::string place_of(const Script& script) {
  return script.chunk.substr(1);
}

}  // namespace

ScriptRun::ScriptRun(World& world, Operator& op, Log& log, const config::Settings& settings,
                     const Script& script, Options options)
    : world_(world),
      settings_(settings),
      script_(script),
      kept_(options.kept),
      op_(op),
      host_{world.loop(),
            world.random(),
            log,
            world.transport(),
            world.client(),
            world.jobs(),
            op_,
            script.typed || options.trusted ? Grants::all(settings.allow.value) : Grants(),
            {},
            options.kept != nullptr ? &options.kept->log() : nullptr},
      machine_(world.loop(), host_, all_modules(), define_classes,
               machine_options(settings, script, options)) {
  if (kept_ != nullptr) record();
}

void ScriptRun::record() {
  replay_ = &machine_.record(kept_->log());
  op_.follow(*replay_);
  lua::Replay::Hooks hooks;
  hooks.diverged = [this](Error error) { leave(Left::kDiverged, std::move(error)); };
  hooks.parked = [this](Error error) { leave(Left::kParked, std::move(error)); };
  hooks.broken = [this](Error error) { leave(Left::kBroken, std::move(error)); };
  hooks.caught_up = [this] { caught_up(); };
  replay_->listen(std::move(hooks));
}

void ScriptRun::leave(Left left, Error reason) {
  left_ = left;
  reason_ = std::move(reason);
  world_.loop().stop();
}

// What follows is new, so what an operator said in the meantime counts from here on.
void ScriptRun::caught_up() {
  kept_->caught_up();
  const json::Object nothing;
  if (!kept_->log().records().empty()) op_.tell(RunEvent{"replay_ended", nothing});
  if (kept_->wants_cancel()) replay_->interrupt(cancelled_by_operator());
  look_around();
}

// Other processes speak to this run through the journal. Goes on only as long as something else may
// still happen, so that tasks that wait for each other are noticed.
void ScriptRun::look_around() {
  constexpr Duration kPause = std::chrono::seconds{1};
  watch_ = world_.loop().after(kPause, [this] {
    Loop& loop = world_.loop();
    if (loop.timers() + loop.watches() + loop.posted() == 0) return;
    const Result<bool> news = kept_->log().refresh();
    if (news && *news && kept_->wants_cancel()) replay_->interrupt(cancelled_by_operator());
    look_around();
  });
}

ScriptRun::Outcome ScriptRun::drive(Start start) {
  std::optional<lua::Machine::Outcome> ended;
  const auto task = start([&](lua::Machine::Outcome outcome) {
    ended = std::move(outcome);
    world_.loop().stop();
  });
  Outcome outcome;
  if (!task) {
    outcome.error = task.error();
    return outcome;
  }
  task_ = *task;
  if (stopping_) stop();
  if (!ended) world_.loop().run();
  if (!ended && left_ == Left::kEnded) {
    // Nothing can happen any more: tasks of the script wait for each other.
    reason_ = Error{ErrorKind::kScript, "the script waits for something that cannot happen",
                    "look for tasks that wait for each other"};
  }
  if (!ended) {
    // It ends here, while there is somebody to hear of it.
    machine_.scheduler().cancel(task_);
    task_.reset();
    outcome.left = left_;
    outcome.error = reason_;
    return outcome;
  }
  task_.reset();
  outcome.error = std::move(ended->error);
  if (stopping_ && outcome.error && outcome.error->kind == ErrorKind::kCancelled) {
    outcome.error->message = "interrupted";
    if (kept_ != nullptr) outcome.left = Left::kStopped;
  }
  outcome.traceback = std::move(ended->traceback);
  returned_ = std::move(ended->value);
  return outcome;
}

ScriptRun::Outcome ScriptRun::run(const std::vector<std::string>& words) {
  Outcome outcome = evaluate();
  if (outcome.error) return checked(std::move(outcome));
  if (description_) return checked(execute(words));
  if (!words.empty()) {
    outcome.error = Error{ErrorKind::kUsage, "unexpected \"" + words.front() + "\"",
                          "code without a header takes no parameters"};
  }
  return checked(std::move(outcome));
}

// A script that ends before its log does is not the script that wrote it.
ScriptRun::Outcome ScriptRun::checked(Outcome outcome) {
  if (replay_ == nullptr || outcome.left != Left::kEnded) return outcome;
  if (std::optional<Error> unused = replay_->unused()) {
    outcome.left = Left::kDiverged;
    if (!outcome.error) outcome.error = std::move(unused);
    return outcome;
  }
  // A call whose task was ended while it was in doubt: nobody waits for it any more but the
  // operator.
  const std::vector<journal::Step> open = in_doubt(kept_->log().all());
  if (open.empty()) return outcome;
  outcome.left = Left::kParked;
  outcome.error = Error{
      ErrorKind::kInDoubt,
      fmt::format("the script has ended, and its step {} is still in doubt", to_text(open.front())),
      "look at the cloud, and say whether it happened"};
  return outcome;
}

ScriptRun::Outcome ScriptRun::evaluate() {
  Outcome outcome = drive([&](lua::Machine::Done done) {
    return machine_.start(script_.source, script_.chunk, std::move(done));
  });
  if (outcome.error) return outcome;
  const bool header = machine_.has_function(returned_, "run");
  if (!script_.typed || header) return describe();
  Result<json::Value> value = machine_.copy(returned_);
  if (value) outcome.value = std::move(*value);
  return outcome;
}

ScriptRun::Outcome ScriptRun::describe() {
  lua::Ref header = std::move(returned_);
  Outcome outcome = drive([&](lua::Machine::Done done) {
    return machine_.start_library("runbook", "describe", {&header}, std::move(done));
  });
  if (outcome.error) {
    outcome.error->message = place_of(script_) + ": " + outcome.error->message;
    return outcome;
  }
  Result<json::Value> described = machine_.copy(returned_);
  returned_ = std::move(header);
  if (!described) {
    outcome.error = described.error();
    return outcome;
  }
  description_ = *described->as<json::Object>();
  Result<Grants> grants = Grants::from_needs(needs_of(*description_), settings_.allow.value);
  if (grants) {
    host_.grants = std::move(*grants);
  } else {
    outcome.error = grants.error();
    outcome.error->message = place_of(script_) + ": " + outcome.error->message;
  }
  return outcome;
}

ScriptRun::Outcome ScriptRun::execute(const std::vector<std::string>& words) {
  json::Array list;
  for (const std::string& word : words) list.emplace_back(word);
  return call("runbook", "execute", {json::Value(std::move(list))});
}

ScriptRun::Outcome ScriptRun::call(const char* module, const char* function,
                                   std::vector<json::Value> arguments) {
  lua::Ref subject = std::move(returned_);
  Outcome outcome = drive([&](lua::Machine::Done done) {
    std::vector<lua::Machine::Argument> all{&subject};
    for (json::Value& argument : arguments) all.emplace_back(std::move(argument));
    return machine_.start_library(module, function, std::move(all), std::move(done));
  });
  if (outcome.error) return outcome;
  Result<json::Value> value = machine_.copy(returned_);
  if (!value) {
    outcome.error = value.error();
    outcome.error->message = "the result cannot be shown: " + outcome.error->message;
  } else {
    outcome.value = std::move(*value);
  }
  return outcome;
}

void ScriptRun::stop() {
  stopping_ = true;
  const auto cancel = [this] {
    if (!task_) return;
    // A durable run is left as it stands; any other ends here, and cleans up.
    if (kept_ != nullptr) return machine_.scheduler().cancel(task_);
    machine_.scheduler().interrupt(*task_, Error{ErrorKind::kCancelled, "interrupted"});
  };
  if (host_.effects.in_flight == 0) return cancel();
  host_.effects.settled = [this, cancel] { world_.loop().post(cancel); };
}

void ScriptRun::force_stop() {
  machine_.interrupt();
  if (task_) machine_.scheduler().cancel(task_);
}

}  // namespace neap::app
