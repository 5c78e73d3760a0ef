// neap run, neap rehearse: a script in the real world, kept in the journal, or in a rehearsal.
#include <fmt/format.h>

#include "app/cli.h"
#include "app/faults.h"
#include "app/open_journal.h"
#include "app/output.h"
#include "app/session.h"
#include "app/usage.h"
#include "app/who.h"
#include "runs/world.h"

namespace neap::app {
namespace {

Result<runs::Script> script_of(const RunOptions& options) {
  if (options.has_code && !options.runbook.empty()) {
    return fail(ErrorKind::kUsage, "give a runbook or -e, not both");
  }
  if (options.has_code) return runs::typed_script(options.code);
  if (options.runbook.empty()) {
    return fail(
        ErrorKind::kUsage, "no runbook given",
        "name a bundled one, a path, - for standard input, or -e CODE; see neap run --help");
  }
  Result<runs::Script> script = runs::find_script(options.runbook);
  if (!script || !script->handlers) return script;
  return fail(
      ErrorKind::kUsage,
      fmt::format("{} registers handlers of lifecycle hooks; it is no runbook", script->name),
      fmt::format("neap serve {} runs them", script->name));
}

ExitCode show_usage(runs::World& world, Invocation& invocation, const runs::Script& script) {
  const auto view = make_view(invocation, world.loop(), true, false);
  runs::ScriptRun run(world, *view, invocation.log, invocation.settings, script);
  runs::ScriptRun::Outcome outcome = run.evaluate();
  if (!outcome.error && !run.description()) {
    outcome.error = Error{ErrorKind::kUsage, "code without a header has no help of its own"};
  }
  if (outcome.error) return view->finish(script.name, outcome);
  fmt::print("{}", runbook_usage(script.name, *run.description()));
  return ExitCode::kDone;
}

// What a resumed run must find again (journal/entry.h, Run::facts).
json::Object facts_of(const config::Settings& settings, const std::vector<std::string>& words) {
  const auto list = [](const std::vector<std::string>& texts) {
    json::Array rows;
    for (const std::string& text : texts) rows.emplace_back(text);
    return rows;
  };
  json::Object facts;
  facts.set("words", list(words));
  facts.set("endpoint", settings.endpoint.value);
  facts.set("region", settings.region.value);
  facts.set("project", settings.project.value);
  facts.set("profile", settings.profile.value);
  facts.set("allow", list(settings.allow.value));
  return facts;
}

Consent consent_of(const RunOptions& options) {
  return {.yes = options.yes, .force_send = options.force_send};
}

ExitCode run_kept(Invocation& invocation, runs::World& world, const runs::Script& script,
                  const RunOptions& options) {
  const Result<std::unique_ptr<journal::Store>> store =
      open_journal(invocation.settings, Access::kWrite);
  if (!store) return give_up(store.error());
  const auto kept = runs::DurableRun::begin(**store, world.loop().clock(), script, operator_name(),
                                            facts_of(invocation.settings, options.words));
  if (!kept) return give_up(kept.error());
  return execute(invocation, world, script, options.words, consent_of(options), kept->get(),
                 runs::learn_history(**store, script.name));
}

}  // namespace

ExitCode run_command(Invocation& invocation, const RunOptions& options) {
  const Result<runs::Script> script = script_of(options);
  if (!script) return give_up(script.error());
  const std::unique_ptr<runs::World> world = runs::World::real(invocation.settings, invocation.log);
  if (options.help) return show_usage(*world, invocation, *script);
  if (!script->typed || options.durable) return run_kept(invocation, *world, *script, options);
  return execute(invocation, *world, *script, options.words, consent_of(options), nullptr);
}

ExitCode rehearse_command(Invocation& invocation, const RehearseOptions& options) {
  const Result<runs::Script> script = script_of(options.run);
  if (!script) return give_up(script.error());
  const Result<std::uint64_t> seed = parse_seed(options.seed);
  if (!seed) return give_up(seed.error());
  const std::unique_ptr<runs::World> world = runs::World::rehearsal(*seed, invocation.log);
  if (options.run.help) return show_usage(*world, invocation, *script);
  for (const std::string& fault : options.faults) {
    const Result<void> planted = plant_fault(*world->simulator(), fault);
    if (!planted) return give_up(planted.error());
  }
  const auto view = make_view(invocation, world->loop(), true, false);
  if (!invocation.quiet) say(fmt::format("rehearsal in virtual time, seed {}", *seed));
  runs::ScriptRun run(*world, *view, invocation.log, invocation.settings, *script,
                      {.force_send = options.run.force_send});
  const runs::ScriptRun::Outcome outcome = run_shown(run, *view, options.run.words);
  for (const std::string& line : fired_faults(*world->simulator())) say(line);
  return view->finish(script->name, outcome);
}

}  // namespace neap::app
