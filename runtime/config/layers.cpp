#include "config/layers.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "config/endpoints.h"
#include "config/known_settings.h"
#include "config/toml_file.h"

namespace neap::config {
namespace {

constexpr std::string_view kProjectFile = "./.neap.toml";
constexpr std::string_view kSystemFile = "/etc/neap/config.toml";

// A directory of the XDG base directory specification; empty when there is no home either.
std::string xdg_directory(const Surroundings& surroundings, const char* variable,
                          std::string_view below_home) {
  std::string chosen = surroundings.variable(variable).value_or("");
  if (chosen.starts_with('/')) return chosen;  // the specification ignores relative ones
  const std::string home = surroundings.home();
  return home.empty() ? std::string() : fmt::format("{}/{}", home, below_home);
}

std::string default_state_dir(const Surroundings& surroundings) {
  const std::string base = xdg_directory(surroundings, "XDG_STATE_HOME", ".local/state");
  return base.empty() ? "/var/lib/neap" : base + "/neap";
}

struct NamedFile {
  std::string path;
  SettingsFile contents;
};

Result<std::vector<NamedFile>> read_files(const Surroundings& surroundings) {
  std::vector<FileKey> keys;
  for (const KnownSetting& setting : known_settings()) keys.push_back(setting.file);
  std::vector<std::string> paths = {std::string(kProjectFile)};
  const std::string user = xdg_directory(surroundings, "XDG_CONFIG_HOME", ".config");
  if (!user.empty()) paths.push_back(user + "/neap/config.toml");
  paths.emplace_back(kSystemFile);

  std::vector<NamedFile> files;
  const std::string home = surroundings.home();
  for (const std::string& path : paths) {
    const Result<std::optional<File>> file = surroundings.read_file(path);
    if (!file) return tl::unexpected(file.error());
    if (!*file) continue;
    const bool below_home = !home.empty() && path.starts_with(home + "/");
    const std::string shown = below_home ? "~" + path.substr(home.size()) : path;
    Result<SettingsFile> contents = parse_settings_file((*file)->text, printable(shown), keys);
    if (!contents) return tl::unexpected(std::move(contents.error()));
    files.push_back({path, std::move(*contents)});
  }
  return files;
}

// A project file travels with the scripts in its directory, so it grants nothing.
Result<void> check_grants(const std::vector<NamedFile>& files) {
  const auto refuse = [](const Entries& entries) -> Result<void> {
    const auto found = entries.find("allow");
    if (found == entries.end()) return {};
    return fail(ErrorKind::kConfig,
                fmt::format("{}: allow is not taken from a project file, which could come with the "
                            "script that wants it",
                            found->second.where),
                "give --allow, or put it into ~/.config/neap/config.toml");
  };
  for (const NamedFile& file : files) {
    if (file.path != kProjectFile) continue;
    if (Result<void> top = refuse(file.contents.top); !top) return top;
    for (const auto& [name, entries] : file.contents.profiles) {
      if (Result<void> profile = refuse(entries); !profile) return profile;
    }
  }
  return {};
}

RawSetting from_variable(const std::string& name, std::string text) {
  return RawSetting{{std::move(text)}, {"environment " + name}, false};
}

RawSetting choose_profile(const Flags& flags, const Surroundings& surroundings,
                          const std::vector<NamedFile>& files) {
  if (const auto flag = flags.find("default_profile"); flag != flags.end()) {
    return RawSetting{flag->second, {"flag --profile"}, true};
  }
  if (auto name = surroundings.variable("NEAP_PROFILE")) {
    return from_variable("NEAP_PROFILE", std::move(*name));
  }
  for (const NamedFile& file : files) {
    const auto found = file.contents.top.find("default_profile");
    if (found != file.contents.top.end()) {
      return RawSetting{found->second.texts, {found->second.where}, false};
    }
  }
  return RawSetting{{""}, {"default"}, false};
}

Result<void> check_profile(const RawSetting& profile, const std::vector<NamedFile>& files) {
  const std::string& name = profile.texts.front();
  if (name.empty()) return {};
  std::set<std::string> names;
  for (const NamedFile& file : files) {
    for (const auto& [known, entries] : file.contents.profiles) names.insert(known);
  }
  if (names.count(name) > 0) return {};
  const std::vector<std::string> candidates(names.begin(), names.end());
  return fail(profile.from_flag ? ErrorKind::kUsage : ErrorKind::kConfig,
              fmt::format("{}: there is no profile {}{}", profile.origin.text, printable(name),
                          did_you_mean(name, candidates)),
              candidates.empty() ? "no settings file has a table [profile.NAME]"
                                 : "profiles: " + printable(join(candidates, ", ")));
}

using RawLayer = std::map<std::string, RawSetting, std::less<>>;

Result<RawLayer> flag_layer(const Flags& flags) {
  RawLayer layer;
  for (const auto& [key, texts] : flags) {
    const auto settings = known_settings();
    const auto known =
        std::find_if(settings.begin(), settings.end(),
                     [&name = key](const KnownSetting& row) { return row.file.name == name; });
    if (known == settings.end() && !key.starts_with("endpoints.")) {
      return fail(ErrorKind::kUsage, fmt::format("there is no setting {}", printable(key)));
    }
    const bool named = known != settings.end() && !known->flag.empty();
    const std::string flag(named ? known->flag : std::string_view(key));
    layer[key] = RawSetting{texts, {"flag --" + flag}, true};
  }
  return layer;
}

RawLayer environment_layer(const Surroundings& surroundings) {
  RawLayer layer;
  const auto take = [&](const KnownSetting& setting, const char* variable) {
    if (variable == nullptr || layer.count(setting.file.name) > 0) return;
    if (auto text = surroundings.variable(variable)) {
      layer[std::string(setting.file.name)] = from_variable(
          variable, setting.meant.empty() ? std::move(*text) : std::string(setting.meant));
    }
  };
  for (const KnownSetting& setting : known_settings()) {
    for (const char* variable : setting.variables) take(setting, variable);
  }
  return layer;
}

RawLayer file_layer(const Entries& entries) {
  RawLayer layer;
  for (const auto& [key, entry] : entries) {
    // Services go by one name each, whichever a file uses.
    constexpr std::string_view kPrefix = "endpoints.";
    const std::string name = key.starts_with(kPrefix)
                                 ? std::string(kPrefix) + service_key(key.substr(kPrefix.size()))
                                 : key;
    layer[name] = RawSetting{entry.texts, {entry.where}, false};
  }
  return layer;
}

RawLayer default_layer(const Surroundings& surroundings) {
  RawLayer layer;
  for (const KnownSetting& setting : known_settings()) {
    std::vector<std::string> texts;
    if (setting.file.shape != Shape::kList) texts.emplace_back(setting.fallback);
    layer[std::string(setting.file.name)] = RawSetting{std::move(texts), {"default"}, false};
  }
  layer["state_dir"].texts = {default_state_dir(surroundings)};
  layer.erase("endpoints.*");
  return layer;
}

}  // namespace

Result<Layers> Layers::gather(const Flags& flags, const Surroundings& surroundings) {
  Result<std::vector<NamedFile>> files = read_files(surroundings);
  if (!files) return tl::unexpected(std::move(files.error()));
  if (Result<void> grants = check_grants(*files); !grants) return tl::unexpected(grants.error());
  Result<Layer> from_flags = flag_layer(flags);
  if (!from_flags) return tl::unexpected(std::move(from_flags.error()));

  Layers gathered;
  gathered.profile_ = choose_profile(flags, surroundings, *files);
  if (Result<void> known = check_profile(gathered.profile_, *files); !known) {
    return tl::unexpected(known.error());
  }
  gathered.layers_ = {std::move(*from_flags), environment_layer(surroundings)};
  for (const NamedFile& file : *files) {
    const auto chosen = file.contents.profiles.find(gathered.profile_.texts.front());
    if (chosen != file.contents.profiles.end()) {
      gathered.layers_.push_back(file_layer(chosen->second));
    }
  }
  for (const NamedFile& file : *files) gathered.layers_.push_back(file_layer(file.contents.top));
  gathered.layers_.push_back(default_layer(surroundings));
  return gathered;
}

RawSetting Layers::get(std::string_view key) const {
  for (const Layer& layer : layers_) {
    if (const auto found = layer.find(key); found != layer.end()) return found->second;
  }
  return {};
}

RawSetting Layers::get_all(std::string_view key) const {
  RawSetting all;
  std::vector<std::string> origins;
  for (const Layer& layer : layers_) {
    const auto found = layer.find(key);
    if (found == layer.end()) continue;
    const RawSetting& raw = found->second;
    all.texts.insert(all.texts.end(), raw.texts.begin(), raw.texts.end());
    if (!raw.texts.empty()) origins.push_back(raw.origin.text);
    all.from_flag = all.from_flag || raw.from_flag;
  }
  all.origin.text = origins.empty() ? "default" : join(origins, ", ");
  return all;
}

std::vector<std::string> Layers::services() const {
  constexpr std::string_view kPrefix = "endpoints.";
  std::set<std::string> names;
  for (const Layer& layer : layers_) {
    for (const auto& [key, raw] : layer) {
      if (key.starts_with(kPrefix)) names.insert(key.substr(kPrefix.size()));
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace neap::config
