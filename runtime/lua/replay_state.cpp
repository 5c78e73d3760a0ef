#include "lua/replay_state.h"

#include <algorithm>

#include "base/fault_points.h"
#include "base/text.h"

namespace neap::lua {
namespace {

constexpr std::size_t kMostRequest = 2048;  // bytes that are kept of a call's arguments
constexpr const char* kInterrupt = "interrupt";

// An interruption is told by a step that no call can have.
bool is_interrupt(const journal::Logged& record) {
  return record.step.sequence == 0;
}

// The calls that an earlier process had begun, by key, with their generations. One that a rewind
// undid is a call of its own when it is made again; any other is still the same, so that what was
// sent for it is found again.
std::unordered_map<std::string, std::uint32_t> calls_begun(
    const std::vector<journal::Logged>& entries) {
  std::unordered_map<std::string, const journal::Logged*> begun;
  for (const journal::Logged& entry : entries) {
    if (entry.kind == journal::Kind::kRewound) {
      const auto to = static_cast<std::int64_t>(entry.body.number("to").value_or(0));
      std::erase_if(begun, [&](const auto& row) { return row.second->position > to; });
    } else if (entry.step.sequence != 0) {
      begun.try_emplace(key_of(entry.step), &entry);
    }
  }
  std::unordered_map<std::string, std::uint32_t> generations;
  for (const auto& [key, entry] : begun) generations[key] = entry->step.generation;
  return generations;
}

Deliver push_body(json::Object body) {
  return [body = std::move(body)](lua_State* L) { return push_recorded(L, body); };
}

Settlement failed(Error error) {
  return {false,
          [error = std::move(error)](lua_State* L) {
            push_error(L, error);
            return 1;
          },
          nullptr};
}

}  // namespace

std::vector<const journal::Logged*> open_at_the_end(const journal::RunLog& log) {
  std::int64_t end = log.records().empty() ? 0 : log.records().back().position;
  for (const journal::Logged& entry : log.all()) {
    if (entry.kind == journal::Kind::kRewound) end = std::max(end, entry.position);
  }
  std::vector<const journal::Logged*> open;
  for (const journal::Logged& entry : log.all()) {
    const bool begins = entry.kind == journal::Kind::kBegun || entry.kind == journal::Kind::kIntent;
    if (begins && entry.position > end) open.push_back(&entry);
  }
  return open;
}

std::string key_of(const journal::Step& step) {
  return to_text(journal::Step{step.task, step.sequence});
}

Replay::Wait::~Wait() {
  if (const std::shared_ptr<State> owner = state.lock()) owner->forget(*this);
}

Replay::State::State(journal::RunLog& run_log, Scheduler& tasks_of_run,
                     std::span<const Module* const> modules)
    : log(run_log), scheduler(tasks_of_run), held(run_log.records().size()) {
  for (const Module* module : modules) {
    for (const Entry& entry : module->entries) {
      names[&entry] = std::string(module->name) + "." + entry.name;
    }
  }
  for (std::size_t i = 0; i < held; ++i) {
    const journal::Logged& record = log.records()[i];
    if (!is_interrupt(record)) records[key_of(record.step)] = i;
  }
  begun = calls_begun(log.all());
}

std::string Replay::State::name_of(const Entry& entry) const {
  if (entry.operation != nullptr) return entry.operation;
  const auto found = names.find(&entry);
  return found != names.end() ? found->second : entry.name;
}

Asked Replay::State::ask(const Entry& entry, Place& place, const std::string& canonical,
                         lua_State* caller) {
  place.calls = fault::bug("replay.fresh_sequence") ? 1 : place.calls + 1;
  Asked asked;
  asked.at.step = {place.path, place.calls};
  const auto index = find_record(asked.at.step);
  asked.at.step.generation =
      index ? log.records()[*index].step.generation : generation_of(asked.at.step);
  asked.at.digest = to_hex(sha256.digest(canonical));
  asked.at.where = caller_of(caller);
  asked.name = name_of(entry);
  if (entry.source != Source::kPrivate) asked.request = canonical;
  return asked;
}

std::uint32_t Replay::State::generation_of(const journal::Step& step) const {
  const auto found = begun.find(key_of(step));
  return found != begun.end() ? found->second : log.generation();
}

std::optional<std::size_t> Replay::State::find_record(const journal::Step& step) const {
  const auto found = records.find(key_of(step));
  if (found == records.end() || found->second < used) return std::nullopt;
  return found->second;
}

bool Replay::State::matches(const journal::Logged& record, const Asked& asked) const {
  return record.name == asked.name &&
         (record.digest == asked.at.digest || fault::bug("replay.skip_digest"));
}

int Replay::State::feed_now(lua_State* L, const Asked& asked) {
  const journal::Logged& record = next_record();
  if (key_of(record.step) != key_of(asked.at.step) || !matches(record, asked)) {
    diverge(record, &asked);
    throw Failure(*diverged);
  }
  ++used;
  if (std::optional<Error> error = recorded_error(record.body)) throw Failure(std::move(*error));
  return push_recorded(L, record.body);
}

int Replay::State::answer_now(Call& call, const Entry& entry, const Asked& asked) {
  json::Object body;
  try {
    body = values_body(call.L, entry.now(call), asked.name);
  } catch (const Failure& failure) {
    body = failure_body(failure.error);
  } catch (const std::exception& unexpected) {
    body = failure_body(Error{ErrorKind::kInternal, unexpected.what()});
  }
  record(asked, body);
  if (std::optional<Error> error = recorded_error(body)) throw Failure(std::move(*error));
  return push_recorded(call.L, body);
}

void Replay::State::await_record(Wait& wait, std::size_t index) {
  wait.stage = Wait::Stage::kInLog;
  const journal::Logged& record = log.records()[index];
  if (!matches(record, wait.asked)) return diverge(record, &wait.asked);
  awaiting[key_of(record.step)] = &wait;
}

void Replay::State::forget(Wait& wait) {
  waits.erase(wait.order);
  if (wait.stage == Wait::Stage::kInLog) awaiting.erase(key_of(wait.asked.at.step));
  const auto place = tasks.find(wait.task.lock().get());
  if (place != tasks.end() && place->second.wait == &wait) place->second.wait = nullptr;
}

void Replay::State::record(const Asked& asked, json::Object body) {
  journal::Entry entry;
  entry.kind = journal::Kind::kRecord;
  entry.step = asked.at.step;
  entry.name = asked.name;
  entry.digest = asked.at.digest;
  entry.where = asked.at.where;
  entry.body = std::move(body);
  if (asked.request.size() > 2) entry.body.set("request", cut(asked.request, kMostRequest));
  log.add(std::move(entry));
}

void Replay::State::move_soon() {
  if (std::exchange(move_posted, true)) return;
  scheduler.loop().post([weak = weak_from_this()] {
    const std::shared_ptr<State> state = weak.lock();
    if (!state) return;
    state->move_posted = false;
    state->move();
  });
}

void Replay::State::move() {
  report();
  if (stopped() || !scheduler.idle()) return;
  if (!replaying()) return go_on();
  if (scheduler.alive() != 0) feed();  // otherwise the host has not begun yet, or goes on later
}

void Replay::State::feed() {
  const journal::Logged& record = next_record();
  if (is_interrupt(record)) return feed_interrupt(record);
  const auto found = awaiting.find(key_of(record.step));
  if (found == awaiting.end()) {
    const auto fresh = std::find_if(waits.begin(), waits.end(), [](const auto& row) {
      return row.second->stage == Wait::Stage::kHeld;
    });
    return diverge(record, fresh != waits.end() ? &fresh->second->asked : nullptr);
  }
  Wait& wait = *found->second;
  awaiting.erase(found);
  wait.stage = Wait::Stage::kDelivered;
  ++used;
  const std::shared_ptr<Task> task = wait.task.lock();
  const bool ok = !recorded_error(record.body);
  scheduler.deliver(task, task->ticket, ok, push_body(record.body));
}

void Replay::State::feed_interrupt(const journal::Logged& record) {
  const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const auto& row) {
    return row.second.path == record.step.task;
  });
  if (found == tasks.end()) return diverge(record, nullptr);
  ++used;
  interrupted = true;
  scheduler.interrupt(
      *found->first,
      recorded_error(record.body).value_or(Error{ErrorKind::kCancelled, "interrupted"}));
}

