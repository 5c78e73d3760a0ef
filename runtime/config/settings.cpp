#include "config/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "config/endpoints.h"
#include "config/layers.h"

namespace neap::config {
namespace {

constexpr std::array<std::string_view, 4> kOutputs = {"human", "json", "jsonl", "table"};
constexpr std::array<std::string_view, 3> kColors = {"auto", "always", "never"};
constexpr std::array<std::string_view, 6> kLogLevels = {"trace", "debug", "info",
                                                        "warn",  "error", "off"};
constexpr std::array<std::string_view, 2> kLogFormats = {"text", "json"};

template <class Enum, std::size_t N>
Result<Enum> parse_choice(std::string_view text, const std::array<std::string_view, N>& names) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<Enum>(found - names.begin());
  const std::vector<std::string> all(names.begin(), names.end());
  return fail(ErrorKind::kConfig, fmt::format("\"{}\" is not known", printable(text)),
              "use one of " + join(all, ", "));
}

// Letters, digits and the characters of `others`: these texts become parts of addresses and paths.
Result<std::string> parse_word(std::string_view text, std::string_view others) {
  const bool plain = std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  return fail(ErrorKind::kConfig,
              fmt::format("\"{}\" may only hold letters, digits and {}", printable(text), others));
}

Result<std::string> parse_anything(std::string_view text) {
  return std::string(text);
}

Result<std::string> parse_optional_endpoint(std::string_view text) {
  return text.empty() ? Result<std::string>("") : parse_endpoint(text);
}

Result<Duration> parse_limit(std::string_view text) {
  Result<Duration> limit = parse_duration(text);
  if (limit && *limit <= Duration::zero()) {
    return fail(ErrorKind::kConfig, "must be more than nothing");
  }
  return limit;
}

Result<std::uint64_t> parse_memory(std::string_view text) {
  constexpr std::uint64_t kLeast = 1u << 20;
  Result<std::uint64_t> bytes = parse_bytes(text);
  if (bytes && *bytes < kLeast) return fail(ErrorKind::kConfig, "must be at least 1MiB");
  return bytes;
}

// A parser's complaint, with the place and the setting it is about.
Error located(Error error, const RawSetting& raw, std::string_view key) {
  error.kind = raw.from_flag ? ErrorKind::kUsage : ErrorKind::kConfig;
  // A flag names its setting itself.
  error.message = raw.from_flag ? fmt::format("{}: {}", raw.origin.text, error.message)
                                : fmt::format("{}: {}: {}", raw.origin.text, key, error.message);
  return error;
}

// Reads settings one after another; the first error is kept and the rest skipped.
class Reader {
 public:
  explicit Reader(const Layers& layers) : layers_(layers) {}

