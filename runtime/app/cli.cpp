#include "app/cli.h"

#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/hooks_command.h"
#include "app/journal_commands.h"
#include "app/manual_commands.h"
#include "app/output.h"
#include "app/repl_command.h"
#include "app/report_command.h"
#include "app/serve_command.h"
#include "app/words.h"
#include "base/text.h"
#include "config/known_settings.h"
#include "config/surroundings.h"
#include "runs/script.h"

namespace neap::app {
namespace {

// The options that every command takes; their texts become settings.
struct GlobalOptions {
  config::Flags flags;
  bool quiet = false;
  int verbose = 0;
};

CLI::Option* add_setting(CLI::App& app, config::Flags& flags, const config::KnownSetting& setting) {
  const std::string flag = "--" + std::string(setting.flag);
  const std::string key(setting.file.name);
  const std::string about(setting.about);
  if (!setting.meant.empty()) {
    const std::string meant(setting.meant);
    return app.add_flag_callback(
        flag, [&flags, key, meant] { flags[key] = {meant}; }, about + "; this says " + meant);
  }
  const auto take = [&flags, key](const std::vector<std::string>& all) { flags[key] = all; };
  if (setting.file.shape == config::Shape::kList) {
    return app.add_option_function<std::vector<std::string>>(flag, take, about)
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
  }
  return app.add_option_function<std::string>(
      flag, [take](const std::string& text) { take({text}); }, about);
}

void add_globals(CLI::App& app, GlobalOptions& global) {
  for (const config::KnownSetting& setting : config::known_settings()) {
    if (!setting.flag.empty()) add_setting(app, global.flags, setting)->group("Settings");
  }
  app.add_flag("-q,--quiet", global.quiet, "no progress")->group("Settings");
  app.add_flag("-v,--verbose", global.verbose, "show every call, and tracebacks")
      ->group("Settings");
}

CLI::App* add_run(CLI::App& app, RunOptions& options) {
  CLI::App* run = app.add_subcommand("run", "Run a runbook: a bundled name, a path, - or -e CODE");
  run->add_option("RUNBOOK", options.runbook, "bundled: " + join(runs::bundled_runbooks(), ", "));
  run->add_option("-e", options.code, "run this code");
  run->add_flag("-y,--yes", options.yes, "answer every confirmation with yes, beforehand");
  run->add_flag("--durable", options.durable, "keep the run although the code was typed");
  run->add_flag("--force-send", options.force_send, kForceSendHelp);
  return run;
}

CLI::App* add_rehearse(CLI::App& app, RehearseOptions& options) {
  CLI::App* rehearse =
      app.add_subcommand("rehearse", "Run a runbook against the simulator, in virtual time");
  rehearse->add_option("RUNBOOK", options.run.runbook, "a bundled name, a path or -");
  rehearse->add_option("-e", options.run.code, "rehearse this code");
  rehearse->add_flag("-y,--yes", options.run.yes, "a rehearsal says yes anyway");
  rehearse->add_flag("--force-send", options.run.force_send, kForceSendHelp);
  rehearse->add_option("--seed", options.seed,
                       "of everything random; the same seed repeats a rehearsal");
  rehearse
      ->add_option(
          "--faults", options.faults,
          "OPERATION=KIND[:COUNT], such as show_job_status=503:3; see docs/guide/simulator.md")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  return rehearse;
}

CLI::App* add_sim(CLI::App& app, SimOptions& options) {
  CLI::App* sim = app.add_subcommand("sim", "Serve the simulator over HTTP on loopback");
  sim->add_option("--listen", options.listen, "address and port, port 0 picks a free one")
      ->capture_default_str();
  sim->add_option("--seed", options.seed, "of everything random");
  sim->add_option("--time-scale", options.time_scale, "simulated seconds per second")
      ->check(CLI::Range(0.001, 1e6));
  sim->add_option("--state", options.state_file, "load the state from this file and save it there");
  return sim;
}

LogLevel log_level(const GlobalOptions& global, const config::Settings& settings) {
  return global.verbose > 0 ? LogLevel::kDebug : settings.log_level.value;
}

Result<Invocation> prepare(GlobalOptions& global) {
  Result<config::Settings> settings =
      config::load_settings(global.flags, config::process_surroundings());
  if (!settings) return tl::unexpected(settings.error());
  const LogLevel level = log_level(global, *settings);
  const LogFormat format = settings->log_format.value;
  return Invocation{std::move(*settings), Log(level, format), global.quiet, global.verbose > 0};
}

// Said on the command line: the version is told whatever the settings hold.
bool wants_json(const GlobalOptions& global) {
  const auto output = global.flags.find("output");
  return output != global.flags.end() && output->second.front().starts_with("json");
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

// Every command and the commands within it, as `neap help` shows them.
void collect_help(const CLI::App& app, const std::string& parent,
                  std::vector<manual::CommandHelp>& all) {
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::string name = parent + (parent.empty() ? "" : " ") + command->get_name();
    const std::string called = parent.empty() ? "neap" : "neap " + parent;
    all.push_back({name, command->get_description(), command->help(called)});
    collect_help(*command, name, all);
  }
}

struct Commands {
  CLI::App app{"Runbooks for disaster recovery on Huawei Cloud: rehearse today, trust tomorrow.",
               "neap"};
  GlobalOptions global;
  RunOptions run;
  RehearseOptions rehearse;
  SimOptions sim;
  TestOptions test;
  HelpOptions help;
  JournalCommands journal;
  HooksCommands hooks;
  ServeCommand serve;
  ReplCommand repl;
  ReportCommand report;
  ManualCommands manual;
  bool origin = false;
  bool version_json = false;
  CLI::App* run_command = nullptr;
  CLI::App* rehearse_command = nullptr;
  CLI::App* sim_command = nullptr;
  CLI::App* sim_env = nullptr;
  CLI::App* test_command = nullptr;
  CLI::App* config_command = nullptr;
  CLI::App* help_command = nullptr;
  CLI::App* version_command = nullptr;
};

void define(Commands& c) {
  c.app.fallthrough();
  c.app.set_version_flag("--version", kVersion, "show the version");
  add_globals(c.app, c.global);
  c.run_command = add_run(c.app, c.run);
  c.rehearse_command = add_rehearse(c.app, c.rehearse);
  c.journal.define(c.app);
  c.repl.define(c.app);
  c.serve.define(c.app);
  c.hooks.define(c.app);
  c.report.define(c.app);
  c.manual.define(c.app);
  c.sim_command = add_sim(c.app, c.sim);
  c.sim_env = c.sim_command->add_subcommand("env", "Print export lines for a simulator");
  c.test_command = c.app.add_subcommand("test", "Run Lua tests in virtual time");
  c.test_command->add_option("PATH", c.test.paths, "files named *_test.lua, or folders of them")
      ->required();
  c.test_command->add_flag("--trusted", c.test.trusted,
                           "tests of neap itself: they reach its inner modules");
  c.test_command->add_option("--seed", c.test.seed, "of everything random; each run prints its own")
      ->envname("NEAP_SEED");
  c.config_command = c.app.add_subcommand("config", "Show the settings in force");
  c.config_command->add_flag("--origin", c.origin, "and where each comes from");
  c.help_command = c.app.add_subcommand(
      "help", "Explain a command, a call, an operation, an error or a setting");
  c.help_command->add_option("TOPIC", c.help.words,
                             "such as sdrs.groups.failover; neap help lists what there is");
  c.help_command->add_flag("--apropos", c.help.apropos,
                           "search names and summaries of everything for these words");
  c.version_command = c.app.add_subcommand("version", "Show the version");
  c.version_command->add_flag("--json", c.version_json, "as --output json");
}

using Words = std::vector<std::string>;

// The word that names the command: the first that is neither an option nor the value of one.
Words::iterator find_command(Words& words, const CLI::App& app) {
  auto word = words.begin();
  while (word != words.end() && word->starts_with('-')) {
    const CLI::Option* option = app.get_option_no_throw(*word);
    const bool takes_value = option != nullptr && option->get_items_expected_max() > 0;
    ++word;
    if (takes_value && word != words.end()) ++word;
  }
  return word;
}

// The words of a topic may be names of commands, which the parser would take for commands.
Words set_topic_aside(Commands& c, const Words& arguments, Words::const_iterator help) {
  Words kept(arguments.begin(), help + 1);
  for (auto word = help + 1; word != arguments.end(); ++word) {
    if (!word->starts_with('-')) {
      c.help.words.push_back(*word);
      continue;
    }
    kept.push_back(*word);
    const CLI::Option* option = c.app.get_option_no_throw(*word);
    const bool takes_value = option != nullptr && option->get_items_expected_max() > 0;
    if (takes_value && word + 1 != arguments.end()) kept.push_back(*++word);
  }
  return kept;
}

// "neap run" and "neap rehearse" take the runbook's own parameters; those are set aside, and so is
// --help, which shows the runbook's.
Words set_words_aside(Commands& c, int argc, char** argv) {
  Words arguments(argv + 1, argv + argc);
  const auto at = find_command(arguments, c.app);
  if (at != arguments.end() && *at == "help") return set_topic_aside(c, arguments, at);
  if (at == arguments.end() || (*at != "run" && *at != "rehearse")) return arguments;
  const bool runs = *at == "run";
  RunOptions& options = runs ? c.run : c.rehearse.run;
  const CLI::App& command = runs ? *c.run_command : *c.rehearse_command;
  SplitArguments split = split_arguments(Words(at + 1, arguments.end()), c.app, command);
  const bool runbook_named =
      std::any_of(split.own.begin(), split.own.end(),
                  [](const std::string& word) { return word[0] != '-' || word == "-"; });
  if (runbook_named) {
    options.help =
        std::erase_if(split.own, [](const auto& w) { return w == "--help" || w == "-h"; }) > 0;
  }
  options.words = std::move(split.words);
  Words kept(arguments.begin(), at + 1);
  kept.insert(kept.end(), split.own.begin(), split.own.end());
  return kept;
}

ExitCode dispatch(Commands& c) {
  if (c.version_command->parsed()) return version_command(c.version_json || wants_json(c.global));
  if (c.sim_env->parsed()) return sim_env_command(c.sim);
  if (const std::optional<ExitCode> code = c.manual.dispatch(c.app)) return *code;
  Result<Invocation> invocation = prepare(c.global);
  if (!invocation) return give_up(invocation.error());
  c.run.has_code = c.run_command->count("-e") > 0;
  c.rehearse.run.has_code = c.rehearse_command->count("-e") > 0;
  if (c.run_command->parsed()) return run_command(*invocation, c.run);
  if (c.rehearse_command->parsed()) return rehearse_command(*invocation, c.rehearse);
  if (c.sim_command->parsed()) return sim_command(*invocation, c.sim);
  if (c.test_command->parsed()) return test_command(*invocation, c.test);
  if (c.config_command->parsed()) return config_command(*invocation, c.origin);
  collect_help(c.app, "", c.help.commands);
  if (const auto code = c.repl.dispatch(*invocation, c.help.commands)) return *code;
  if (c.help_command->parsed()) {
    return help_command(*invocation, c.help);
  }
  if (const std::optional<ExitCode> code = c.journal.dispatch(*invocation)) return *code;
  if (const std::optional<ExitCode> code = c.serve.dispatch(*invocation)) return *code;
  if (const std::optional<ExitCode> code = c.hooks.dispatch(*invocation)) return *code;
  if (const std::optional<ExitCode> code = c.report.dispatch(*invocation)) return *code;
  std::fputs(c.app.help().c_str(), stdout);
  return ExitCode::kUsage;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// The innermost command that the words name.
const CLI::App& command_of(const CLI::App& app) {
  const std::vector<CLI::App*> parsed = app.get_subcommands();
  return parsed.empty() ? app : command_of(*parsed.front());
}

// "neap runs show"
std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

Error unexpected_word(const CLI::App& app, const std::string& word) {
  const CLI::App& command = command_of(app);
  const std::string called = full_name(command);
  Error error{ErrorKind::kUsage, {}, "see " + called + " --help"};
  const std::string shown = printable(word);
  if (word.front() == '-') {
    std::vector<std::string> known = option_names(command);
    for (std::string& name : option_names(app)) known.push_back(std::move(name));
    error.message =
        fmt::format("{}: unknown option {}{}", called, shown, did_you_mean(word, known));
  } else if (const Words names = command_names(command); !names.empty()) {
    error.message = fmt::format("{}unknown command \"{}\"{}", &command == &app ? "" : called + ": ",
                                shown, did_you_mean(word, names));
  } else {
    error.message = fmt::format("{}: unexpected \"{}\"", called, shown);
  }
  return error;
}

ExitCode usage_error(const Commands& c, const CLI::ParseError& problem) {
  const std::string called = full_name(command_of(c.app));
  Error error{ErrorKind::kUsage, called + ": " + problem.what(), "see " + called + " --help"};
  if (dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr) {
    const std::vector<std::string> extras = c.app.remaining(true);
    if (!extras.empty()) error = unexpected_word(c.app, extras.front());
  }
  report_error(error);
  return ExitCode::kUsage;
}

}  // namespace

ExitCode give_up(const Error& error) {
  report_error(error);
  return exit_code(error);
}

void report_error(const Error& error) {
  say("neap: " + printable(describe(error)));
}

int run_command_line(int argc, char** argv) {
  Commands commands;
  define(commands);
  try {
    std::vector<std::string> arguments = set_words_aside(commands, argc, argv);
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    commands.app.parse(arguments);
    return static_cast<int>(finish_output(dispatch(commands)));
  } catch (const CLI::Success& shown) {  // --help, --version
    return commands.app.exit(shown);
  } catch (const CLI::ParseError& error) {
    return static_cast<int>(usage_error(commands, error));
  } catch (const Failure& failure) {
    report_error(failure.error);
    return static_cast<int>(exit_code(failure.error));
  } catch (const std::exception& unexpected) {
    if (reader_is_gone(unexpected)) return static_cast<int>(ExitCode::kUnread);
    report_error(
        Error{ErrorKind::kInternal, unexpected.what(), "this is a bug in neap; please report it"});
    return static_cast<int>(ExitCode::kFailed);
  }
}

}  // namespace neap::app
