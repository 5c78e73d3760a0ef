#include "app/journal_commands.h"

#include <functional>

#include <CLI/CLI.hpp>

namespace neap::app {
namespace {

constexpr const char* kRunHelp = "id, or the beginning of one";
constexpr const char* kNoResumeHelp = "only write it down; neap resume goes on later";

void take_run(CLI::App& command, std::string& run) {
  command.add_option("RUN", run, kRunHelp)->required();
}

}  // namespace

struct JournalCommands::Options {
  RunsOptions runs;
  DecideOptions decide;
  LocksOptions locks;
  ResumeOptions resume;
  bool online = false;

  // Of each command what it does; a command that needs one of its own is looked at after those.
  using Action = std::function<ExitCode(Invocation&)>;
  std::vector<std::pair<CLI::App*, Action>> actions;

  void act(CLI::App* command, Action action) { actions.emplace_back(command, std::move(action)); }
  void define_runs(CLI::App& app);
  void define_runs_upkeep(CLI::App& runs_app);
  void define_answers(CLI::App& app);
  void define_resolve(CLI::App& app);
  void define_cancel(CLI::App& app);
  void define_resume(CLI::App& app);
  void define_locks(CLI::App& app);
  void define_doctor(CLI::App& app);
};

void JournalCommands::Options::define_runs(CLI::App& app) {
  CLI::App* all =
      app.add_subcommand("runs", "Runs that were kept: ls, show, logs, export, rm, compact");
  all->require_subcommand(0, 1);
  CLI::App* list = all->add_subcommand("ls", "List runs, newest first");
  for (CLI::App* command : {all, list}) {
    command->add_option("--status", runs.status,
                        "only running, waiting, in_doubt, done, failed or cancelled ones");
    command->add_option("--limit", runs.limit, "at most so many")->capture_default_str();
  }
  CLI::App* show = all->add_subcommand("show", "What a run did, waits for, and what you can do");
  take_run(*show, runs.run);
  show->add_flag("--entries", runs.entries, "and every entry of its log");
  CLI::App* logs = all->add_subcommand("logs", "Every entry of a run's log, one a line");
  take_run(*logs, runs.run);
  define_runs_upkeep(*all);
  act(show, [this](Invocation& invocation) { return show_run_command(invocation, runs); });
  act(logs, [this](Invocation& invocation) { return run_log_command(invocation, runs); });
  act(all, [this](Invocation& invocation) { return list_runs_command(invocation, runs); });
}

void JournalCommands::Options::define_runs_upkeep(CLI::App& runs_app) {
  CLI::App* out = runs_app.add_subcommand("export", "Write a run as JSON lines, damaged or not");
  take_run(*out, runs.run);
  out->add_option("FILE", runs.file, "instead of standard output");
  CLI::App* remove = runs_app.add_subcommand("rm", "Remove runs that have ended");
  remove->add_option("RUN", runs.runs, kRunHelp)->required();
  remove->add_flag("-f,--force", runs.force, "do not ask");
  CLI::App* compact = runs_app.add_subcommand("compact", "Remove runs that ended long ago");
  compact->add_option("--older-than", runs.older_than, "since when they must have ended")
      ->capture_default_str();
  act(out, [this](Invocation& invocation) { return export_run_command(invocation, runs); });
  act(remove, [this](Invocation& invocation) { return remove_runs_command(invocation, runs); });
  act(compact, [this](Invocation& invocation) { return compact_runs_command(invocation, runs); });
}

void JournalCommands::Options::define_answers(CLI::App& app) {
  CLI::App* approve = app.add_subcommand("approve", "Say yes to what a run asks, and resume it");
  CLI::App* reject = app.add_subcommand("reject", "Say no to what a run asks, and resume it");
  for (CLI::App* command : {approve, reject}) {
    take_run(*command, decide.run);
    command->add_option("--comment", decide.comment, "kept with the answer");
    command->add_option("--step", decide.step, "which question, when there are several");
    command->add_flag("--no-resume", decide.no_resume, kNoResumeHelp);
  }
  act(approve, [this](Invocation& invocation) { return answer_command(invocation, decide, true); });
  act(reject, [this](Invocation& invocation) { return answer_command(invocation, decide, false); });
}

void JournalCommands::Options::define_resolve(CLI::App& app) {
  CLI::App* resolve = app.add_subcommand(
      "resolve", "Say what became of a call that is in doubt, and resume the run");
  take_run(*resolve, decide.run);
  resolve->add_option("STEP", decide.step, "the call, such as 0#12, when there are several");
  CLI::Option* happened = resolve->add_flag("--happened", decide.happened, "it took effect");
  CLI::Option* did_not = resolve->add_flag("--did-not", decide.did_not,
                                           "it did not and will not: it may be sent again");
  happened->excludes(did_not);
  resolve->add_option("--why", decide.why, "what makes you sure; kept with the run")->required();
  resolve->add_flag("-f,--force", decide.force, "--did-not although it may still take effect");
  resolve->add_flag("--no-resume", decide.no_resume, kNoResumeHelp);
  act(resolve, [this](Invocation& invocation) { return resolve_command(invocation, decide); });
}

void JournalCommands::Options::define_cancel(CLI::App& app) {
  CLI::App* cancel =
      app.add_subcommand("cancel", "End a run; what it does on its exit is still done");
  take_run(*cancel, decide.run);
  cancel->add_option("--why", decide.why, "kept with the run");
  cancel->add_flag("--no-resume", decide.no_resume, kNoResumeHelp);
  act(cancel, [this](Invocation& invocation) { return cancel_command(invocation, decide); });
}

void JournalCommands::Options::define_resume(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("resume", "Carry a run on from where it stands, or from a failed step");
  take_run(*command, resume.run);
  command->add_option("--with", resume.with_file, "this script in place of the recorded one");
  CLI::Option* why = command->add_option("--why", resume.why, "kept with the run");
  CLI::Option* from =
      command->add_option("--from", resume.from, "do over from this step, by number or name");
  CLI::Option* skip = command->add_option("--skip", resume.skip, "leave this step out");
  CLI::Option* set = command->add_option("--set", resume.set,
                                         "STEP=JSON: leave it out and take this for its result");
  for (CLI::Option* option : {skip, set}) option->expected(1)->take_all()->allow_extra_args(false);
  for (CLI::Option* option : {from, skip, set}) option->needs(why);
  command->add_flag("-y,--yes", resume.yes, "answer every confirmation with yes, beforehand");
  command->add_flag("--force-send", resume.force_send, kForceSendHelp);
  act(command, [this](Invocation& invocation) { return resume_command(invocation, resume); });
}

void JournalCommands::Options::define_locks(CLI::App& app) {
  CLI::App* all =
      app.add_subcommand("locks", "Which run holds which group or instance: ls, release");
  all->require_subcommand(0, 1);
  all->add_subcommand("ls", "List locks");
  CLI::App* release = all->add_subcommand("release", "Take a lock away from its run");
  release->add_option("RESOURCE", locks.resource, "as neap locks shows it, or its id alone")
      ->required();
  release->add_flag("-f,--force", locks.force, "although a process executes the run");
  act(release, [this](Invocation& invocation) { return release_lock_command(invocation, locks); });
  act(all, [](Invocation& invocation) { return list_locks_command(invocation); });
}

void JournalCommands::Options::define_doctor(CLI::App& app) {
  CLI::App* doctor =
      app.add_subcommand("doctor", "Check the journal, the disk and the credentials");
  doctor->add_flag("--online", online, "and whether the platform answers, and its clock");
  act(doctor, [this](Invocation& invocation) { return doctor_command(invocation, online); });
}

JournalCommands::JournalCommands() : options_(std::make_unique<Options>()) {}
JournalCommands::~JournalCommands() = default;

void JournalCommands::define(CLI::App& app) {
  options_->define_resume(app);
  options_->define_runs(app);
  options_->define_answers(app);
  options_->define_resolve(app);
  options_->define_cancel(app);
  options_->define_locks(app);
  options_->define_doctor(app);
}

std::optional<ExitCode> JournalCommands::dispatch(Invocation& invocation) {
  for (const auto& [command, action] : options_->actions) {
    if (command->parsed()) return action(invocation);
  }
  return std::nullopt;
}

}  // namespace neap::app
