// The entries of a run's log, and the run as the journal knows it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "json/value.h"

namespace neap::journal {

// What an entry says. The text form, to_text, is what is stored and exported.
enum class Kind {
  kStarted,  // a process took the run: {epoch, owner, operator, host, pid, how: run|resume|cancel}
  kModule,   // Lua text that the run loaded: name, digest of the text in `digest`
  kRecord,   // something learnt from outside: {values: […]} or {error: {…}}
  kBegun,    // a wait with a time limit began: {clock: seconds on the run's clock}
  kLocked,   // {resource, epoch}
  // One changing call, in this order (reliability.md 2.2). `sent` and what follows may stand there
  // several times, once for each attempt; each carries {attempt}.
  kIntent,    // {operation, class, snapshot, marker, locks}
  kSent,      // {attempt, sign_time, valid_until, send_deadline, epoch, license}
  kAccepted,  // {attempt, http_status, request_id, job_id, body, adopted}
  kRefused,   // {attempt, proof: P1|P2, error}
  kUnknown,   // {attempt, why}
  kObserved,  // what a read said while the call was in doubt: {attempt, read_at, state, verdict}
  kProof,   // the attempt had no effect, and the call may be sent again: {attempt, proof: P3|P4|I}
  kDone,    // {evidence}
  kFailed,  // {evidence}
  kOperator,  // a person must decide: {question, attempt}
  kResolved,  // that person's word: {happened, by, why, attempt}
  kAsked,     // a confirmation: {question, deadline}
  kAnswered,  // {yes, by, comment, position of the question}
  kParked,    // the process left the run waiting: {reason: approval|in_doubt, question}
  kCancel,    // somebody wants the run to end: {by, why}
  kRewound,   // entries after `to` count no more: {to, step, by, why}
  kOverride,  // {step, action: skip|set, value, by, why}
  kEnded,     // {status, error, result}
  // Said for people, of a run that goes on; nothing depends on it, and it is never replayed. The
  // name says what: "header" {summary, rto}, or an event of docs/guide/events.md with its fields.
  kNoted,
};

std::string_view to_text(Kind kind);
std::optional<Kind> parse_kind(std::string_view text);

// Which call of which task: stays the same however often the run is resumed. A rewind begins a new
// generation, so that what is done over is a step of its own.
struct Step {
  std::string task = "0";      // path from the root: "0", "0.2", "0.2.1"
  std::uint32_t sequence = 0;  // counts the task's calls to the outside, from 1
  std::uint32_t generation = 0;
  auto operator<=>(const Step&) const = default;  // NOLINT(modernize-use-nullptr): tidy 14 errs
};

// "0.2#14", with "~1" behind it for a later generation: the STEP of commands and messages.
std::string to_text(const Step& step);
Result<Step> parse_step(std::string_view text);

struct Entry {
  Kind kind = Kind::kRecord;
  Step step;
  std::string name;    // what was called: "sdrs:show_protection_group", "host.timer.now"
  std::string digest;  // SHA-256 in hex of the canonical request
  std::string where;   // "failover.lua:12"
  json::Object body;
};

// An entry as it stands in the log.
struct Logged : Entry {
  std::int64_t position = 0;  // from 1, without gaps
  UtcTime at{};
  std::string hash;  // hex, of the entry and the hash before it
};

// Which entries a rewind has left counting: it takes back what stands between its `to` and itself.
// `counts` has a place for each entry before the rewind.
void take_back(std::span<const Logged> before, const Entry& rewind, std::vector<bool>& counts);

enum class Status { kRunning, kWaiting, kInDoubt, kDone, kFailed, kCancelled };
std::string_view to_text(Status status);
std::optional<Status> parse_status(std::string_view text);
inline bool has_ended(Status status) {
  return status == Status::kDone || status == Status::kFailed || status == Status::kCancelled;
}

struct Run {
  std::string id;    // 10 characters of 0-9 and a-z without those that look alike
  std::string name;  // of the runbook
  Status status = Status::kRunning;
  std::int64_t epoch = 0;  // grows each time a process takes the run
  UtcTime created{};
  UtcTime changed{};
  std::string owner;          // "anna@dr-1 (pid 4711)": who runs or last ran it
  std::string waiting;        // the question it waits for, or what is in doubt; empty otherwise
  std::string error;          // one line, of a failed run
  std::int64_t position = 0;  // of its last entry
  std::string hash;           // of its last entry
  // {words, chunk, folder, script (digest), endpoint, region, project, profile, allow, operator}
  json::Object facts;
};

struct Lock {
  std::string resource;  // "server_group 5c6d…"
  std::string run;
  std::string run_name;
  std::string owner;
  UtcTime since{};
  std::int64_t epoch = 0;  // fencing: grows with every holder
};

}  // namespace neap::journal
