// The inner works of a Replay: which task stands where, what is open, and how far the log is read.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/digest.h"
#include "lua/record.h"
#include "lua/replay.h"

namespace neap::lua {

// A call to the outside as the log names it.
struct Asked {
  Recorded at;
  std::string name;
  std::string request;  // canonical arguments; empty when they are private
};

// One suspension for the sake of the outside. The task's Pending owns it, so that whatever ends the
// suspension ends this too.
struct Replay::Wait {
  enum class Stage {
    kInLog,     // answered by an earlier process; waits for the turn of its record
    kHeld,      // not begun
    kBegun,     // an answer is on its way
    kAnswered,  // waits for its turn
    kParked,    // left for another process
    kDelivered,
  };

  std::weak_ptr<State> state;
  std::uint64_t order = 0;  // in which the calls were made
  std::weak_ptr<Task> task;
  const Entry* entry = nullptr;
  Context* context = nullptr;
  Asked asked;
  std::optional<Arguments> arguments;  // until begun
  Stage stage = Stage::kHeld;
  std::uint64_t ticket = 0;  // of the suspension
  Settlement settlement;     // when answered
  Error parked;              // the reason
  Pending work;

  Wait() = default;
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait();
};

struct Replay::State : std::enable_shared_from_this<Replay::State> {
  // What a task is called, and how far it has counted.
  struct Place {
    std::string path;
    std::uint32_t calls = 0;
    std::uint32_t children = 0;
    Wait* wait = nullptr;
  };

  State(journal::RunLog& run_log, Scheduler& tasks, std::span<const Module* const> modules);

  bool replaying() const { return used < held; }
  bool stopped() const { return diverged || broken; }
  const journal::Logged& next_record() const { return log.records()[used]; }

  // Calls
  Asked ask(const Entry& entry, Place& place, const std::string& canonical, lua_State* caller);
  std::string name_of(const Entry& entry) const;
  std::uint32_t generation_of(const journal::Step& step) const;
  std::optional<std::size_t> find_record(const journal::Step& step) const;
  bool matches(const journal::Logged& record, const Asked& asked) const;
  // Pushes what the log holds for a call that answers at once.
  int feed_now(lua_State* L, const Asked& asked);
  int answer_now(Call& call, const Entry& entry, const Asked& asked);
  void await_record(Wait& wait, std::size_t index);

  // What moves the run on, one delivery at a time
  void move_soon();
  void move();
  void feed();
  void feed_interrupt(const journal::Logged& record);
  void go_on();
  void begin_held();
  bool goes_astray();
  void begin(Wait& wait);
  void note_begin(Wait& wait);
  void settle(Wait& wait, Settlement& settlement);
  void deliver(Wait& wait);
  json::Object body_of(Wait& wait);
  void raise_interruption();
  void record(const Asked& asked, json::Object body);
  void commit_soon();
  void look_for_parked();
  void forget(Wait& wait);

  // Ends
  void diverge(const journal::Logged& record, const Asked* now);
  void report();

  journal::RunLog& log;
  Scheduler& scheduler;
  std::unordered_map<const Entry*, std::string> names;
  Hooks hooks;
  Sha256 sha256;

  std::size_t used = 0;    // records that have been fed
  const std::size_t held;  // records that there were; new ones come behind them
  std::unordered_map<std::string, std::size_t> records;  // task#sequence -> place in the log
  // Generations of the calls that an earlier process had begun.
  std::unordered_map<std::string, std::uint32_t> begun;

  std::unordered_map<const Task*, Place> tasks;
  std::uint32_t roots = 0;
  const Task* root = nullptr;  // the latest, while it lives

  std::uint64_t orders = 0;
  std::map<std::uint64_t, Wait*> waits;
  std::deque<std::uint64_t> to_begin;
  std::deque<std::uint64_t> answered;
  std::unordered_map<std::string, Wait*> awaiting;  // task#sequence -> who waits for the record

  std::optional<Error> interruption;
  std::optional<Error> diverged;
  std::optional<Error> broken;
  bool told_end = false;  // diverged or broken
  bool told_caught_up = false;
  bool told_parked = false;
  bool interrupted = false;  // once in a run's life is enough: what follows is its cleanup
  bool move_posted = false;
  bool commit_posted = false;
};

// task#sequence: names a call whatever its generation.
std::string key_of(const journal::Step& step);

// What is told of a script that stopped matching its log: `now` is what it does instead of the
// recorded call, nullptr when it does nothing that could be shown.
Error divergence(const journal::Logged& record, const Asked* now, bool ended);

// The first entry of each call that was begun after the last record that counts: it was open when
// the process ended.
std::vector<const journal::Logged*> open_at_the_end(const journal::RunLog& log);

}  // namespace neap::lua
