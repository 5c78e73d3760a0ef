#include "runs/durable_run.h"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"
#include "journal/error_body.h"
#include "runs/rewind.h"
#include "runs/run_story.h"

namespace neap::runs {
namespace {

using journal::Entry;
using journal::Kind;
using journal::Status;

// The name under which the log holds the script itself, beside the modules that it loaded.
constexpr std::string_view kScript = "@script";
// What the names of the standard library's modules begin with (lua/loader.h).
constexpr std::string_view kLibrary = "stdlib/";

std::string owner_text(const std::string& operator_name) {
  return fmt::format("{} (pid {})", operator_name, getpid());
}

Entry started(std::int64_t epoch, const std::string& owner, const char* how) {
  Entry entry;
  entry.kind = Kind::kStarted;
  entry.body.set("epoch", epoch);
  entry.body.set("owner", owner);
  entry.body.set("how", how);
  return entry;
}

Entry script_entry(std::string digest) {
  Entry entry;
  entry.kind = Kind::kModule;
  entry.name = kScript;
  entry.digest = std::move(digest);
  return entry;
}

Script recorded_script(const journal::Run& run) {
  Script script;
  script.name = run.name;
  script.chunk = run.facts.text("chunk");
  script.folder = run.facts.text("folder");
  script.typed = run.facts.flag("typed");
  script.handlers = run.facts.flag("handlers");
  return script;
}

const char* reason_of(ScriptRun::Left left) {
  switch (left) {
    case ScriptRun::Left::kParked:
      return "a person is waited for";
    case ScriptRun::Left::kStopped:
      return "interrupted";
    default:
      return "the script did not match";
  }
}

bool has_sent(const std::vector<journal::Logged>& entries) {
  return std::any_of(entries.begin(), entries.end(),
                     [](const journal::Logged& entry) { return entry.kind == Kind::kSent; });
}

Error ended_already(const journal::Run& run) {
  return Error{ErrorKind::kConflict,
               fmt::format("run {} ({}) is {} since {}", run.id, run.name, to_text(run.status),
                           format_iso(run.changed)),
               "start a new one with neap run"};
}

}  // namespace

DurableRun::DurableRun(journal::Store& store, Script script)
    : store_(store), script_(std::move(script)) {}

Result<std::unique_ptr<DurableRun>> DurableRun::begin(journal::Store& store, const Clock& clock,
                                                      const Script& script,
                                                      const std::string& operator_name,
                                                      json::Object facts, std::string run_id) {
  Result<std::string> digest = store.keep_text(script.source);
  if (!digest) return tl::unexpected(digest.error());
  facts.set("chunk", script.chunk);
  facts.set("folder", script.folder);
  facts.set("typed", script.typed);
  if (script.handlers) facts.set("handlers", true);
  facts.set("script", *digest);
  facts.set("operator", operator_name);
  Result<journal::Run> created = store.create(
      {script.name, owner_text(operator_name), std::move(facts), clock.utc(), std::move(run_id)});
  if (!created) return tl::unexpected(created.error());
  auto run = std::unique_ptr<DurableRun>(new DurableRun(store, script));
  Result<Owner> claim = store.claim(created->id);
  if (!claim) return tl::unexpected(claim.error());
  run->claim_ = std::move(*claim);
  run->log_ = std::make_unique<journal::RunLog>(store, clock, *std::move(created),
                                                std::vector<journal::Logged>{});
  run->log_->add(started(run->log_->run().epoch, owner_text(operator_name), "run"));
  run->log_->add(script_entry(*std::move(digest)));
  return run;
}

Result<std::unique_ptr<DurableRun>> DurableRun::resume(journal::Store& store, const Clock& clock,
                                                       const std::string& id,
                                                       const Resumption& resumption) {
  Result<journal::Run> found = store.find(id);
  if (!found) return tl::unexpected(found.error());
  auto run = std::unique_ptr<DurableRun>(new DurableRun(store, recorded_script(*found)));
  Result<Owner> claim = store.claim(found->id);
  if (!claim) return tl::unexpected(claim.error());
  run->claim_ = std::move(*claim);
  found = store.find(found->id);  // as the process that had it last left it
  if (!found) return tl::unexpected(found.error());
  if (found->status == Status::kDone || found->status == Status::kCancelled) {
    return tl::unexpected(ended_already(*found));
  }
  Result<std::vector<journal::Logged>> history = store.log(found->id);
  if (!history) return tl::unexpected(history.error());
  Result<std::vector<Entry>> edits = edits_of(*found, *history, resumption);
  if (!edits) return tl::unexpected(edits.error());
  if (Result<void> pinned = run->pin(*history, found->facts.text("script"), resumption); !pinned) {
    return tl::unexpected(pinned.error());
  }
  Result<void> taken = run->take(clock, *std::move(found), *std::move(history),
                                 owner_text(resumption.operator_name), *std::move(edits));
  if (!taken) return tl::unexpected(taken.error());
  return run;
}

// Gathers the texts that the run has run so far, so that the same are run again.
Result<void> DurableRun::pin(const std::vector<journal::Logged>& history, std::string script_digest,
                             const Resumption& resumption) {
  for (const journal::Logged& entry : history) {
    if (entry.kind != Kind::kModule) continue;
    if (entry.name == kScript) {
      script_digest = entry.digest;
      continue;
    }
    if (resumption.with && !entry.name.starts_with(kLibrary)) continue;
    Result<std::string> text = store_.text(entry.digest);
    if (!text) return tl::unexpected(text.error());
    pins_[entry.name] = *std::move(text);
  }
  if (resumption.with) {
    script_ = *resumption.with;
    replaced_ = true;
    return {};
  }
  Result<std::string> source = store_.text(script_digest);
  if (!source) return tl::unexpected(source.error());
  script_.source = *std::move(source);
  return {};
}

Result<void> DurableRun::take(const Clock& clock, journal::Run run,
                              std::vector<journal::Logged> history, const std::string& owner,
                              std::vector<Entry> edits) {
  before_ = {run.status, run.waiting, run.error};
  journal::Batch batch;
  batch.run = run.id;
  batch.expected = run.position;
  batch.take = true;
  batch.owner = owner;
  batch.at = clock.utc();
  batch.entries.push_back(started(run.epoch + 1, owner, "resume"));
  std::move(edits.begin(), edits.end(), std::back_inserter(batch.entries));
  batch.change = journal::Change{Status::kRunning, {}, {}};
  const Result<journal::Committed> committed = store_.commit(batch);
  if (!committed) return tl::unexpected(committed.error());
  Result<journal::Run> taken = store_.find(run.id);
  if (!taken) return tl::unexpected(taken.error());
  Result<std::vector<journal::Logged>> added = store_.log(run.id, run.position);
  if (!added) return tl::unexpected(added.error());
  std::move(added->begin(), added->end(), std::back_inserter(history));
  log_ = std::make_unique<journal::RunLog>(store_, clock, *std::move(taken), std::move(history));
  return {};
}

std::vector<std::string> DurableRun::words() const {
  std::vector<std::string> words;
  for (const json::Value& word : log_->run().facts.list("words")) {
    if (const auto* text = word.as<std::string>()) words.push_back(*text);
  }
  return words;
}

bool DurableRun::wants_cancel() const {
  const std::vector<journal::Logged>& all = log_->all();
  return std::any_of(all.begin(), all.end(),
                     [](const journal::Logged& entry) { return entry.kind == Kind::kCancel; });
}

void DurableRun::caught_up() {
  if (!std::exchange(replaced_, false)) return;
  Result<std::string> digest = store_.keep_text(script_.source);
  if (digest) log_->add(script_entry(*std::move(digest)));
}

std::optional<std::string> DurableRun::pinned(std::string_view name) {
  const auto found = pins_.find(name);
  return found == pins_.end() ? std::nullopt : std::optional(found->second);
}

// A text that cannot be kept makes the next commit fail too, and says so there.
void DurableRun::loaded(std::string_view name, std::string_view text) {
  if (pins_.contains(name)) return;
  Result<std::string> digest = store_.keep_text(text);
  if (!digest) return;
  Entry entry;
  entry.kind = Kind::kModule;
  entry.name = name;
  entry.digest = *std::move(digest);
  log_->add(std::move(entry));
  pins_.emplace(name, text);
}

Result<void> DurableRun::leave(const ScriptRun::Outcome& outcome) {
  if (outcome.left == ScriptRun::Left::kBroken) return tl::unexpected(*outcome.error);
  journal::Batch batch;
  Entry last;
  if (outcome.left == ScriptRun::Left::kEnded) {
    const bool cancelled = outcome.error && outcome.error->kind == ErrorKind::kCancelled;
    const Status status = !outcome.error ? Status::kDone
                          : cancelled    ? Status::kCancelled
                                         : Status::kFailed;
    last.kind = Kind::kEnded;
    last.body.set("status", to_text(status));
    if (outcome.error) last.body.set("error", journal::body_of(*outcome.error));
    if (!outcome.error) last.body.set("result", outcome.value);
    batch.change = journal::Change{status, {}, outcome.error ? describe(*outcome.error) : ""};
    batch.release = true;
  } else {
    last.kind = Kind::kParked;
    batch.change = change_of(outcome);
    last.body.set("reason", reason_of(outcome.left));
    last.body.set("question", batch.change->waiting);
  }
  log_->add(std::move(last));
  const Result<journal::Committed> written = log_->commit(std::move(batch));
  claim_.reset();
  if (!written) return tl::unexpected(written.error());
  // Words that the runbook does not take are no run: nobody wants to see them in the list.
  if (outcome.error && outcome.error->kind == ErrorKind::kUsage && !has_sent(log_->all())) {
    return store_.remove(id());
  }
  return {};
}

journal::Change DurableRun::change_of(const ScriptRun::Outcome& outcome) const {
  switch (outcome.left) {
    case ScriptRun::Left::kParked:
      return {outcome.error->kind == ErrorKind::kInDoubt ? Status::kInDoubt : Status::kWaiting,
              outcome.error->message,
              {}};
    case ScriptRun::Left::kStopped:
      return {!tell_story(log_->all()).open_effects().empty() ? Status::kInDoubt : Status::kWaiting,
              "to be resumed: it was interrupted",
              {}};
    default:  // diverged: nothing has happened
      return before_;
  }
}

}  // namespace neap::runs
