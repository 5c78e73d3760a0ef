#include "app/repl_command.h"

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <langinfo.h>
#include <unistd.h>

#include "app/usage.h"
#include "app/who.h"
#include "base/text.h"
#include "repl/repl.h"
#include "repl/text_file.h"
#include "runs/world.h"

namespace neap::app {
namespace {

// Lines of the log stand above what is typed, once there is somebody who sees to that.
struct LogLines {
  repl::Repl* repl = nullptr;

  void write(std::string_view line) const {
    if (repl != nullptr) return repl->note(line);
    fmt::print(stderr, "{}\n", line);
  }
};

// What the environment holds under names that promise a secret.
std::vector<Secret> secrets_of_environment() {
  std::vector<Secret> secrets;
  for (char** row = environ; *row != nullptr; ++row) {
    const std::string_view text(*row);
    const std::size_t equals = text.find('=');
    if (equals == text.npos) continue;
    const std::string name = to_lower(text.substr(0, equals));
    const bool secret = name.ends_with("_sk") || name.find("secret") != name.npos ||
                        name.find("passw") != name.npos || name.find("token") != name.npos;
    if (secret) secrets.emplace_back(std::string(text.substr(equals + 1)));
  }
  return secrets;
}

// Without a locale of UTF-8 the line editor could not tell characters from bytes.
void ensure_characters() {
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
}

Result<std::unique_ptr<runs::World>> world_of(const Invocation& invocation,
                                              const ReplOptions& options, Log& log) {
  if (!options.sim) return runs::World::real(invocation.settings, log);
  const Result<std::uint64_t> seed = parse_seed(options.seed);
  if (!seed) return tl::unexpected(seed.error());
  return runs::World::sandbox(*seed, options.time_scale, log);
}

ExitCode talk(repl::Repl& session, const ReplOptions& options, const std::string& file_text) {
  if (!options.file.empty() && !session.run_now(file_text)) return ExitCode::kFailed;
  if (!options.code.empty() && !session.run_now(options.code)) return ExitCode::kFailed;
  if (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1) {
    session.converse();
    return ExitCode::kDone;
  }
  return session.follow(std::cin) ? ExitCode::kDone : ExitCode::kFailed;
}

ExitCode repl_command(Invocation& invocation, const ReplOptions& options,
                      const std::vector<manual::CommandHelp>& commands) {
  ensure_characters();
  std::signal(SIGPIPE, SIG_IGN);  // a pager may be left before its end
  const Result<std::string> file =
      options.file.empty() ? std::string() : repl::text_of_file(options.file);
  if (!file) return give_up(file.error());
  LogLines lines;
  Log log(invocation.verbose ? LogLevel::kDebug : invocation.settings.log_level.value,
          invocation.settings.log_format.value,
          [&lines](std::string_view line) { lines.write(line); });
  Result<std::unique_ptr<runs::World>> world = world_of(invocation, options, log);
  if (!world) return give_up(world.error());
  repl::Repl session({
      .world = **world,
      .log = log,
      .settings = invocation.settings,
      .terminal = show::look_at_terminal(invocation.settings.color.value),
      .by = operator_name(),
      .folder = ".",
      .history = invocation.settings.state_dir.value + "/repl_history",
      .secrets = secrets_of_environment(),
      .quiet = invocation.quiet,
      .traceback = invocation.verbose,
      .commands = commands,
  });
  lines.repl = &session;
  return talk(session, options, *file);
}

}  // namespace

void ReplCommand::define(CLI::App& app) {
  command_ =
      app.add_subcommand("repl", "Look around and try things at a prompt; read-only at first");
  command_->add_option("FILE", options_.file, "run this file before the first prompt");
  command_->add_option("-e", options_.code, "run this code before the first prompt");
  command_->add_flag("--sim", options_.sim, "against a simulator of this process's own");
  command_->add_option("--seed", options_.seed, "of that simulator");
  command_->add_option("--time-scale", options_.time_scale, "its seconds per second")
      ->check(CLI::Range(0.001, 1e6))
      ->capture_default_str();
}

std::optional<ExitCode> ReplCommand::dispatch(Invocation& invocation,
                                              const std::vector<manual::CommandHelp>& commands) {
  if (command_ == nullptr || !command_->parsed()) return std::nullopt;
  return repl_command(invocation, options_, commands);
}

}  // namespace neap::app
