// Lives of one run for the tests of replay: a script over a faked outside, in virtual time, with a
// log that is cut anywhere and handed to the next life.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "fixture.h"
#include "journal/run_log.h"
#include "lua/machine.h"

namespace neap::test {

using History = std::vector<journal::Logged>;

// What scripts reach by require "host.world", and what was seen of it.
struct Outside {
  Loop& loop;
  Random random;                   // how long answers take
  std::int64_t asked = 0;          // every answer differs from all before it
  std::vector<std::string> begun;  // what was asked of the outside, in order
  std::vector<std::string> notes;  // what the script noted
  std::size_t repeated = 0;        // how many of the notes came while the log was replayed
  std::size_t too_early = 0;       // how many calls were begun while it was
};

struct Life {
  bool ended = false;
  std::optional<Error> error;
  std::string result;  // JSON
  std::vector<std::string> begun;
  std::vector<std::string> notes;
  std::size_t repeated = 0;
  std::size_t too_early = 0;
  std::optional<Error> diverged;
  std::optional<Error> parked;
  std::optional<Error> broken;
  std::optional<Error> unused;
  int caught_up = 0;
  double clock = 0;  // seconds on the process's own clock when nothing moved any more
  History history;

  std::size_t records() const;
  // What the script did, whatever the outside said and when.
  bool operator==(const Life& other) const;
};

struct Circumstances {
  std::uint64_t seed = 1;  // of what the outside does
  Duration asleep{};       // between the last entry and this life
  // Called once everything stands.
  std::function<Loop::Timer(Loop&, lua::Replay&)> meanwhile;
  lua::Modules* modules = nullptr;
  std::string folder;
  std::uint64_t commits_until_failure = 0;  // 0: the store never fails
};

// Executes the code, which finds `world`, `timer` and `task`, after what `history` holds.
Life live(const std::string& code, const History& history = {}, Circumstances how = {});

History first(const History& history, std::size_t count);
std::string to_text(const History& history);

}  // namespace neap::test
