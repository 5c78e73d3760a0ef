#include "lua/replay.h"

#include "base/fault_points.h"
#include "lua/replay_state.h"

namespace neap::lua {

Replay::Replay(journal::RunLog& log, Scheduler& scheduler, std::span<const Module* const> modules)
    : state_(std::make_shared<State>(log, scheduler, modules)) {
  scheduler.observe(this);
}

Replay::~Replay() {
  state_->scheduler.observe(nullptr);
}

bool Replay::replaying() const {
  return state_->replaying();
}

const std::optional<Error>& Replay::diverged() const {
  return state_->diverged;
}

std::optional<Error> Replay::unused() const {
  if (state_->stopped()) return std::nullopt;
  if (state_->replaying()) return divergence(state_->next_record(), nullptr, true);
  if (state_->told_caught_up) return std::nullopt;
  const std::vector<const journal::Logged*> open = open_at_the_end(state_->log);
  return open.empty() ? std::nullopt : std::optional(divergence(*open.front(), nullptr, true));
}

void Replay::listen(Hooks hooks) {
  state_->hooks = std::move(hooks);
}

void Replay::park(const journal::Step& step, Error reason) {
  for (const auto& [order, wait] : state_->waits) {
    if (wait->asked.at.step != step || wait->stage != Wait::Stage::kBegun) continue;
    wait->stage = Wait::Stage::kParked;
    wait->parked = std::move(reason);
    return state_->move_soon();
  }
}

void Replay::interrupt(Error error) {
  if (state_->interruption || state_->interrupted) return;
  state_->interruption = std::move(error);
  state_->move_soon();
}

void Replay::spawned(Task& task, Task* by) {
  State::Place place;
  if (by == nullptr) {
    place.path = std::to_string(state_->roots++);
    state_->root = &task;
  } else {
    State::Place& parent = state_->tasks[by];
    place.path = parent.path + "." + std::to_string(++parent.children);
  }
  state_->tasks[&task] = std::move(place);
}

void Replay::ended(Task& task) {
  if (state_->root == &task) state_->root = nullptr;
  state_->tasks.erase(&task);
}

void Replay::idle() {
  state_->move();
}

bool Replay::settled(const std::shared_ptr<Task>& task, std::uint64_t ticket,
                     Settlement& settlement) {
  const auto place = state_->tasks.find(task.get());
  Wait* const wait = place != state_->tasks.end() ? place->second.wait : nullptr;
  if (wait == nullptr || wait->ticket != ticket || wait->stage == Wait::Stage::kHeld) return false;
  if (wait->stage == Wait::Stage::kBegun) state_->settle(*wait, settlement);
  return true;
}

int Replay::call_now(Call& call, const Entry& entry) {
  if (fault::bug("replay.forget_now")) return entry.now(call);
  State& state = *state_;
  if (state.diverged) throw Failure(*state.diverged);
  if (state.broken) throw Failure(*state.broken);
  const auto place = state.tasks.find(call.scheduler().current().get());
  if (place == state.tasks.end()) {
    throw Failure(ErrorKind::kUsage, state.name_of(entry) + " is recorded, so it needs a task");
  }
  const Arguments arguments(call.L, call.scheduler().liveness());
  const Asked asked = state.ask(entry, place->second, arguments.canonical(), call.L);
  if (state.replaying()) return state.feed_now(call.L, asked);
  call.record_as(&asked.at);
  return state.answer_now(call, entry, asked);
}

Pending Replay::call_later(Call& call, const Entry& entry, const std::shared_ptr<Task>& task) {
  State& state = *state_;
  if (state.stopped()) return {};  // for ever
  State::Place& place = state.tasks[task.get()];
  auto wait = std::make_unique<Wait>();
  wait->arguments.emplace(call.L, state.scheduler.liveness());
  wait->asked = state.ask(entry, place, wait->arguments->canonical(), task->co);
  wait->state = state_;
  wait->task = task;
  wait->entry = &entry;
  wait->context = &call.context();
  wait->order = ++state.orders;
  state.waits[wait->order] = wait.get();
  place.wait = wait.get();
  if (const auto index = state.find_record(wait->asked.at.step)) {
    state.await_record(*wait, *index);
  } else {
    state.to_begin.push_back(wait->order);
    if (fault::bug("replay.begin_early")) state.begin(*wait);
  }
  return Pending{std::move(wait)};
}

}  // namespace neap::lua