// The log has been used up. An interruption goes before everything that would be begun or told.
void Replay::State::go_on() {
  // A script that has begun nothing yet may still make again the calls that were open.
  if (!told_caught_up && (!to_begin.empty() || open_at_the_end(log).empty())) {
    if (goes_astray()) return;
    told_caught_up = true;
    if (hooks.caught_up) hooks.caught_up();
  }
  if (interruption && root != nullptr) return raise_interruption();
  begin_held();
  while (!answered.empty()) {
    const auto found = waits.find(answered.front());
    answered.pop_front();
    if (found != waits.end()) return deliver(*found->second);
  }
  commit_soon();
  look_for_parked();
}

// What an earlier process had begun since its last record was still open when it ended, so the same
// script has it open again: the same call, or it is another script.
bool Replay::State::goes_astray() {
  for (const journal::Logged* entry : open_at_the_end(log)) {
    const auto found = std::find_if(waits.begin(), waits.end(), [&](const auto& row) {
      return key_of(row.second->asked.at.step) == key_of(entry->step);
    });
    const Asked* now = found != waits.end() ? &found->second->asked : nullptr;
    if (now != nullptr && now->at.digest == entry->digest) continue;
    diverge(*entry, now);
    return true;
  }
  return false;
}

void Replay::State::raise_interruption() {
  const json::Object body = failure_body(*std::exchange(interruption, std::nullopt));
  Asked asked;
  asked.name = kInterrupt;
  asked.at.step = {tasks.at(root).path, 0, log.generation()};
  if (!fault::bug("replay.lose_interrupt")) record(asked, body);
  interrupted = true;
  scheduler.interrupt(*root, *recorded_error(body));
}

