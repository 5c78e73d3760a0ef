// neap help: prints what is known about a topic.
#include <algorithm>

#include <fmt/format.h>

#include "app/cli.h"
#include "base/text.h"
#include "json/writer.h"
#include "manual/help.h"
#include "show/terminal.h"

namespace neap::app {
namespace {

// Columns: longer lines are hard to read, in shorter ones the indented entries do not fit.
constexpr std::size_t kWidest = 100;
constexpr std::size_t kNarrowest = 60;

}  // namespace

ExitCode help_command(const Invocation& invocation, const HelpOptions& options) {
  const std::size_t width = std::clamp<std::size_t>(show::terminal_width(), kNarrowest, kWidest);
  const std::string words = join(options.words, " ");
  const Result<manual::Help> help = options.apropos
                                        ? manual::apropos(words, options.commands, width)
                                        : manual::find_help(words, options.commands, width);
  if (!help) return give_up(help.error());
  const config::Output output = invocation.settings.output.value;
  if (output == config::Output::kJson || output == config::Output::kJsonl) {
    fmt::print("{}\n", json::write(json::Value(help->document)));
  } else {
    fmt::print("{}", help->text);
  }
  return ExitCode::kDone;
}

}  // namespace neap::app
