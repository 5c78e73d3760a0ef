// The settings of a run, each with the place it comes from.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/time.h"
#include "config/surroundings.h"

namespace neap::config {

// "flag --region", "environment HW_REGION_NAME", "./.neap.toml:3", "default".
struct Origin {
  std::string text;
};

template <class T>
struct Setting {
  T value{};
  Origin origin;
};

enum class Output { kHuman, kJson, kJsonl, kTable };
enum class Color { kAuto, kAlways, kNever };

struct Settings {
  Setting<std::string> profile;   // empty: none chosen
  Setting<std::string> endpoint;  // one address for every service; empty: each has its own
  Setting<std::string> region;    // empty: not known
  Setting<std::string> project;   // id; empty: to be looked up
  Setting<std::string> cloud;     // domain of the public endpoints
  Setting<std::string> state_dir;
  Setting<LogLevel> log_level;
  Setting<LogFormat> log_format;
  Setting<Output> output;
  Setting<Color> color;
  Setting<Duration> cpu_per_resume;
  Setting<Duration> cpu_per_run;
  Setting<std::uint64_t> memory_per_run;    // bytes
  Setting<std::vector<std::string>> allow;  // capability grants, "net:hooks.example.com"
  std::map<std::string, Setting<std::string>> endpoints;  // by service ("sdrs")
  Environment environment;  // for the SDKs' per-service endpoint variables

  // Scheme, host and port: `endpoint`, else the SDKs' variable for service and region, else
  // `endpoints`, else the public pattern. Kind config when the region is needed and not known, kind
  // argument when that is no name of a service.
  Result<Setting<std::string>> endpoint_for(std::string_view service) const;
};

// What the command line said, by setting ("region", "limits.cpu_per_run"); only `allow` may have
// several texts.
using Flags = std::map<std::string, std::vector<std::string>>;

// Flag > environment > project file ./.neap.toml > user file > /etc/neap/config.toml > default. The
// chosen profile's tables [profile.NAME] come before the top level of every file, so that choosing
// a profile is never undone by the directory one stands in. Grants (`allow`) add up, and are not
// taken from the project file: it may come with the script that wants them. Kind usage for a bad
// flag, config for all else; the message names the place.
Result<Settings> load_settings(const Flags& flags, const Surroundings& surroundings);

// For `neap config`: every setting as text, in a fixed order.
struct SettingRow {
  std::string key;
  std::string value;
  std::string origin;
};
std::vector<SettingRow> rows(const Settings& settings);

// "64MiB", "512k", "1GiB" or a bare number of bytes; units count by 1024.
Result<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace neap::config
