#include "app/hooks_command.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/hooks_text.h"
#include "app/open_journal.h"
#include "app/output.h"
#include "app/print_list.h"
#include "app/who.h"
#include "base/text.h"
#include "journal/inbox.h"
#include "journal/inbox_json.h"
#include "loop/clock.h"

namespace neap::app {
namespace {

using journal::EventStatus;
using journal::HookEvent;

// `name` is what was typed for `option`, which is one of those.
Error none_of(const char* option, const std::string& name, std::vector<std::string> all) {
  return {ErrorKind::kUsage,
          fmt::format("{}: \"{}\" is none{}", option, printable(name), did_you_mean(name, all)),
          "it is one of " + join(all, ", ")};
}

Result<std::optional<EventStatus>> status_of(const std::string& text) {
  if (text.empty()) return std::optional<EventStatus>();
  const std::optional<EventStatus> status = journal::parse_event_status(text);
  if (status) return status;
  return tl::unexpected(none_of(
      "--status", text, {"open", "answering", "answered", "gone", "set_aside", "discarded"}));
}

// A sentence that names the process which serves this journal; empty: none does.
Result<std::string> who_serves(journal::Inbox& inbox) {
  const Result<Owner> claim = inbox.claim_service();
  if (claim) return std::string();
  if (claim.error().code == journal::kLockHeld) return claim.error().message;
  return tl::unexpected(claim.error());
}

Result<std::optional<journal::Wish>> wish_about(journal::Inbox& inbox, const std::string& event) {
  const Result<std::vector<journal::Wish>> wishes = inbox.wishes();
  if (!wishes) return tl::unexpected(wishes.error());
  const auto found = std::find_if(wishes->begin(), wishes->end(),
                                  [&](const journal::Wish& wish) { return wish.event == event; });
  return found == wishes->end() ? std::nullopt : std::optional(*found);
}

ExitCode leave_wish(Invocation& invocation, const std::string& name, const std::string& what,
                    const std::string& words) {
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kChange);
  if (!store) return give_up(store.error());
  journal::Inbox& inbox = (*store)->inbox();
  const Result<HookEvent> event = inbox.find_event(name);
  if (!event) return give_up(event.error());
  const Result<std::string> served = who_serves(inbox);
  if (!served) return give_up(served.error());
  const Result<void> left = inbox.wish({event->id, what, operator_name(), SystemClock().utc()});
  if (!left) return give_up(left.error());
  json::Object document;
  document.set("format", "neap.wish/1");
  document.set("event", event->id);
  document.set("wish", what);
  document.set("served_by", *served);
  if (print_document(invocation, document)) return ExitCode::kDone;
  fmt::print("event {}: {}\n", event->id, words);
  if (!invocation.quiet) {
    say(served->empty() ? "no neap serve works on this journal: the next one will see to it"
                        : printable(*served) + "; it will see to it");
  }
  return ExitCode::kDone;
}

}  // namespace

ExitCode list_events_command(Invocation& invocation, const HooksOptions& options) {
  const Result<std::optional<EventStatus>> status = status_of(options.status);
  if (!status) return give_up(status.error());
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kLook);
  if (!store) return give_up(store.error());
  const Result<std::vector<HookEvent>> events = (*store)->inbox().events(*status, options.limit);
  if (!events) return give_up(events.error());
  json::Array rows;
  for (const HookEvent& event : *events) rows.emplace_back(journal::event_json(event));
  print_rows(invocation, list_document("neap.hooks/1", "events", rows), rows,
             events_table(*events, SystemClock().utc()), "no events");
  return ExitCode::kDone;
}

ExitCode show_event_command(Invocation& invocation, const HooksOptions& options) {
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kLook);
  if (!store) return give_up(store.error());
  journal::Inbox& inbox = (*store)->inbox();
  const Result<HookEvent> event = inbox.find_event(options.event);
  if (!event) return give_up(event.error());
  // Where nothing may be written it cannot be found out; then nobody is named.
  const std::string served = who_serves(inbox).value_or("");
  const bool has_run = !event->run.empty() && (*store)->find(event->run).has_value();
  const Result<std::optional<journal::Wish>> wish = wish_about(inbox, event->id);
  if (!wish) return give_up(wish.error());
  json::Object document;
  document.set("format", "neap.hook/1");
  for (const auto& [key, value] : journal::event_json(*event)) document.set(key, value);
  document.set("served", !served.empty());
  document.set("has_run", has_run);
  document.set("wish", *wish ? json::Value((*wish)->what) : json::Value());
  if (!print_document(invocation, document)) {
    fmt::print("{}", event_text({*event, served, has_run, *wish}, SystemClock().utc()));
  }
  return ExitCode::kDone;
}

ExitCode retry_event_command(Invocation& invocation, const HooksOptions& options) {
  return leave_wish(invocation, options.event, "retry", "its handler is to run anew");
}

ExitCode discard_event_command(Invocation& invocation, const HooksOptions& options) {
  if (options.result.empty()) {
    return leave_wish(invocation, options.event, "discard",
                      "to be discarded without an answer; the hook's default decides");
  }
  if (options.result != "CONTINUE" && options.result != "ABANDON") {
    return give_up(none_of("--result", options.result, {"CONTINUE", "ABANDON"}));
  }
  return leave_wish(invocation, options.event, options.result,
                    fmt::format("to be answered with {}", options.result));
}

struct HooksCommands::Options {
  using Action = ExitCode (*)(Invocation&, const HooksOptions&);
  HooksOptions hooks;
  // The command around the others comes last: it is parsed with each of them.
  std::vector<std::pair<CLI::App*, Action>> actions;
};

HooksCommands::HooksCommands() : options_(std::make_unique<Options>()) {}
HooksCommands::~HooksCommands() = default;

void HooksCommands::define(CLI::App& app) {
  HooksOptions& hooks = options_->hooks;
  CLI::App* all = app.add_subcommand(
      "hooks", "Lifecycle-hook events that neap serve got: ls, show, retry, discard");
  all->require_subcommand(0, 1);
  CLI::App* list = all->add_subcommand("ls", "List events, newest first");
  for (CLI::App* command : {all, list}) {
    command->add_option("--status", hooks.status,
                        "only open, answering, answered, gone, set_aside or discarded ones");
    command->add_option("--limit", hooks.limit, "at most so many")->capture_default_str();
  }
  CLI::App* show = all->add_subcommand("show", "What is known of an event, and what you can do");
  CLI::App* retry = all->add_subcommand("retry", "Have an event's handler run anew");
  CLI::App* discard = all->add_subcommand("discard", "End an event, with an answer or without");
  for (CLI::App* command : {show, retry, discard}) {
    command->add_option("EVENT", hooks.event, "id, the beginning of one, or the action key")
        ->required();
  }
  discard->add_option("--result", hooks.result,
                      "answer CONTINUE or ABANDON; without it the hook's default decides");
  options_->actions = {{show, show_event_command},
                       {retry, retry_event_command},
                       {discard, discard_event_command},
                       {all, list_events_command}};
}

std::optional<ExitCode> HooksCommands::dispatch(Invocation& invocation) {
  for (const auto& [command, action] : options_->actions) {
    if (command->parsed()) return action(invocation, options_->hooks);
  }
  return std::nullopt;
}

}  // namespace neap::app
