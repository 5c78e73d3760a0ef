#include "manual/man_pages.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "manual/setting_help.h"

namespace neap::manual {
namespace {

// Backslashes, dashes and what would be a request at the beginning of a line.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\n') {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string to_upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string page_of(const CommandShape& command) {
  std::string name = "neap" + (command.name.empty() ? "" : " " + command.name);
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string synopsis_of(const CommandShape& command) {
  std::string text = ".B neap" + (command.name.empty() ? "" : " " + command.name) + "\n";
  if (!command.within.empty()) text += ".I COMMAND\n";
  for (const OptionShape& option : command.options) {
    if (option.is_word()) text += ".RI [ " + option.names.front() + " ]\n";
  }
  return text + ".RI [ OPTION\\~... ]\n";
}

std::string options_of(const CommandShape& command) {
  std::string text;
  for (const OptionShape& option : command.options) {
    std::vector<std::string> names;
    for (const std::string& name : option.names) names.push_back("\\fB" + escaped(name) + "\\fR");
    text += ".TP\n" + join(names, ", ");
    if (option.takes_value && !option.is_word()) text += " \\fIVALUE\\fR";
    std::string help = option.help.empty() ? "no more is said of it" : option.help;
    if (!option.choices.empty()) help += " (" + join(option.choices, ", ") + ")";
    text += "\n" + escaped(help) + "\n";
  }
  return text.empty() ? "" : ".SH OPTIONS\n" + text;
}

// For the page of neap itself.
std::string settings_of_all() {
  std::string text = ".SH SETTINGS\n";
  for (const config::KnownSetting& setting : config::known_settings()) {
    text += ".TP\n\\fB" + escaped(setting_name(setting)) + "\\fR\n" + escaped(setting.about) +
            "; by default " + escaped(default_of(setting)) + "\n";
  }
  return text + ".PP\n" + escaped("neap help settings") + "\n";
}

void add(const CommandShape& command, const std::string& version, std::vector<ManPage>& pages) {
  const std::string name = page_of(command);
  std::string text =
      fmt::format(".TH \"{}\" 1 \"\" \"neap {}\" \"neap\"\n.SH NAME\n{} \\- {}\n",
                  escaped(to_upper(name)), version, escaped(name), escaped(command.summary));
  text += ".SH SYNOPSIS\n" + synopsis_of(command) + options_of(command);
  if (!command.within.empty()) text += ".SH COMMANDS\n";
  for (const CommandShape& each : command.within) {
    text += ".TP\n\\fB" + escaped("neap " + each.name) + "\\fR\n" + escaped(each.summary) + "\n";
  }
  if (command.name.empty()) text += settings_of_all();
  text += ".SH \"SEE ALSO\"\n";
  text += command.name.empty() ? ".BR neap\\-run (1)\n" : ".BR neap (1)\n";
  text += ".PP\n" + escaped("neap help " + command.name) + "\n";
  pages.push_back({name + ".1", std::move(text)});
  for (const CommandShape& each : command.within) add(each, version, pages);
}

}  // namespace

std::vector<ManPage> man_pages(const CommandShape& neap, const std::string& version) {
  std::vector<ManPage> pages;
  add(neap, version, pages);
  return pages;
}

}  // namespace neap::manual
