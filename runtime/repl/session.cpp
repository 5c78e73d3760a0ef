#include "repl/session.h"

#include <algorithm>

#include <fmt/format.h>

namespace neap::repl {
namespace {

constexpr const char* kChunk = "=prompt";
// A person waits for each statement and can see that it computes: what protects an unattended run
// from a loop need not be as tight here.
constexpr Duration kCpuPerResume = std::chrono::seconds{2};

lua::MachineOptions machine_options(const config::Settings& settings, std::string folder) {
  lua::MachineOptions options;
  options.state.memory_limit = settings.memory_per_run.value;
  // A session has no end by itself, so nothing limits all of it together.
  options.cpu = {std::max(settings.cpu_per_resume.value, kCpuPerResume), Duration::zero()};
  options.script_folder = std::move(folder);
  return options;
}

}  // namespace

struct Session::Running {
  Statement statement;
  std::shared_ptr<lua::Task> task;
  std::uint32_t origin = 0;  // of its tasks
  Function<void(int)> ended;
  Loop::Timer telling;  // of its end
  bool interrupted = false;
};

Session::Session(runs::World& world, Console& console, Log& log, const config::Settings& settings,
                 std::string place, std::string folder)
    : world_(world),
      console_(console),
      desk_(world.loop(), console, std::move(place), [this] { return statement_now(); }),
      host_{world.loop(),
            world.random(),
            log,
            world.transport(),
            world.client(),
            world.jobs(),
            desk_,
            Grants::all(settings.allow.value),
            {},
            nullptr,
            false,
            nullptr,
            &desk_},
      machine_(world.loop(), host_, all_modules(), define_classes,
               machine_options(settings, std::move(folder))) {
  static_cast<void>(globals());  // what is there now is not the session's own
}

Session::~Session() {
  machine_.scheduler().cancel_all();
}

int Session::statement_now() {
  const lua::Task* task = machine_.scheduler().current().get();
  if (task == nullptr) return 0;
  const auto found = std::find_if(running_.begin(), running_.end(), [&](const auto& row) {
    return row.second->origin == task->origin;
  });
  return found == running_.end() ? 0 : found->first;
}

Typed Session::read(std::string_view text) {
  return read_typed(text, [this](const std::string& source) -> std::optional<Error> {
    Result<void> compiled = machine_.check(source, kChunk);
    if (compiled) return std::nullopt;
    return std::move(compiled.error());
  });
}

int Session::begin(Typed typed, Function<void(int)> ended) {
  const int number = ++last_number_;
  auto& running = *(running_[number] = std::make_unique<Running>());
  running.statement.number = number;
  running.statement.began = world_.loop().now();
  running.ended = std::move(ended);
  const auto task = machine_.start(
      typed.source, kChunk,
      [this, number](lua::Machine::Outcome outcome) { finish(number, std::move(outcome)); });
  running.statement.typed = std::move(typed);
  if (task) {
    running.task = *task;
    running.origin = (*task)->origin;
    return number;
  }
  lua::Machine::Outcome outcome;
  outcome.error = task.error();
  finish(number, std::move(outcome));
  return number;
}

void Session::finish(int number, lua::Machine::Outcome outcome) {
  Running& running = *running_.at(number);
  running.statement.ended = world_.loop().now();
  running.statement.stage = outcome.error ? Stage::kFailed : Stage::kDone;
  const bool cancelled = outcome.error && outcome.error->kind == ErrorKind::kCancelled;
  if (running.interrupted && cancelled) outcome.error->message = "interrupted";
  running.statement.outcome = std::move(outcome);
  running.task.reset();
  // Never from inside the end of the task: whoever hears of it may drop the statement.
  running.telling = world_.loop().after(Duration::zero(), [&running, number] {
    Function<void(int)> ended = std::exchange(running.ended, nullptr);
    ended(number);
  });
}

const Statement* Session::find(int number) const {
  const auto found = running_.find(number);
  return found != running_.end() ? &found->second->statement : nullptr;
}

std::vector<const Statement*> Session::statements() const {
  std::vector<const Statement*> all;
  for (const auto& [number, running] : running_) all.push_back(&running->statement);
  return all;
}

void Session::drop(int number) {
  const Statement* statement = find(number);
  if (statement == nullptr || statement->stage == Stage::kRunning) return;
  running_.erase(number);
}

void Session::interrupt(int number) {
  const auto found = running_.find(number);
  if (found == running_.end() || !found->second->task) return;
  Running& running = *found->second;
  if (std::exchange(running.interrupted, true)) {
    host_.effects.settled = nullptr;
    return machine_.scheduler().cancel(running.task);
  }
  const auto stop = [this, number] {
    const auto still = running_.find(number);
    if (still == running_.end() || !still->second->task) return;
    machine_.scheduler().interrupt(*still->second->task,
                                   Error{ErrorKind::kCancelled, "interrupted"});
  };
  if (host_.effects.in_flight == 0) return stop();
  console_.notice("a changing call is unanswered: waiting for its answer; Ctrl-C again gives up");
  host_.effects.settled = [this, stop] { world_.loop().post(stop); };
}

void Session::keep_last(const lua::Ref& value) {
  static_cast<void>(machine_.set_global("_", value));
}

std::vector<std::string> Session::globals() {
  std::vector<std::string> names;
  const std::optional<json::Value> found = ask_library("globals", {}, std::chrono::seconds{1});
  const auto* rows = found ? found->as<json::Array>() : nullptr;
  if (rows == nullptr) return names;
  for (const json::Value& row : *rows) names.push_back(*row.as<std::string>());
  return names;
}

std::optional<json::Value> Session::ask_library(const char* function,
                                                std::vector<json::Value> arguments,
                                                Duration budget) {
  std::optional<json::Value> answer;
  std::vector<lua::Machine::Argument> all;
  all.reserve(arguments.size());
  for (json::Value& argument : arguments) all.emplace_back(std::move(argument));
  const auto task =
      machine_.start_library("repl", function, std::move(all), [&](lua::Machine::Outcome outcome) {
        if (!outcome.error) {
          Result<json::Value> value = machine_.copy(outcome.value);
          if (value) answer = std::move(*value);
        }
        world_.loop().stop();
      });
  if (!task) return std::nullopt;
  const Loop::Timer limit = world_.loop().after(budget, [&] { world_.loop().stop(); });
  world_.loop().run();
  machine_.scheduler().cancel(*task);
  return answer;
}

}  // namespace neap::repl
