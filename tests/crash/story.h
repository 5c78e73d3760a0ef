// One run from its beginning to its end, through whatever processes it takes: they crash where the
// story says, the next one resumes, and a truthful operator answers what only a person can.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crash/platform.h"
#include "crash/process.h"
#include "crash/scenario.h"
#include "journal/check.h"

namespace neap::test {

struct Story {
  const Scenario* scenario = nullptr;
  std::uint64_t seed = 7;
  std::map<std::size_t, CrashPoint> crashes;  // in the process of that number, from 0
  Duration downtime = std::chrono::seconds{3};
  std::string bug;
  std::vector<AdminCall> planted;                   // faults and the like, once the scenery stands
  std::map<std::size_t, AdminCall> meddling;        // before the request of that number, from 1
  std::map<std::size_t, std::int64_t> clock_jumps;  // Platform::let_clock_jump
  Platform::Weather weather;
  // How the operator answers confirmations; to what is in doubt the answer is the truth.
  bool approves = true;
  bool answers = true;                // false: not before a question's deadline, where it has one
  std::optional<std::size_t> cancel;  // before the process of that number the run is cancelled
  bool at_the_terminal = false;  // asked at once, where there is somebody; otherwise the run parks
};

struct Ending {
  journal::Run run;
  std::vector<journal::Logged> log;
  std::vector<Report> processes;
  std::string state;                  // Platform::state
  std::string value;                  // what the script returned
  std::string error;                  // kind of what it failed with
  std::vector<std::string> problems;  // what may never happen, whatever the faults
  std::vector<journal::Violation> violations;
  std::size_t crashes = 0;
  std::size_t questions = 0;  // in doubt, put to the operator
  std::size_t receipts = 0;   // of changing calls
  Duration took{};            // of virtual time
  std::map<std::string, std::uint64_t> fired;

  bool clean() const { return problems.empty() && violations.empty(); }
  // Everything that is wrong, a line each.
  std::string complaints() const;
  // The log as JSON lines, without what differs between two machines or moments.
  std::string transcript() const;
  // What became of each process, a line each.
  std::string narrative() const;
};

// `journal`: a directory that is empty and stays so afterwards.
Ending play(const Story& story, const std::string& journal);

}  // namespace neap::test