  template <class T, class Parse>
  void read(Setting<T>& setting, std::string_view key, Parse parse) {
    if (error_) return;
    const RawSetting raw = layers_.get(key);
    Result<T> value = parse(std::string_view(raw.texts.back()));
    if (!value) {
      error_ = located(std::move(value.error()), raw, key);
      return;
    }
    setting = Setting<T>{std::move(*value), raw.origin};
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  const Layers& layers_;
  std::optional<Error> error_;
};

bool is_service(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

Result<Settings> load_settings(const Flags& flags, const Surroundings& surroundings) {
  Result<Layers> layers = Layers::gather(flags, surroundings);
  if (!layers) return tl::unexpected(std::move(layers.error()));

  Settings settings;
  settings.environment = surroundings.environment;
  settings.profile = {layers->profile().texts.back(), layers->profile().origin};
  const RawSetting grants = layers->get_all("allow");
  settings.allow = {grants.texts, grants.origin};

  const auto place = [](std::string_view text) { return parse_word(text, "-_"); };
  const auto domain = [](std::string_view text) { return parse_word(text, "-."); };
  Reader reader(*layers);
  reader.read(settings.endpoint, "endpoint", parse_optional_endpoint);
  reader.read(settings.region, "region", place);
  reader.read(settings.project, "project", place);
  reader.read(settings.cloud, "cloud", domain);
  reader.read(settings.state_dir, "state_dir", parse_anything);
  reader.read(settings.log_level, "log_level",
              [](std::string_view text) { return parse_choice<LogLevel>(text, kLogLevels); });
  reader.read(settings.log_format, "log_format",
              [](std::string_view text) { return parse_choice<LogFormat>(text, kLogFormats); });
  reader.read(settings.output, "output",
              [](std::string_view text) { return parse_choice<Output>(text, kOutputs); });
  reader.read(settings.color, "color",
              [](std::string_view text) { return parse_choice<Color>(text, kColors); });
  reader.read(settings.cpu_per_resume, "limits.cpu_per_resume", parse_limit);
  reader.read(settings.cpu_per_run, "limits.cpu_per_run", parse_limit);
  reader.read(settings.memory_per_run, "limits.memory_per_run", parse_memory);
  for (const std::string& service : layers->services()) {
    reader.read(settings.endpoints[service], "endpoints." + service, parse_endpoint);
  }
  if (reader.error()) return tl::unexpected(*reader.error());
  return settings;
}

Result<Setting<std::string>> Settings::endpoint_for(std::string_view service) const {
  const std::string key = service_key(service);
  if (!is_service(key)) {
    return fail(ErrorKind::kArgument,
                fmt::format("\"{}\" is not the name of a service", printable(service)),
                "a service is a word such as sdrs, as or vpc");
  }
  if (!endpoint.value.empty()) return endpoint;
  if (environment && !region.value.empty()) {
    const std::string name = endpoint_variable(key, region.value);
    const std::string text = environment(name).value_or("");
    if (!text.empty()) {
      const RawSetting raw{{text}, {"environment " + name}, false};
      Result<std::string> address = parse_endpoint(text);
      if (!address) return tl::unexpected(located(std::move(address.error()), raw, "endpoint"));
      return Setting<std::string>{std::move(*address), raw.origin};
    }
  }
  if (const auto found = endpoints.find(key); found != endpoints.end()) return found->second;
  std::string address = public_endpoint(key, region.value, cloud.value);
  if (address.empty()) {
    return fail(ErrorKind::kConfig, fmt::format("the region is not set, so {} has no address", key),
                "set --region, NEAP_REGION or region in ~/.config/neap/config.toml");
  }
  return Setting<std::string>{std::move(address), {"region from " + region.origin.text}};
}

std::vector<SettingRow> rows(const Settings& s) {
  const auto name = [](const auto& names, auto value) {
    return std::string(names.at(static_cast<std::size_t>(value)));
  };
  std::vector<SettingRow> rows = {
      {"profile", s.profile.value, s.profile.origin.text},
      {"endpoint", s.endpoint.value, s.endpoint.origin.text},
      {"region", s.region.value, s.region.origin.text},
      {"project", s.project.value, s.project.origin.text},
      {"cloud", s.cloud.value, s.cloud.origin.text},
      {"state_dir", s.state_dir.value, s.state_dir.origin.text},
      {"log_level", name(kLogLevels, s.log_level.value), s.log_level.origin.text},
      {"log_format", name(kLogFormats, s.log_format.value), s.log_format.origin.text},
      {"output", name(kOutputs, s.output.value), s.output.origin.text},
      {"color", name(kColors, s.color.value), s.color.origin.text},
      {"limits.cpu_per_resume", format_duration(s.cpu_per_resume.value),
       s.cpu_per_resume.origin.text},
      {"limits.cpu_per_run", format_duration(s.cpu_per_run.value), s.cpu_per_run.origin.text},
      {"limits.memory_per_run", std::to_string(s.memory_per_run.value),
       s.memory_per_run.origin.text},
      {"allow", join(s.allow.value, ", "), s.allow.origin.text},
  };
  for (const auto& [service, setting] : s.endpoints) {
    rows.push_back({"endpoints." + service, setting.value, setting.origin.text});
  }
  return rows;
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
  std::uint64_t number = 0;
  const std::string_view given = trim(text);
  const auto [stop, error] = std::from_chars(given.data(), given.data() + given.size(), number);
  const std::string unit =
      to_lower(trim(given.substr(static_cast<std::size_t>(stop - given.data()))));
  constexpr std::string_view kPrefixes = "kmgt";
  unsigned shift = 0;
  bool known = unit.empty() || unit == "b";
  if (!known) {
    const std::size_t prefix = kPrefixes.find(unit.front());
    const std::string_view rest = std::string_view(unit).substr(1);
    known = prefix != std::string_view::npos && (rest.empty() || rest == "b" || rest == "ib");
    shift = static_cast<unsigned>(prefix + 1) * 10;
  }
  if (error != std::errc{} || !known || (number << shift) >> shift != number) {
    return fail(ErrorKind::kConfig, fmt::format("\"{}\" is not a size", printable(text)),
                "write it like 64MiB");
  }
  return number << shift;
}

}  // namespace neap::config