void Replay::State::begin_held() {
  for (const std::uint64_t order : std::exchange(to_begin, {})) {
    const auto found = waits.find(order);
    if (found != waits.end() && found->second->stage == Wait::Stage::kHeld) begin(*found->second);
  }
}

void Replay::State::begin(Wait& wait) {
  const std::shared_ptr<Task> task = wait.task.lock();
  wait.stage = Wait::Stage::kBegun;
  wait.ticket = task->ticket;
  if (wait.entry->source == Source::kTimed) note_begin(wait);
  const Result<int> begun = protect(scheduler.main(), [&](lua_State* L) {
    wait.arguments->push(L);
    Call call{L, *wait.context, *wait.entry};
    call.record_as(&wait.asked.at);
    Resumer resume{scheduler, task};
    wait.ticket = task->ticket;
    wait.work = wait.entry->later(call, std::move(resume));
    return 0;
  });
  wait.arguments.reset();
  if (begun) return;
  // The Resumer, dropped on the way, may have answered already; the reason is the better answer.
  Settlement settlement = failed(begun.error());
  if (wait.stage == Wait::Stage::kBegun) return settle(wait, settlement);
  if (wait.stage == Wait::Stage::kAnswered) wait.settlement = std::move(settlement);
}

// How long ago the wait began, maybe in another process.
void Replay::State::note_begin(Wait& wait) {
  Recorded& at = wait.asked.at;
  for (const journal::Logged* entry : log.of_step(at.step)) {
    if (entry->kind != journal::Kind::kBegun) continue;
    const Duration began = from_seconds(entry->body.number("clock").value_or(0));
    at.waited = std::max(Duration{}, log.now() - began);
    return;
  }
  journal::Entry entry;
  entry.kind = journal::Kind::kBegun;
  entry.step = at.step;
  entry.name = wait.asked.name;
  entry.digest = at.digest;
  entry.where = at.where;
  entry.body.set("clock", to_seconds(log.now()));
  if (!wait.asked.request.empty()) {
    entry.body.set("request", cut(wait.asked.request, kMostRequest));
  }
  log.add(std::move(entry));
}

void Replay::State::settle(Wait& wait, Settlement& settlement) {
  wait.settlement = std::move(settlement);
  wait.stage = Wait::Stage::kAnswered;
  if (fault::bug("replay.deliver_unordered")) return deliver(wait);
  answered.push_back(wait.order);
  move_soon();
}

// What was recorded is what is delivered, so that a resumed run gets the very same.
void Replay::State::deliver(Wait& wait) {
  wait.stage = Wait::Stage::kDelivered;
  json::Object body = body_of(wait);
  record(wait.asked, body);
  const bool ok = !recorded_error(body);
  scheduler.deliver(wait.task.lock(), wait.ticket, ok, push_body(std::move(body)));
}

json::Object Replay::State::body_of(Wait& wait) {
  Settlement& settlement = wait.settlement;
  if (settlement.json) return json_body(*settlement.json);
  json::Object body;
  const Result<int> read = protect(scheduler.main(), [&](lua_State* L) {
    const int count = settlement.values ? settlement.values(L) : 0;
    body = settlement.ok ? values_body(L, count, wait.asked.name) : failure_body(take_error(L));
    return 0;
  });
  return read ? body : failure_body(read.error());
}

// One write for all that happens until the loop looks around again.
void Replay::State::commit_soon() {
  if (!log.pending() || std::exchange(commit_posted, true)) return;
  scheduler.loop().post([weak = weak_from_this()] {
    const std::shared_ptr<State> state = weak.lock();
    if (!state) return;
    state->commit_posted = false;
    const Result<journal::Committed> committed = state->log.commit();
    if (!committed && !state->broken) state->broken = committed.error();
    state->report();
  });
}

void Replay::State::look_for_parked() {
  if (told_parked || waits.empty()) return;
  const bool all = std::all_of(waits.begin(), waits.end(), [](const auto& row) {
    return row.second->stage == Wait::Stage::kParked;
  });
  if (!all) return;
  told_parked = true;
  if (hooks.parked) hooks.parked(waits.begin()->second->parked);
}

void Replay::State::diverge(const journal::Logged& record, const Asked* now) {
  if (!diverged) diverged = divergence(record, now, false);
  move_soon();
}

void Replay::State::report() {
  if (!stopped() || std::exchange(told_end, true)) return;
  if (diverged) {
    if (hooks.diverged) hooks.diverged(*diverged);
  } else if (hooks.broken) {
    hooks.broken(*broken);
  }
}

}  // namespace neap::lua
