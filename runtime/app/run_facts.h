// What is known of a run while it goes on: its steps, its jobs, and how long they usually take.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "runs/history.h"

namespace neap::app {

struct SeenStep {
  std::string name;
  std::string status;  // running, done, failed, skipped
  std::size_t depth = 0;
  Instant started{};
  double elapsed = 0;            // seconds, once ended
  std::optional<double> expect;  // seconds, as the runbook has it
  bool replayed = false;         // by an earlier process
  bool resumed = false;          // begun by one, and going on in this
};

struct SeenPart {
  std::string id;
  std::string type;
  std::string status;
  Instant since{};               // seen first, or seen to begin
  std::optional<Duration> took;  // once ended
};

// A job of the platform that the run started or waits for.
struct SeenJob {
  std::string operation;
  std::string type;
  std::string status;
  Instant since{};
  std::optional<Duration> took;  // once ended
  std::size_t step = 0;          // in which it was seen first, from 1; 0: in none
  std::vector<SeenPart> parts;   // sub-jobs

  std::size_t parts_done() const;
};
// A job, or a part of one.
bool job_has_ended(std::string_view status);

struct RunFacts {
  Instant started{};
  Duration before{};  // the run is older than this process
  std::vector<SeenStep> steps;
  std::map<std::string, SeenJob> jobs;
  std::size_t changing_calls = 0;
  runs::History history;
  std::optional<Duration> rto;

  Duration elapsed(Instant now) const { return now - started + before; }
  const SeenStep* running() const;  // the innermost; nullptr when none is
};

// How long the step usually takes: as the history has it, else as the runbook does.
std::optional<Duration> usual_time(const RunFacts& facts, const SeenStep& step);
std::optional<Duration> usual_time(const RunFacts& facts, const SeenJob& job);

// How a run stands against what is expected of it.
struct Outlook {
  Duration elapsed{};
  std::optional<Duration> left;  // nothing when no earlier run tells
  Duration late{};  // behind the recovery time objective, or else what is usual; 0: on track
};
Outlook outlook_of(const RunFacts& facts, Instant now);

}  // namespace neap::app
