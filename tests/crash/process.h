// A process under test: begins a run or carries it on, against a platform that outlives it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crash/platform.h"
#include "runs/script.h"

namespace neap::test {

struct CrashPoint {
  std::string place;        // base/fault_points.h
  std::uint64_t count = 0;  // the how manieth time it is passed; 0: never
};

struct Order {
  std::string journal;  // directory
  std::string run;      // id; empty: begin a new run
  runs::Script script;
  std::vector<std::string> words;
  std::uint64_t seed = 1;
  CrashPoint crash;
  std::string bug;             // base/fault_points.h
  std::optional<bool> answer;  // to every question; nothing: nobody is there to be asked
};

struct Report {
  bool crashed = false;  // died by SIGKILL
  std::string died;      // how it ended otherwise than it should; empty: it did not
  std::string refused;   // why the run was not begun or taken; empty: it was
  std::string left;      // how it left the run: ended, parked, stopped, diverged, broken
  std::string error;
  std::string value;                            // what the script returned, as JSON
  Instant now{};                                // when it ended
  std::map<std::string, std::uint64_t> passed;  // crash points
  std::uint64_t asked = 0;                      // how often the planted bug was asked for
};

// Forks, and plays the platform until the process is gone.
Report run_process(const Order& order, Platform& platform);

}  // namespace neap::test
