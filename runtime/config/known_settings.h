// Every setting there is: where it may be said, what holds when nobody says it, and what it is.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "config/toml_file.h"

namespace neap::config {

struct KnownSetting {
  FileKey file;           // its key in files
  std::string_view flag;  // without the dashes; empty: no option of the command line says it
  // Variables of the environment, the first that is set counts: neap's own, the SDKs', Terraform's.
  std::array<const char*, 3> variables = {};
  std::string_view fallback;   // what holds when nobody says it
  std::string_view otherwise;  // the same in words, where no text of its own stands for it
  std::string_view about;
  // Not empty: the flag takes no value, and it, or the variable whatever its value, says this.
  std::string_view meant = {};
};

std::span<const KnownSetting> known_settings();

}  // namespace neap::config
