// Credentials from the SDKs' profile file, an INI file.
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "sign/local_sources.h"

namespace neap::sign {
namespace {

constexpr const char* kPathVariable = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

struct Section {
  std::string name;
  std::map<std::string, std::string, std::less<>> values;

  std::string value(std::string_view key) const {
    const auto found = values.find(key);
    return found != values.end() ? found->second : std::string();
  }
};

// Errors give the line's number and never its text, which may be a secret.
Result<std::vector<Section>> parse_ini(std::string_view text, const std::string& path) {
  std::vector<Section> sections;
  std::size_t number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[' && line.back() == ']') {
      sections.push_back({std::string(trim(line.substr(1, line.size() - 2))), {}});
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || sections.empty()) {
      return fail(
          ErrorKind::kAuth,
          fmt::format("{}:{}: expected [section] or, below one, key = value", path, number));
    }
    sections.back().values[to_lower(trim(line.substr(0, equals)))] = trim(line.substr(equals + 1));
  }
  return sections;
}

const Section* choose(const std::vector<Section>& sections) {
  for (const std::string_view prefix : {"basic", "global"}) {
    for (const Section& section : sections) {
      if (to_lower(section.name).starts_with(prefix)) return &section;
    }
  }
  return nullptr;
}

Result<Finding> read_section(const Section& section, const std::string& path) {
  Credentials credentials;
  credentials.access_key = section.value("ak");
  credentials.secret_key = Secret(section.value("sk"));
  const bool has_key = !credentials.access_key.empty();
  const std::string name = printable(section.name);
  if (!has_key && credentials.secret_key.empty()) {
    const bool federated = !section.value("idp_id").empty();
    return Finding{
        {},
        fmt::format("profile file {}: section {} {}", path, name,
                    federated ? "uses idp_id, which is not supported" : "has no ak and sk"),
        {}};
  }
  if (has_key == credentials.secret_key.empty()) {
    return fail(
        ErrorKind::kAuth,
        fmt::format("profile file {}: section {} has no {}", path, name, has_key ? "sk" : "ak"),
        "an access key is a pair: give both ak and sk");
  }
  credentials.security_token = Secret(section.value("security_token"));
  credentials.project_id = section.value("project_id");
  credentials.domain_id = section.value("domain_id");
  credentials.source = fmt::format("profile {} in {}", name, path);
  return Finding{std::move(credentials), {}, {}};
}

}  // namespace

Result<Finding> look_in_profile_file(const config::Surroundings& surroundings) {
  const std::optional<std::string> chosen = surroundings.variable(kPathVariable);
  const std::string home = surroundings.home();
  if (!chosen && home.empty()) return Finding{{}, "profile file: HOME is not set", {}};
  const std::string path = chosen.value_or(home + "/.huaweicloud/credentials");
  const std::string shown = chosen ? printable(*chosen) : "~/.huaweicloud/credentials";

  const Result<std::optional<config::File>> file = surroundings.read_file(path);
  if (!file || !*file) {
    const std::string why = file ? shown + " is not there" : file.error().message;
    if (!chosen) return Finding{{}, "profile file: " + why, {}};
    return fail(ErrorKind::kAuth,
                fmt::format("{} names a credentials file: {}", kPathVariable, why),
                fmt::format("correct {} or unset it", kPathVariable));
  }
  const Result<std::vector<Section>> sections = parse_ini((*file)->text, shown);
  if (!sections) return tl::unexpected(sections.error());
  const Section* section = choose(*sections);
  if (section == nullptr) {
    return Finding{{}, fmt::format("profile file {}: no section basic or global", shown), {}};
  }
  Result<Finding> finding = read_section(*section, shown);
  if (finding && finding->credentials && (*file)->others_can_read) {
    finding->warning =
        fmt::format("{} can be read by other users; chmod 600 keeps it private", shown);
  }
  return finding;
}

}  // namespace neap::sign
