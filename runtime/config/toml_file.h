// One settings file in TOML, checked against the known keys and flattened.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace neap::config {

enum class Shape {
  kText,
  kAmount,  // text with a unit, or a bare number
  kList,    // of texts
};

// A key that a file may hold; "limits.cpu_per_run" stands in the table [limits]. The name
// "endpoints.*" stands for any key of the table [endpoints].
struct FileKey {
  std::string_view name;
  Shape shape = Shape::kText;
};

struct Entry {
  std::vector<std::string> texts;  // one, unless the key is a list
  std::string where;               // "./.neap.toml:3"
};

using Entries = std::map<std::string, Entry, std::less<>>;

struct SettingsFile {
  Entries top;
  std::map<std::string, Entries, std::less<>> profiles;  // the tables [profile.NAME]
};

// `shown` is the file's name in messages. Kind config, with file and line, for bad TOML, unknown
// keys (with the nearest known one), wrong types, and keys that look like a secret: those belong in
// the credentials file.
Result<SettingsFile> parse_settings_file(std::string_view text, const std::string& shown,
                                         std::span<const FileKey> keys);

}  // namespace neap::config
