// Help on settings, from the table that they are read by.
#pragma once

#include <string>

#include "config/known_settings.h"
#include "json/value.h"

namespace neap::manual {

// "limits.cpu_per_run", "endpoints.SERVICE".
std::string setting_name(const config::KnownSetting& setting);
// What holds when nobody says anything.
std::string default_of(const config::KnownSetting& setting);

// By its key or its flag, "state_dir", "state-dir" or "--state-dir"; "endpoints.sdrs" is one of the
// endpoints.
// nullptr: there is none of that name.
const config::KnownSetting* find_setting(const std::string& name);

std::string setting_text(const config::KnownSetting& setting, std::size_t width);
json::Object setting_json(const config::KnownSetting& setting);

// All of them.
std::string settings_text(std::size_t width);
json::Array settings_json();

}  // namespace neap::manual
