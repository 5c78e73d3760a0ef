// What neap knows about a topic: a command, a runbook, what scripts can call, a service, an
// operation, an error code or kind, a setting.
#pragma once

#include <span>
#include <string>

#include "base/error.h"
#include "json/value.h"

namespace neap::manual {

struct CommandHelp {
  std::string name;  // "runs show"
  std::string summary;
  std::string text;  // what --help prints
};

struct Help {
  std::string text;       // for people, lines of at most `width` columns where words allow it
  json::Object document;  // the same; "kind" tells what it is about
};

// `topic` is empty for the list of topics. Codes and services are found in any case; operations
// with or without their service, by the catalogue's name or the SDK's; what scripts see by its
// path, "sdrs.groups.failover" or "sdrs.groups:failover()". Kind usage, with what may have been
// meant, when there is no such topic or several.
Result<Help> find_help(const std::string& topic, std::span<const CommandHelp> commands,
                       std::size_t width);

// All that has to do with the words; kind not_found when there is nothing.
Result<Help> apropos(const std::string& words, std::span<const CommandHelp> commands,
                     std::size_t width);

// The same with a surface that is there already.
class Surface;
Result<Help> find_help(const std::string& topic, std::span<const CommandHelp> commands,
                       const Surface& surface, std::size_t width);
Result<Help> apropos(const std::string& words, std::span<const CommandHelp> commands,
                     const Surface& surface, std::size_t width);

}  // namespace neap::manual
