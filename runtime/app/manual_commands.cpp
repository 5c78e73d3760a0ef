#include "app/manual_commands.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "config/known_settings.h"
#include "manual/command_line.h"
#include "manual/man_pages.h"
#include "manual/runbooks.h"
#include "manual/setting_help.h"
#include "manual/shell_completion.h"
#include "manual/surface.h"
#include "manual/types.h"

namespace neap::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSettingsFile = ".luarc.json";

// The values of options that take one of a few words.
std::vector<std::string> choices_of(const std::string& option) {
  if (option == "--output") return {"human", "json", "jsonl", "table"};
  if (option == "--log-level") return {"trace", "debug", "info", "warn", "error", "off"};
  if (option == "--log-format") return {"text", "json"};
  if (option == "SHELL") return {"bash", "zsh", "fish"};
  return {};
}

manual::OptionShape shape_of(const CLI::Option& option) {
  manual::OptionShape shape;
  for (const std::string& name : option.get_snames()) shape.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) shape.names.push_back("--" + name);
  if (shape.names.empty()) shape.names.push_back(option.get_name(true));
  shape.help = option.get_description();
  shape.takes_value = option.get_items_expected_max() > 0;
  shape.choices = choices_of(shape.names.back());
  return shape;
}

manual::CommandShape shape_of(const CLI::App& app, const std::string& parent) {
  manual::CommandShape shape;
  if (app.get_parent() != nullptr) {
    shape.name = parent + (parent.empty() ? "" : " ") + app.get_name();
  }
  shape.summary = app.get_description();
  for (const CLI::Option* option : app.get_options()) shape.options.push_back(shape_of(*option));
  for (const CLI::App* each : app.get_subcommands({})) {
    shape.within.push_back(shape_of(*each, shape.name));
  }
  return shape;
}

Result<void> write_file(const fs::path& path, const std::string& text) {
  std::error_code failed;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), failed);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    return fail(ErrorKind::kUsage, fmt::format("cannot write {}", printable(path.string())),
                "give a folder that may be written to");
  }
  return {};
}

// A file that somebody may have changed stays as it is.
Result<void> write_settings(const std::string& folder) {
  const std::string text = manual::language_server_settings(folder);
  std::error_code ignored;
  if (fs::exists(kSettingsFile, ignored)) {
    fmt::print("{} is there already; it needs \"workspace.library\": [\"{}\"]\n", kSettingsFile,
               printable(folder));
    return {};
  }
  if (Result<void> written = write_file(kSettingsFile, text); !written) return written;
  fmt::print("wrote {}\n", kSettingsFile);
  return {};
}

ExitCode types_command(const std::string& folder) {
  const Result<manual::Surface> surface = manual::Surface::load();
  if (!surface) return give_up(surface.error());
  const std::vector<manual::TypeFile> files = manual::type_files(*surface);
  for (const manual::TypeFile& file : files) {
    const Result<void> written = write_file(fs::path(folder) / file.name, file.text);
    if (!written) return give_up(written.error());
  }
  fmt::print("wrote {} definition files to {}\n", files.size(), printable(folder));
  const Result<void> settings = write_settings(folder);
  return settings ? ExitCode::kDone : give_up(settings.error());
}

// Operations and error codes are left out: there are a thousand of them.
std::vector<std::string> topics_of(const CLI::App& app, const manual::Surface& surface,
                                   std::span<const manual::Runbook> runbooks) {
  std::vector<std::string> topics;
  std::set<std::string> seen;
  const auto add = [&](const std::string& topic) {
    if (seen.insert(topic).second) topics.push_back(topic);
  };
  for (const CLI::App* each : app.get_subcommands({})) add(each->get_name());
  for (const manual::Runbook& runbook : runbooks) add(runbook.name);
  for (const manual::Member& member : surface.all()) add(member.path);
  add("settings");
  for (const config::KnownSetting& each : config::known_settings()) add(manual::setting_name(each));
  return topics;
}

ExitCode completion_command(const CLI::App& app, const std::string& shell) {
  const Result<std::vector<manual::Runbook>> runbooks = manual::bundled_runbooks();
  if (!runbooks) return give_up(runbooks.error());
  const Result<manual::Surface> surface = manual::Surface::load();
  if (!surface) return give_up(surface.error());
  const Result<std::string> script = manual::completion_script(shell, shape_of(app, ""), *runbooks,
                                                               topics_of(app, *surface, *runbooks));
  if (!script) return give_up(script.error());
  fmt::print("{}", *script);
  return ExitCode::kDone;
}

ExitCode man_command(const CLI::App& app, const std::string& folder) {
  const std::vector<manual::ManPage> pages = manual::man_pages(shape_of(app, ""), kVersion);
  for (const manual::ManPage& page : pages) {
    const Result<void> written = write_file(fs::path(folder) / page.name, page.text);
    if (!written) return give_up(written.error());
  }
  fmt::print("wrote {} pages to {}\n", pages.size(), printable(folder));
  return ExitCode::kDone;
}

}  // namespace

void ManualCommands::define(CLI::App& app) {
  types_ = app.add_subcommand("types", "Write definition files for the Lua language server");
  types_->add_option("--out", folder_, "folder to write them to")->capture_default_str();
  completion_ = app.add_subcommand("completion", "Print a completion script for a shell");
  completion_->add_option("SHELL", shell_, "bash, zsh or fish")->required();
  man_ = app.add_subcommand("man", "Write man pages");
  man_->add_option("FOLDER", man_folder_, "such as ~/.local/share/man/man1")->required();
}

std::optional<ExitCode> ManualCommands::dispatch(const CLI::App& app) const {
  if (types_->parsed()) return types_command(folder_);
  if (completion_->parsed()) return completion_command(app, shell_);
  if (man_->parsed()) return man_command(app, man_folder_);
  return std::nullopt;
}

}  // namespace neap::app
