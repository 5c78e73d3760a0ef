// What became of a run, put together from its log once, for every format that a report has.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "journal/entry.h"

namespace neap::report {

// No end: it goes on.
struct Span {
  UtcTime begin{};
  std::optional<UtcTime> end;
};

// One process that had the run.
struct Life {
  std::int64_t epoch = 0;
  std::string owner;  // "anna@dr-1 (pid 4711)"
  std::string how;    // run, resume, cancel
  Span span;
  std::string left;  // ended, waiting, died; empty: it goes on
};

// One ctx:step. `span` of a step that was left out is where it would have begun.
struct Step {
  std::int64_t number = 0;
  std::string name;
  std::size_t depth = 0;
  std::optional<std::size_t> parent;  // its place in Report::steps
  Span span;
  std::string status;  // running, done, failed, skipped, set, broken off
  std::optional<Duration> expect;
  bool undone = false;  // taken back by an operator, and done over
};

// What happened to a changing call, or to its job: one sentence.
struct Event {
  UtcTime at{};
  std::string kind;  // of the entry
  std::string text;
};

// One request to the platform, or to a host of the script's own.
struct Call {
  std::string step;  // "2.1#20", what neap resolve takes
  std::string operation;
  std::string service;
  std::string summary;  // the catalogue's line; empty for what it does not know
  std::string effect;   // R, I, G, C, X (docs/guide/durable-runs.md); changing unless R
  UtcTime asked{};      // when the script could ask for it, at the earliest
  std::optional<UtcTime> sent;
  std::optional<UtcTime> answered;
  std::string status;  // answered, failed, and those of a changing call (runs::Standing)
  int http_status = 0;
  std::string request_id;
  std::string error_kind;
  std::string error_code;
  std::string error;
  std::int64_t attempts = 0;  // of a changing call; more than one only with a proof in between
  std::string job;            // id
  std::string where;          // "failover.lua:56"
  std::string request;        // the arguments, as JSON
  std::vector<Event> events;  // of a changing call
  std::optional<std::size_t> in_step;
  bool undone = false;
  bool changes() const { return effect != "R"; }
};

// Times are the platform's own.
struct SubJob {
  std::string id;
  std::string type;
  std::string status;
  std::optional<UtcTime> begin;
  std::optional<UtcTime> end;
  std::string error_code;
  std::string reason;
  std::string about;  // the things it names: "server_group_id 5c6d…"
};

struct Job : SubJob {
  std::string operation;
  Span span;  // on the run's clock: accepted, or first asked for, until its end was seen
  std::vector<SubJob> sub_jobs;
  std::optional<std::size_t> in_step;
  // Platform and run have the same clock; otherwise (a simulator in quick motion) the platform's
  // times can only be drawn to scale within `span`.
  bool same_clock = true;
};

struct Wait {
  std::string what;  // "job ff8080…", "sleep 5s"
  bool for_job = false;
  Span span;
  std::string outcome;  // ended, failed; empty: it goes on
  std::string error;
  std::optional<std::size_t> in_step;
  bool undone = false;
};

struct Question {
  std::string step;
  std::string question;
  Span span;  // asked until answered
  std::optional<UtcTime> deadline;
  bool yes = false;
  std::string by;  // "anna@dr-1"; "deadline" when nobody answered in time
  std::string comment;
  std::optional<std::size_t> in_step;
  bool undone = false;
};

// What an operator decided besides answering: cancel, rewound, override, resolved.
struct Decision {
  UtcTime at{};
  std::string kind;
  std::string by;
  std::string text;
};

// A line of the run's own (ctx:log), or a cleanup that failed.
struct Note {
  UtcTime at{};
  std::string kind;  // note, cleanup_failed
  std::string text;
  std::optional<std::size_t> in_step;
};

struct Problem {
  UtcTime at{};
  std::string where;  // the step or call
  std::string kind;
  std::string code;
  std::string text;
  std::string request_id;
  bool fatal = false;  // the run ended with it
};

// How long the run took against what its header promises (`rto`). Every moment of `actual` counts
// once: as waiting for a person before all, then as nobody's, then as the platform's.
struct Objective {
  std::optional<Duration> target;
  Duration actual{};  // from the first start until the last end, or until now
  Duration people{};
  Duration nobody{};    // no process had the run
  Duration platform{};  // jobs of the platform
  Duration rest{};      // neap itself, the script, requests, sleeps
  std::string verdict;  // met, missed, under way, late, not reached, none
};

// Whether the log is what was written. The chain shows damage and careless edits; it is no
// signature.
struct Integrity {
  bool verifies = true;
  std::string head;  // hash of the last entry
  std::int64_t entries = 0;
  std::vector<std::string> damage;
  std::vector<std::string> broken_rules;  // journal/check.h
};

struct Report {
  journal::Run run;
  UtcTime made{};       // the report itself; what goes on, goes on then
  UtcTime ended{};      // the last end, or `made`
  std::string summary;  // the header's
  std::string command;  // "neap run failover --group demo"
  std::string operator_name;
  std::string endpoint;
  std::string region;
  std::string project;
  std::string profile;
  bool simulated = false;  // the endpoint is on this machine, where only the simulator answers
  std::string script;      // digest
  json::Value result;
  std::vector<Life> lives;
  std::vector<Step> steps;  // in the order in which they began
  std::vector<Call> calls;  // likewise
  std::vector<Job> jobs;
  std::vector<Wait> waits;
  std::vector<Question> questions;
  std::vector<Decision> decisions;
  std::vector<Note> notes;
  std::vector<Problem> problems;
  Objective objective;
  Integrity integrity;
  bool goes_on() const { return !has_ended(run.status); }
};

// `damage` as journal::Store::salvage tells it; `now` is on the clock of the log.
Report make_report(const journal::Run& run, std::span<const journal::Logged> log,
                   const std::vector<std::string>& damage, UtcTime now);

// {"format":"neap.report/1", …}; docs/guide/report.md.
json::Object to_json(const Report& report);
// For a terminal and for a ticket: every changing call, and each read that failed; reads that
// succeeded are counted.
std::string to_markdown(const Report& report);
// One page that needs no network.
std::string to_html(const Report& report);

}  // namespace neap::report
