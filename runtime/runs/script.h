// A script as the command line names it: bundled, a file, standard input or text on the line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace neap::runs {

struct Script {
  std::string name;  // "failover", "-e", "-"
  std::string source;
  std::string chunk;      // what errors call it: "@failover.lua"
  std::string folder;     // where `require` finds its own files; empty: nowhere
  bool typed = false;     // typed by the operator (`-e`, standard input): it needs no header
  bool handlers = false;  // registers handlers of lifecycle hooks (`neap serve`); has no header
};

// The names of the bundled runbooks; not those of bundled handlers, which find_script knows too.
std::vector<std::string> bundled_runbooks();

// A bundled name, "-" for standard input, or a path (with a slash or ending in .lua). Kind usage,
// with the nearest bundled names, when there is none.
Result<Script> find_script(const std::string& runbook);
Script typed_script(std::string source);

}  // namespace neap::runs
