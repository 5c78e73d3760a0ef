// neap approve, reject, resolve, cancel: a person's word is written down, and the run goes on.
#include <fmt/format.h>

#include "app/decisions.h"
#include "app/journal_commands.h"
#include "app/open_journal.h"
#include "app/output.h"
#include "app/print_list.h"
#include "app/who.h"
#include "base/text.h"
#include "loop/clock.h"

namespace neap::app {
namespace {

struct Afterwards {
  bool no_resume = false;
  bool cancel = false;
};

Signature signature_now() {
  return {operator_name(), SystemClock().utc()};
}

Result<std::optional<journal::Step>> step_of(const std::string& text) {
  if (text.empty()) return std::optional<journal::Step>();
  const Result<journal::Step> step = journal::parse_step(text);
  if (!step) return tl::unexpected(step.error());
  return std::optional(*step);
}

// The decision is all there is to show: on standard output, in the form that was asked for.
void show_decision(const Invocation& invocation, const Decided& decided) {
  json::Object document;
  document.set("format", "neap.decision/1");
  document.set("run", decided.run.id);
  document.set("decision", decided.text);
  document.set("executed_by", decided.executor);
  if (print_document(invocation, document)) return;
  fmt::print("run {} {}\n", decided.run.id, printable(decided.text));
  if (decided.executor.empty()) {
    fmt::print("to go on: neap resume {}\n", decided.run.id);
  } else {
    fmt::print("{} executes it and goes on by itself\n", printable(decided.executor));
  }
}

// `store` is closed before the run is resumed, which opens it for itself.
ExitCode carry_on(Invocation& invocation, std::unique_ptr<journal::Store> store,
                  const Result<Decided>& decided, const Afterwards& afterwards) {
  if (!decided) return give_up(decided.error());
  store.reset();
  if (afterwards.no_resume || !decided->executor.empty()) {
    show_decision(invocation, *decided);
    return ExitCode::kDone;
  }
  if (!invocation.quiet) {
    say(fmt::format("run {} {}", decided->run.id, printable(decided->text)));
  }
  ResumeOptions resume;
  resume.run = decided->run.id;
  resume.cancel = afterwards.cancel;
  return resume_command(invocation, resume);
}

}  // namespace

ExitCode answer_command(Invocation& invocation, const DecideOptions& options, bool yes) {
  const Result<std::optional<journal::Step>> step = step_of(options.step);
  if (!step) return give_up(step.error());
  Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kChange);
  if (!store) return give_up(store.error());
  const AnswerRequest request{options.run, *step, yes, options.comment};
  const Result<Decided> decided = answer_question(**store, request, signature_now());
  return carry_on(invocation, *std::move(store), decided, {options.no_resume});
}

ExitCode resolve_command(Invocation& invocation, const DecideOptions& options) {
  if (options.happened == options.did_not) {
    return give_up(Error{ErrorKind::kUsage, "say --happened or --did-not",
                         "neap runs show " + printable(options.run) + " says what is known"});
  }
  const Result<std::optional<journal::Step>> step = step_of(options.step);
  if (!step) return give_up(step.error());
  Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kChange);
  if (!store) return give_up(store.error());
  const ResolveRequest request{options.run, *step, options.happened, options.why, options.force};
  const Result<Decided> decided = resolve_effect(**store, request, signature_now());
  return carry_on(invocation, *std::move(store), decided, {options.no_resume});
}

ExitCode cancel_command(Invocation& invocation, const DecideOptions& options) {
  Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kChange);
  if (!store) return give_up(store.error());
  const Result<Decided> decided = ask_to_cancel(**store, options.run, options.why, signature_now());
  return carry_on(invocation, *std::move(store), decided, {options.no_resume, true});
}

}  // namespace neap::app
