// neap resume: carries a run on from wherever it stands.
#include "app/cli.h"
#include "app/open_journal.h"
#include "app/session.h"
#include "app/who.h"
#include "app/world.h"
#include "base/text.h"
#include "json/document.h"

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

Result<Resumption> read_options(const ResumeOptions& options) {
  Resumption resumption;
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
    Result<Script> script = find_script(options.with_file);
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

}  // namespace

ExitCode resume_command(Invocation& invocation, const ResumeOptions& options) {
  const Result<Resumption> resumption = read_options(options);
  if (!resumption) return give_up(resumption.error());
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kWrite);
  if (!store) return give_up(store.error());
  const Result<journal::Run> run = find_run(**store, options.run);
  if (!run) return give_up(run.error());
  restore(invocation.settings, *run);
  const std::unique_ptr<World> world = World::real(invocation.settings, invocation.log);
  const auto kept = DurableRun::resume(**store, world->loop().clock(), run->id, *resumption);
  if (!kept) return give_up(kept.error());
  const ExitCode code =
      execute(invocation, *world, (*kept)->script(), (*kept)->words(), options.yes, kept->get());
  return options.cancel && code == ExitCode::kInterrupted ? ExitCode::kDone : code;
}

}  // namespace neap::app
