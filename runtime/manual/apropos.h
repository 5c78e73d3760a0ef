// Everything that has to do with a word: names and summaries are searched, of all there is.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "manual/help.h"
#include "manual/surface.h"

namespace neap::manual {

struct Hit {
  std::string kind;  // function, operation, parameter, error code, command, runbook, …
  std::string name;  // what `neap help` takes
  std::string summary;
};

// What names or tells of every one of the words, in any case; what is named so comes first.
std::vector<Hit> search(std::string_view words, std::span<const CommandHelp> commands,
                        const Surface& surface);

}  // namespace neap::manual
