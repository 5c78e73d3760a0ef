// A world for tests of the scheduler: virtual time, one state, and bindings that misbehave on cue.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "loop/loop.h"
#include "lua/loader.h"
#include "lua/prelude.h"
#include "lua/state.h"
#include "lua/task.h"
#include "lua/watchdog.h"

namespace neap {
namespace test {
struct Outside;
}

struct Host {
  Loop& loop;
  std::optional<lua::Resumer> held;  // kept by the `hold` binding
  std::vector<std::string> notes;    // what scripts noted
  int destroyed = 0;                 // Pendings of the `hold` binding that died
  test::Outside* outside = nullptr;  // of the tests of replay (replay_world.h)
};

}  // namespace neap

namespace neap::test {

struct World {
  VirtualClock clock;
  Loop loop{clock};
  lua::State state;
  // Ten times what a script gets: a sanitizer on a busy machine takes that for what is allowed.
  lua::Watchdog watchdog{state.main(), {.per_resume = std::chrono::seconds(1)}};
  std::optional<lua::Scheduler> scheduler{std::in_place, state, loop, watchdog};
  Host host{loop, std::nullopt, {}, 0};
  lua::Context context{&host, &*scheduler};
  lua::Loader loader{""};

  World();
  // Nothing may be left open (style.md F10).
  ~World();

  // Starts the code as a task; what it ended with comes back after run().
  struct Run {
    bool ended = false;
    bool ok = false;
    std::string text;  // the first result, or the error's message
    Error error;
    std::shared_ptr<lua::Task> task;
  };
  std::shared_ptr<Run> start(const std::string& code);
  // Runs the code to its end in virtual time.
  Run run(const std::string& code);
};

}  // namespace neap::test
