#include "runs/script_run.h"

#include <fmt/format.h>

#include "runs/durable_run.h"
#include "runs/run_story.h"

namespace neap::runs {
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
            options.client != nullptr ? *options.client : world.client(),
            world.jobs(),
            op_,
            script.typed || options.trusted ? Grants::all(settings.allow.value) : Grants(),
            {},
            options.kept != nullptr ? &options.kept->log() : nullptr,
            options.force_send,
            options.hold},
      machine_(world.loop(), host_, all_modules(), define_classes,
               machine_options(settings, script, options)) {
  if (kept_ != nullptr) record();
}

void ScriptRun::record() {
  replay_ = &machine_.record(kept_->log());
  op_.follow(*replay_, kept_->log());
  lua::Replay::Hooks hooks;
  hooks.diverged = [this](Error error) { leave(Left::kDiverged, std::move(error)); };
  hooks.parked = [this](Error error) { leave(Left::kParked, std::move(error)); };
  hooks.broken = [this](Error error) { leave(Left::kBroken, std::move(error)); };
  hooks.caught_up = [this] { caught_up(); };
  replay_->listen(std::move(hooks));
}

void ScriptRun::leave(Left left, Error reason) {
  if (std::exchange(ending_, true)) return;
  Outcome outcome;
  outcome.left = left;
  outcome.error = std::move(reason);
  finish_soon(std::move(outcome));
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

void ScriptRun::begin(Start start, Done done) {
  done_ = std::move(done);
  ending_ = false;
  const auto task = start([this](lua::Machine::Outcome result) { ended(std::move(result)); });
  if (!task) {
    ending_ = true;
    Outcome outcome;
    outcome.error = task.error();
    return finish_soon(std::move(outcome));
  }
  task_ = *task;
  if (stopping_) stop();
}

void ScriptRun::ended(lua::Machine::Outcome result) {
  if (std::exchange(ending_, true)) return;
  Outcome outcome;
  outcome.error = std::move(result.error);
  if (stopping_ && outcome.error && outcome.error->kind == ErrorKind::kCancelled) {
    outcome.error->message = "interrupted";
    if (kept_ != nullptr) outcome.left = Left::kStopped;
  }
  outcome.traceback = std::move(result.traceback);
  returned_ = std::move(result.value);
  finish_soon(std::move(outcome));
}

// Never from inside Lua or its log: whoever is told may end this run.
void ScriptRun::finish_soon(Outcome outcome) {
  telling_ = world_.loop().after(Duration::zero(), [this, outcome = std::move(outcome)]() mutable {
    // Left before its end, it ends here, while there is somebody to hear of it.
    if (task_) machine_.scheduler().cancel(task_);
    task_.reset();
    Outcome told = std::move(outcome);
    std::exchange(done_, nullptr)(std::move(told));
  });
}

ScriptRun::Outcome ScriptRun::drive(Function<void(Done)> begin_it) {
  std::optional<Outcome> outcome;
  begin_it([&](Outcome told) {
    outcome = std::move(told);
    world_.loop().stop();
  });
  world_.loop().run();
  if (outcome) return std::move(*outcome);
  // Nothing can happen any more: tasks of the script wait for each other.
  machine_.scheduler().cancel(task_);
  task_.reset();
  done_ = nullptr;
  Outcome stuck;
  stuck.error = Error{ErrorKind::kScript, "the script waits for something that cannot happen",
                      "look for tasks that wait for each other"};
  return stuck;
}

ScriptRun::Outcome ScriptRun::go_on(Outcome outcome, const std::vector<std::string>& words) {
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
  const RunStory story = tell_story(kept_->log().all());
  const std::vector<const EffectStory*> open = story.open_effects();
  if (open.empty()) return outcome;
  outcome.left = Left::kParked;
  outcome.error = Error{ErrorKind::kInDoubt,
                        fmt::format("the script has ended, and its step {} is still in doubt",
                                    to_text(open.front()->step)),
                        "look at the cloud, and say whether it happened"};
  return outcome;
}

ScriptRun::Outcome ScriptRun::evaluate() {
  return drive([this](Done done) { begin_evaluate(std::move(done)); });
}

void ScriptRun::begin_evaluate(Done done) {
  begin(
      [this](lua::Machine::Done ended) {
        return machine_.start(script_.source, script_.chunk, std::move(ended));
      },
      [this, done = std::move(done)](Outcome outcome) mutable {
        evaluated(std::move(outcome), std::move(done));
      });
}

void ScriptRun::evaluated(Outcome outcome, Done done) {
  if (outcome.error) return done(std::move(outcome));
  const bool header = machine_.has_function(returned_, "run");
  if (!script_.typed || header) return begin_describe(std::move(done));
  Result<json::Value> value = machine_.copy(returned_);
  if (value) outcome.value = std::move(*value);
  done(std::move(outcome));
}

void ScriptRun::begin_describe(Done done) {
  auto subject = std::make_shared<lua::Ref>(std::move(returned_));
  begin(
      [this, &subject](lua::Machine::Done ended) {
        return machine_.start_library(script_.handlers ? "hooks" : "runbook", "describe",
                                      {subject.get()}, std::move(ended));
      },
      [this, subject, done = std::move(done)](Outcome outcome) mutable {
        done(described(std::move(outcome), std::move(*subject)));
      });
}

ScriptRun::Outcome ScriptRun::described(Outcome outcome, lua::Ref subject) {
  const auto place = [this](Error& error) {
    error.message = place_of(script_) + ": " + error.message;
  };
  if (outcome.error) {
    place(*outcome.error);
    return outcome;
  }
  Result<json::Value> described = machine_.copy(returned_);
  returned_ = std::move(subject);
  if (!described) {
    outcome.error = described.error();
    return outcome;
  }
  description_ = *described->as<json::Object>();
  if (script_.handlers) return outcome;
  op_.keep_header(*description_);
  Result<Grants> grants = Grants::from_needs(needs_of(*description_), settings_.allow.value);
  if (grants) {
    host_.grants = std::move(*grants);
  } else {
    outcome.error = grants.error();
    place(*outcome.error);
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
  return drive(
      [&](Done done) { begin_call(module, function, std::move(arguments), std::move(done)); });
}

void ScriptRun::begin_call(const char* module, const char* function,
                           std::vector<json::Value> arguments, Done done) {
  const lua::Ref subject = std::move(returned_);
  begin(
      [&](lua::Machine::Done ended) {
        std::vector<lua::Machine::Argument> all{&subject};
        for (json::Value& argument : arguments) all.emplace_back(std::move(argument));
        return machine_.start_library(module, function, std::move(all), std::move(ended));
      },
      [this, done = std::move(done)](Outcome outcome) mutable {
        if (outcome.error) return done(std::move(outcome));
        Result<json::Value> value = machine_.copy(returned_);
        if (!value) {
          outcome.error = value.error();
          outcome.error->message = "the result cannot be shown: " + outcome.error->message;
        } else {
          outcome.value = std::move(*value);
        }
        done(std::move(outcome));
      });
}

void ScriptRun::interrupt(Error error) {
  if (replay_ != nullptr) return replay_->interrupt(std::move(error));
  if (task_) machine_.scheduler().interrupt(*task_, std::move(error));
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

}  // namespace neap::runs
