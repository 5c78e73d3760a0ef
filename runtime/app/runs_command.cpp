// neap runs: what was run, what became of it, and tidying up.
#include <iostream>

#include <fmt/format.h>

#include "app/journal_commands.h"
#include "app/open_journal.h"
#include "app/print_list.h"
#include "app/runs_text.h"
#include "app/write_file.h"
#include "base/text.h"
#include "json/writer.h"
#include "loop/clock.h"
#include "show/terminal.h"
#include "show/times.h"

namespace neap::app {
namespace {

using journal::Logged;
using journal::Run;

Result<std::optional<journal::Status>> status_of(const std::string& text) {
  if (text.empty()) return std::optional<journal::Status>();
  const std::optional<journal::Status> status = journal::parse_status(text);
  if (status) return status;
  constexpr std::string_view kAll[] = {"running", "waiting", "in_doubt",
                                       "done",    "failed",  "cancelled"};
  const std::vector<std::string> names(std::begin(kAll), std::end(kAll));
  return fail(ErrorKind::kUsage,
              fmt::format("--status: \"{}\" is none{}", printable(text), did_you_mean(text, names)),
              "it is one of " + join(names, ", "));
}

// A run and all that its log holds.
struct Loaded {
  std::unique_ptr<journal::Store> store;
  Run run;
  std::vector<Logged> log;
};

Result<Loaded> load(Invocation& invocation, const std::string& id) {
  Loaded loaded;
  Result<std::unique_ptr<journal::Store>> store = open_journal(invocation.settings, Access::kLook);
  if (!store) return tl::unexpected(store.error());
  loaded.store = *std::move(store);
  Result<Run> run = find_run(*loaded.store, id);
  if (!run) return tl::unexpected(run.error());
  loaded.run = with_fate(*loaded.store, *std::move(run));
  Result<std::vector<Logged>> log = loaded.store->log(loaded.run.id);
  if (!log) {
    Error damaged = log.error();
    damaged.hint = fmt::format("neap runs export {} gives what is readable", loaded.run.id);
    return tl::unexpected(std::move(damaged));
  }
  loaded.log = *std::move(log);
  return loaded;
}

// Somebody at the terminal must say so; without one, -f must have.
Result<bool> may_remove(const Invocation& invocation, const Run& run) {
  if (!show::look_at_terminal(invocation.settings.color.value).asks) {
    return fail(ErrorKind::kUsage, "nobody can be asked whether to remove run " + run.id,
                "-f removes it without asking");
  }
  fmt::print(stderr, "Remove run {} ({}, {}) and its log? [y/N] ", run.id, printable(run.name),
             to_text(run.status));
  std::string line;
  std::getline(std::cin, line);
  return to_lower(trim(line)) == "y" || to_lower(trim(line)) == "yes";
}

// Adds its id to `gone`.
Result<void> remove_one(Invocation& invocation, journal::Store& store, const std::string& id,
                        bool force, json::Array& gone) {
  const Result<Run> run = find_run(store, id);
  if (!run) return tl::unexpected(run.error());
  if (!has_ended(run->status)) {
    return fail(ErrorKind::kConflict,
                fmt::format("run {} ({}) has not ended: it is {}", run->id, printable(run->name),
                            to_text(run->status)),
                fmt::format("neap cancel {} ends it", run->id));
  }
  if (!force) {
    const Result<bool> yes = may_remove(invocation, *run);
    if (!yes) return tl::unexpected(yes.error());
    if (!*yes) return {};
  }
  if (Result<void> removed = store.remove(run->id); !removed) {
    return tl::unexpected(removed.error());
  }
  gone.emplace_back(run->id);
  return {};
}

std::string export_text(const Run& run, const std::vector<Logged>& log, const std::string& damage) {
  json::Object head;
  head.set("format", "neap.export/1");
  for (const auto& [key, value] : run_json(run)) head.set(key, value);
  head.set("epoch", run.epoch);
  head.set("hash", run.hash);
  head.set("facts", run.facts);
  if (!damage.empty()) head.set("damage", damage);
  std::string text = json::write(json::Value(std::move(head))) + "\n";
  for (const Logged& entry : log) text += json::write(json::Value(entry_json(entry))) + "\n";
  return text;
}

}  // namespace

ExitCode list_runs_command(Invocation& invocation, const RunsOptions& options) {
  const Result<std::optional<journal::Status>> status = status_of(options.status);
  if (!status) return give_up(status.error());
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kLook);
  if (!store) return give_up(store.error());
  Result<std::vector<Run>> runs = (*store)->runs(*status, options.limit);
  if (!runs) return give_up(runs.error());
  for (Run& run : *runs) run = with_fate(**store, std::move(run));
  json::Array rows;
  for (const Run& run : *runs) rows.emplace_back(run_json(run));
  print_rows(invocation, list_document("neap.runs/1", "runs", rows), rows,
             runs_table(*runs, SystemClock().utc()), "no runs");
  return ExitCode::kDone;
}

