// Man pages from the same descriptions as help.
#pragma once

#include <string>
#include <vector>

#include "manual/command_line.h"

namespace neap::manual {

struct ManPage {
  std::string name;  // "neap-runs-show.1"
  std::string text;  // in the language of man(7)
};

// One page for neap and one for every command.
std::vector<ManPage> man_pages(const CommandShape& neap, const std::string& version);

}  // namespace neap::manual
