#include "app/script_run.h"

#include <fmt/format.h>

namespace neap::app {
namespace {

lua::MachineOptions machine_options(const config::Settings& settings, const Script& script,
                                    bool trusted) {
  lua::MachineOptions options;
  options.state.memory_limit = settings.memory_per_run.value;
  options.cpu = {settings.cpu_per_resume.value, settings.cpu_per_run.value};
  options.script_folder = script.folder;
  options.trusted = trusted;
  return options;
}

std::vector<std::string> needs_of(const json::Object& description) {
  std::vector<std::string> needs;
  for (const json::Value& row : description.list("needs")) {
    if (const auto* need = row.as<std::string>()) needs.push_back(*need);
  }
  return needs;
}

// The place of a script in messages: its path, as the operator gave it.
std::string place_of(const Script& script) {
  return script.chunk.substr(1);
}

}  // namespace

ScriptRun::ScriptRun(World& world, Operator& op, Log& log, const config::Settings& settings,
                     const Script& script, bool trusted)
    : world_(world),
      settings_(settings),
      script_(script),
      host_{world.loop(),
            world.random(),
            log,
            world.transport(),
            world.client(),
            world.jobs(),
            op,
            script.typed || trusted ? Grants::all(settings.allow.value) : Grants(),
            {}},
      machine_(world.loop(), host_, all_modules(), define_classes,
               machine_options(settings, script, trusted)) {}

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
  if (!ended) {
    // Nothing can happen any more: tasks of the script wait for each other. They end here, while
    // there is somebody to hear of it.
    machine_.scheduler().cancel(task_);
    task_.reset();
    outcome.error = Error{ErrorKind::kScript, "the script waits for something that cannot happen",
                          "look for tasks that wait for each other"};
    return outcome;
  }
  task_.reset();
  outcome.error = std::move(ended->error);
  if (stopping_ && outcome.error && outcome.error->kind == ErrorKind::kCancelled) {
    outcome.error->message = "interrupted";
  }
  outcome.traceback = std::move(ended->traceback);
  returned_ = std::move(ended->value);
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
    if (task_) machine_.scheduler().cancel(task_);
  };
  if (host_.effects.in_flight == 0) return cancel();
  host_.effects.settled = [this, cancel] { world_.loop().post(cancel); };
}

void ScriptRun::force_stop() {
  machine_.interrupt();
  if (task_) machine_.scheduler().cancel(task_);
}

}  // namespace neap::app
