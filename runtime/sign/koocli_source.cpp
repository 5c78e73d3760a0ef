// Credentials from KooCLI's configuration, a JSON file.

#include <fmt/format.h>

#include "base/text.h"
#include "json/document.h"
#include "sign/local_sources.h"

namespace neap::sign {
namespace {

Finding skip(std::string_view path, std::string_view why) {
  return Finding{{}, fmt::format("KooCLI {}: {}", path, why), {}};
}

std::string member(const json::Object& object, std::string_view key) {
  const json::Value* value = object.find(key);
  const std::string* text = value != nullptr ? value->as<std::string>() : nullptr;
  return text != nullptr ? *text : std::string();
}

// KooCLI encrypts unless `--cli-auth-encrypt=false`; versions before that option did not.
bool is_encrypted(const json::Object& config) {
  const json::Value* value = config.find("authEncrypt");
  if (value == nullptr || value->is_null()) return false;
  if (const bool* flag = value->as<bool>()) return *flag;
  return !equals_ignoring_case(member(config, "authEncrypt"), "false");
}

const json::Object* find_profile(const json::Object& config, std::string_view name) {
  const json::Value* value = config.find("profiles");
  const json::Array* profiles = value != nullptr ? value->as<json::Array>() : nullptr;
  if (profiles == nullptr) return nullptr;
  for (const json::Value& item : *profiles) {
    const json::Object* profile = item.as<json::Object>();
    if (profile != nullptr && member(*profile, "name") == name) return profile;
  }
  return nullptr;
}

Result<Finding> read_profile(const json::Object& profile, std::string_view name,
                             std::string_view path) {
  const std::string mode = member(profile, "mode");
  if (!mode.empty() && !equals_ignoring_case(mode, "AKSK")) {
    return skip(path, fmt::format("profile {} is of mode {}, not AKSK", name, printable(mode)));
  }
  Credentials credentials;
  credentials.access_key = member(profile, "accessKeyId");
  credentials.secret_key = Secret(member(profile, "secretAccessKey"));
  const bool has_key = !credentials.access_key.empty();
  if (!has_key && credentials.secret_key.empty()) {
    return skip(path, fmt::format("profile {} has no access key", name));
  }
  if (has_key == credentials.secret_key.empty()) {
    return fail(ErrorKind::kAuth,
                fmt::format("KooCLI {}: profile {} has no {}", path, name,
                            has_key ? "secretAccessKey" : "accessKeyId"),
                "complete it with hcloud configure set");
  }
  credentials.security_token = Secret(member(profile, "securityToken"));
  credentials.project_id = member(profile, "projectId");
  credentials.domain_id = member(profile, "domainId");
  credentials.source = fmt::format("KooCLI profile {} in {}", name, path);
  return Finding{std::move(credentials), {}, {}};
}

}  // namespace

Result<Finding> look_in_koocli(const config::Surroundings& surroundings) {
  const std::optional<std::string> chosen = surroundings.variable("HW_SHARED_CONFIG_FILE");
  const std::string home = surroundings.home();
  if (!chosen && home.empty()) return Finding{{}, "KooCLI: HOME is not set", {}};
  const std::string path = chosen.value_or(home + "/.hcloud/config.json");
  const std::string shown = chosen ? printable(*chosen) : "~/.hcloud/config.json";

  const Result<std::optional<config::File>> file = surroundings.read_file(path);
  if (!file) return skip(shown, file.error().message);
  if (!*file) return skip(shown, "not there");
  // The parser's own message could quote the text.
  const Result<json::Document> document = json::Document::parse((*file)->text);
  if (!document) return skip(shown, "not valid JSON");
  const json::Value value = document->value();
  const json::Object* config = value.as<json::Object>();
  if (config == nullptr) return skip(shown, "not a KooCLI configuration");
  if (is_encrypted(*config)) return skip(shown, "skipped because encrypted");

  std::string name = surroundings.variable("HW_PROFILE").value_or(member(*config, "current"));
  if (name.empty()) name = "default";
  const json::Object* profile = find_profile(*config, name);
  if (profile == nullptr) return skip(shown, fmt::format("no profile {}", printable(name)));
  Result<Finding> finding = read_profile(*profile, printable(name), shown);
  if (finding && finding->credentials && (*file)->others_can_read) {
    finding->warning =
        fmt::format("{} can be read by other users; chmod 600 keeps it private", shown);
  }
  return finding;
}

}  // namespace neap::sign
