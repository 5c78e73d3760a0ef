// Where a session's calls go, as the prompt and its questions say it.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "config/settings.h"
#include "runs/world.h"
#include "show/look.h"

namespace neap::repl {

struct Place {
  std::string profile;
  std::string region;
  std::string project;  // id; empty: to be looked up
  bool simulator = false;

  // "cn-north-4, the real cloud"
  std::string words() const;
};

// What the settings say; whether a simulator answers is asked of an endpoint on this machine, which
// may lead anywhere.
Place find_place(const config::Settings& settings, runs::World& world);

// "prod cn-north-4 5147d000 REAL read-only> ", less of it where the width is small. `armed`: how
// long the session may still change things.
std::string prompt_of(const Place& place, std::optional<Duration> armed, std::size_t width,
                      bool color);
// Of the lines after the first of a statement; as wide.
std::string continued(const std::string& prompt);

}  // namespace neap::repl
