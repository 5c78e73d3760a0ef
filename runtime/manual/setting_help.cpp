#include "manual/setting_help.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "manual/help_page.h"

namespace neap::manual {
namespace {

using config::KnownSetting;

constexpr std::size_t kIndent = 2;
constexpr std::size_t kFactColumn = 15;
constexpr std::size_t kNameColumn = 26;
constexpr std::string_view kManyEnd = ".*";

constexpr std::string_view kOrder =
    "A flag comes before the environment, then ./.neap.toml, ~/.config/neap/config.toml, "
    "/etc/neap/config.toml and the default; in a file, the tables of the chosen profile "
    "([profile.NAME]) come before what stands at its top. neap config --origin shows what is in "
    "force, and from where.";

bool is_many(const KnownSetting& setting) {
  return setting.file.name.ends_with(kManyEnd);
}

std::string flag_of(const KnownSetting& setting) {
  std::string flag = "--" + std::string(setting.flag);
  if (!setting.meant.empty()) flag += ", which says " + std::string(setting.meant);
  return flag;
}

std::vector<std::string> variables_of(const KnownSetting& setting) {
  std::vector<std::string> names;
  for (const char* variable : setting.variables) {
    if (variable != nullptr) names.emplace_back(variable);
  }
  return names;
}

// As it stands in a file: `limits.cpu_per_run` in the table [limits].
std::string line_of(const KnownSetting& setting) {
  const std::string text = setting.fallback.empty() ? "..." : std::string(setting.fallback);
  const bool is_list = setting.file.shape == config::Shape::kList;
  return fmt::format("{} = {}", setting_name(setting),
                     is_list ? "[\"" + text + "\"]" : "\"" + text + "\"");
}

}  // namespace

std::string setting_name(const KnownSetting& setting) {
  const std::string_view name = setting.file.name;
  if (!is_many(setting)) return std::string(name);
  return std::string(name.substr(0, name.size() - kManyEnd.size())) + ".SERVICE";
}

std::string default_of(const KnownSetting& setting) {
  return std::string(setting.fallback.empty() ? setting.otherwise : setting.fallback);
}

const KnownSetting* find_setting(const std::string& name) {
  const std::string_view word = std::string_view(name).substr(name.starts_with("--") ? 2 : 0);
  for (const KnownSetting& setting : config::known_settings()) {
    const std::string_view key = setting.file.name;
    if (name == key || name == setting_name(setting)) return &setting;
    if (!setting.flag.empty() && word == setting.flag) return &setting;
    if (is_many(setting) && name.starts_with(key.substr(0, key.size() - 1))) return &setting;
  }
  return nullptr;
}

std::string setting_text(const KnownSetting& setting, std::size_t width) {
  const std::string name = setting_name(setting);
  const std::vector<std::string> variables = variables_of(setting);
  HelpPage page(width);
  page.entry(0, name, setting.about, name.size() + 2);
  page.heading("Setting");
  if (!setting.flag.empty()) page.entry(kIndent, "Flag", flag_of(setting), kFactColumn);
  if (!variables.empty()) page.entry(kIndent, "Environment", join(variables, ", "), kFactColumn);
  page.entry(kIndent, "In a file", line_of(setting), kFactColumn);
  page.entry(kIndent, "Default", default_of(setting), kFactColumn);
  page.heading("Which counts");
  page.paragraph(kIndent, kOrder);
  return page.text();
}

json::Object setting_json(const KnownSetting& setting) {
  const std::vector<std::string> variables = variables_of(setting);
  json::Object row;
  row.set("name", setting_name(setting));
  row.set("summary", setting.about);
  row.set("flag",
          setting.flag.empty() ? json::Value() : json::Value("--" + std::string(setting.flag)));
  row.set("environment", json::Array(variables.begin(), variables.end()));
  row.set("default", default_of(setting));
  return row;
}

std::string settings_text(std::size_t width) {
  HelpPage page(width);
  page.paragraph(0, "Settings; neap help NAME tells of one where it may be said.");
  page.heading("Settings");
  for (const KnownSetting& setting : config::known_settings()) {
    page.entry(kIndent, setting_name(setting), setting.about, kNameColumn);
  }
  page.heading("Which counts");
  page.paragraph(kIndent, kOrder);
  return page.text();
}

json::Array settings_json() {
  json::Array rows;
  for (const KnownSetting& setting : config::known_settings()) {
    rows.emplace_back(setting_json(setting));
  }
  return rows;
}

}  // namespace neap::manual