ExitCode show_run_command(Invocation& invocation, const RunsOptions& options) {
  const Result<Loaded> loaded = load(invocation, options.run);
  if (!loaded) return give_up(loaded.error());
  const json::Object document = run_document(loaded->run, loaded->log, options.entries);
  if (print_document(invocation, document)) return ExitCode::kDone;
  fmt::print("{}", run_text(loaded->run, loaded->log, SystemClock().utc()));
  if (!options.entries) return ExitCode::kDone;
  fmt::print("\nentries\n");
  for (const Logged& entry : loaded->log) fmt::print("{}", entry_line(entry));
  return ExitCode::kDone;
}

ExitCode run_log_command(Invocation& invocation, const RunsOptions& options) {
  const Result<Loaded> loaded = load(invocation, options.run);
  if (!loaded) return give_up(loaded.error());
  json::Array rows;
  std::string text;
  for (const Logged& entry : loaded->log) {
    rows.emplace_back(entry_json(entry));
    text += entry_line(entry);
  }
  json::Object document = list_document("neap.log/1", "entries", rows);
  document.set("run", loaded->run.id);
  print_rows(invocation, document, rows, text, "nothing is logged yet");
  return ExitCode::kDone;
}

ExitCode export_run_command(Invocation& invocation, const RunsOptions& options) {
  Result<std::unique_ptr<journal::Store>> store = open_journal(invocation.settings, Access::kLook);
  if (!store) return give_up(store.error());
  const Result<Run> run = find_run(**store, options.run);
  if (!run) return give_up(run.error());
  const Result<journal::Salvage> read = (*store)->salvage(run->id);
  if (!read) return give_up(read.error());
  const std::string text = export_text(*run, read->entries, join(read->damage, "; "));
  if (options.file.empty()) {
    fmt::print("{}", text);
  } else if (const Result<void> written = write_file(options.file, text); !written) {
    return give_up(written.error());
  }
  for (const std::string& line : read->damage) {
    report_error(Error{ErrorKind::kInternal, fmt::format("run {} is damaged: {}", run->id, line)});
  }
  return read->damage.empty() ? ExitCode::kDone : ExitCode::kFailed;
}

ExitCode remove_runs_command(Invocation& invocation, const RunsOptions& options) {
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kChange);
  if (!store) return give_up(store.error());
  ExitCode code = ExitCode::kDone;
  json::Array gone;
  for (const std::string& id : options.runs) {
    const Result<void> removed = remove_one(invocation, **store, id, options.force, gone);
    if (!removed) code = give_up(removed.error());
  }
  if (print_document(invocation, list_document("neap.removed/1", "runs", gone))) return code;
  for (const json::Value& id : gone) fmt::print("removed {}\n", *id.as<std::string>());
  return code;
}

ExitCode compact_runs_command(Invocation& invocation, const RunsOptions& options) {
  const Result<Duration> age = parse_duration(options.older_than);
  if (!age) return give_up(age.error());
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kChange);
  if (!store) return give_up(store.error());
  const UtcTime before = SystemClock().utc() - std::chrono::floor<std::chrono::milliseconds>(*age);
  const Result<std::size_t> removed = (*store)->compact(before);
  if (!removed) return give_up(removed.error());
  json::Object document;
  document.set("format", "neap.compacted/1");
  document.set("removed", static_cast<std::int64_t>(*removed));
  document.set("ended_before", format_iso(before));
  if (print_document(invocation, document)) return ExitCode::kDone;
  fmt::print("removed {} run{} that ended before {}\n", *removed, *removed == 1 ? "" : "s",
             show::local_time(before));
  return ExitCode::kDone;
}

}  // namespace neap::app
