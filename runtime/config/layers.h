// The settings as texts, gathered from every place they can stand in and not yet understood.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/settings.h"

namespace neap::config {

struct RawSetting {
  std::vector<std::string> texts;
  Origin origin;
  bool from_flag = false;
};

class Layers {
 public:
  // Reads the files and picks the profile. Kind config or usage.
  static Result<Layers> gather(const Flags& flags, const Surroundings& surroundings);

  // What the highest place says; every setting but endpoints has at least its default.
  RawSetting get(std::string_view key) const;
  // What all places say, highest first, with their origins joined: for grants.
  RawSetting get_all(std::string_view key) const;
  // Services with an address of their own.
  std::vector<std::string> services() const;
  const RawSetting& profile() const { return profile_; }

 private:
  using Layer = std::map<std::string, RawSetting, std::less<>>;
  std::vector<Layer> layers_;  // the highest first
  RawSetting profile_;
};

}  // namespace neap::config
