#include "config/toml_file.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/text.h"

namespace neap::config {
namespace {

constexpr std::array<std::string_view, 12> kSecretNames = {
    "ak",       "sk",     "access_key", "access_key_id", "secret_key",     "secret_access_key",
    "password", "secret", "token",      "auth_token",    "security_token", "secret_id",
};

bool looks_secret(std::string_view name) {
  std::string plain = to_lower(name);
  std::replace(plain.begin(), plain.end(), '-', '_');
  return std::find(kSecretNames.begin(), kSecretNames.end(), plain) != kSecretNames.end();
}

// Walks one document. The first error stops it.
class Walk {
 public:
  Walk(const std::string& shown, std::span<const FileKey> keys) : shown_(shown), keys_(keys) {}

  Result<SettingsFile> file(const toml::table& root) {
    SettingsFile file;
    for (const auto& [key, node] : root) {
      if (key.str() == "profile") {
        profiles(node, file);
      } else {
        member("", key, node, file.top);
      }
      if (error_) return tl::unexpected(std::move(*error_));
    }
    return file;
  }

 private:
  std::string where(const toml::source_region& region) const {
    return fmt::format("{}:{}", shown_, region.begin.line);
  }

  void refuse(const toml::source_region& at, std::string_view rule, std::string hint = {}) {
    if (error_) return;
    error_ = Error{ErrorKind::kConfig, fmt::format("{}: {}", where(at), rule), std::move(hint)};
  }

  void profiles(const toml::node& node, SettingsFile& file) {
    const toml::table* names = node.as_table();
    if (names == nullptr) {
      return refuse(node.source(), "profile must be tables, [profile.NAME]",
                    "choose one with default_profile = \"NAME\"");
    }
    for (const auto& [name, members] : *names) {
      const toml::table* table = members.as_table();
      if (table == nullptr) {
        return refuse(members.source(), fmt::format("profile.{} must be a table, [profile.{}]",
                                                    name.str(), name.str()));
      }
      Entries& entries = file.profiles[std::string(name.str())];
      for (const auto& [key, value] : *table) member("", key, value, entries);
    }
  }

  void member(const std::string& prefix, const toml::key& key, const toml::node& node,
              Entries& entries) {
    const std::string name = prefix + std::string(key.str());
    if (looks_secret(key.str())) {
      return refuse(key.source(), fmt::format("{} looks like a secret", printable(name)),
                    "secrets do not belong here: put them into ~/.huaweicloud/credentials or the "
                    "environment");
    }
    const bool is_group =
        prefix.empty() && std::any_of(keys_.begin(), keys_.end(), [&](const FileKey& k) {
          return k.name.starts_with(name + ".");
        });
    if (is_group && node.is_table()) {
      for (const auto& [inner, value] : *node.as_table()) member(name + ".", inner, value, entries);
      return;
    }
    const FileKey* known = find(name, prefix);
    if (known == nullptr) {
      return refuse(key.source(), is_group ? fmt::format("{} must be a table, [{}]", name, name)
                                           : fmt::format("unknown key {}{}", printable(name),
                                                         did_you_mean(name, names())));
    }
    if (std::optional<std::vector<std::string>> texts = read(node, known->shape, name)) {
      entries[name] = Entry{std::move(*texts), where(key.source())};
    }
  }

  const FileKey* find(std::string_view name, std::string_view prefix) const {
    const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const FileKey& key) {
      const bool any = !prefix.empty() && key.name.ends_with(".*");
      return key.name == name || (any && key.name.substr(0, key.name.size() - 1) == prefix);
    });
    return found != keys_.end() ? &*found : nullptr;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names = {"profile"};
    for (const FileKey& key : keys_) names.emplace_back(key.name);
    return names;
  }

  std::optional<std::vector<std::string>> read(const toml::node& node, Shape shape,
                                               const std::string& name) {
    if (shape == Shape::kList) return read_list(node, name);
    if (const auto* text = node.as_string()) return std::vector<std::string>{text->get()};
    if (shape == Shape::kAmount) {
      if (const auto* whole = node.as_integer())
        return std::vector{fmt::format("{}", whole->get())};
      if (const auto* part = node.as_floating_point())
        return std::vector{fmt::format("{}", part->get())};
      refuse(node.source(), fmt::format("{} must be a number or text like \"10s\"", name));
    } else {
      refuse(node.source(), fmt::format("{} must be text in quotes", name));
    }
    return std::nullopt;
  }

  std::optional<std::vector<std::string>> read_list(const toml::node& node,
                                                    const std::string& name) {
    std::vector<std::string> texts;
    const toml::array* items = node.as_array();
    if (items != nullptr) {
      for (const toml::node& item : *items) {
        if (const auto* text = item.as_string()) texts.push_back(text->get());
      }
    }
    if (items != nullptr && texts.size() == items->size()) return texts;
    refuse(node.source(), fmt::format("{} must be a list of texts, [\"…\", \"…\"]", name));
    return std::nullopt;
  }

  const std::string& shown_;
  std::span<const FileKey> keys_;
  std::optional<Error> error_;
};

}  // namespace

Result<SettingsFile> parse_settings_file(std::string_view text, const std::string& shown,
                                         std::span<const FileKey> keys) {
  try {
    return Walk(shown, keys).file(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::kConfig, fmt::format("{}:{}: {}", shown, error.source().begin.line,
                                                printable(error.description())));
  }
}

}  // namespace neap::config
