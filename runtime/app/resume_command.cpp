// neap resume: carries a run on from wherever it stands.
#include <fmt/format.h>

#include "app/cli.h"
#include "app/open_journal.h"
#include "app/session.h"
#include "app/who.h"
#include "base/text.h"
#include "json/document.h"
#include "runs/world.h"

namespace neap::app {
namespace {

// "STEP=JSON"
Result<std::pair<std::string, json::Value>> read_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return fail(ErrorKind::kUsage, "--set \"" + printable(text) + "\" is not STEP=JSON",
                "write it like --set 'find the group={\"id\":\"…\"}'");
  }
  const Result<json::Document> value = json::Document::parse(text.substr(equals + 1));
  if (!value) {
    return fail(ErrorKind::kUsage, "--set " + printable(text.substr(0, equals)) +
                                       ": the value is not JSON: " + value.error().message);
  }
  return std::pair(text.substr(0, equals), value->value());
}

Result<runs::Resumption> read_options(const ResumeOptions& options) {
  runs::Resumption resumption;
  resumption.operator_name = operator_name();
  resumption.why = options.why;
  resumption.from = options.from;
  resumption.skip = options.skip;
  for (const std::string& text : options.set) {
    auto setting = read_setting(text);
    if (!setting) return tl::unexpected(setting.error());
    resumption.set.push_back(*std::move(setting));
  }
  const bool changes = !options.from.empty() || !options.skip.empty() || !options.set.empty();
  if (changes && options.why.empty()) {
    return fail(ErrorKind::kUsage, "--from, --skip and --set are kept with the run, and so is why",
                "add --why \"…\"");
  }
  if (!options.with_file.empty()) {
    Result<runs::Script> script = runs::find_script(options.with_file);
    if (!script) return tl::unexpected(script.error());
    resumption.with = *std::move(script);
  }
  return resumption;
}

// The run goes on where it began, whatever the settings say today.
void restore(config::Settings& settings, const journal::Run& run) {
  const std::string origin = "run " + run.id;
  const auto put = [&](config::Setting<std::string>& setting, const char* fact) {
    setting = {run.facts.text(fact), {origin}};
  };
  put(settings.endpoint, "endpoint");
  put(settings.region, "region");
  put(settings.project, "project");
  put(settings.profile, "profile");
  settings.allow = {{}, {origin}};
  for (const json::Value& row : run.facts.list("allow")) {
    if (const auto* text = row.as<std::string>()) settings.allow.value.push_back(*text);
  }
}

// A handler's run needs its event, and the service that keeps the hold.
Error left_to_the_service(const journal::Run& run) {
  const json::Array& words = run.facts.list("words");  // "--event", its id
  const auto* event = words.size() == 2 ? words[1].as<std::string>() : nullptr;
  return Error{ErrorKind::kUsage,
               fmt::format("run {} is a handler's: neap serve carries it on", run.id),
               fmt::format("neap hooks retry {}", event != nullptr ? *event : "EVENT")};
}

}  // namespace

ExitCode resume_command(Invocation& invocation, const ResumeOptions& options) {
  const Result<runs::Resumption> resumption = read_options(options);
  if (!resumption) return give_up(resumption.error());
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kWrite);
  if (!store) return give_up(store.error());
  const Result<journal::Run> run = find_run(**store, options.run);
  if (!run) return give_up(run.error());
  if (run->facts.flag("handlers")) return give_up(left_to_the_service(*run));
  restore(invocation.settings, *run);
  const std::unique_ptr<runs::World> world = runs::World::real(invocation.settings, invocation.log);
  const auto kept = runs::DurableRun::resume(**store, world->loop().clock(), run->id, *resumption);
  if (!kept) return give_up(kept.error());
  const ExitCode code = execute(invocation, *world, (*kept)->script(), (*kept)->words(),
                                {.yes = options.yes, .force_send = options.force_send}, kept->get(),
                                runs::learn_history(**store, run->name));
  return options.cancel && code == ExitCode::kInterrupted ? ExitCode::kDone : code;
}

}  // namespace neap::app
