// A made-up environment and file system for settings and credentials.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "config/surroundings.h"

namespace neap::test {

// What it holds may change between two look-ups.
struct Place {
  std::map<std::string, std::string> variables = {{"HOME", "/home/op"}};
  std::map<std::string, config::File> files;
  std::map<std::string, std::string> unreadable;  // path to reason

  // Reads this place, which must outlive it.
  config::Surroundings surroundings() {
    return {[this](const std::string& name) -> std::optional<std::string> {
              const auto found = variables.find(name);
              if (found == variables.end()) return std::nullopt;
              return found->second;
            },
            [this](const std::string& path) -> Result<std::optional<config::File>> {
              if (const auto bad = unreadable.find(path); bad != unreadable.end()) {
                return fail(ErrorKind::kConfig, "cannot read " + path + ": " + bad->second);
              }
              const auto found = files.find(path);
              if (found == files.end()) return std::nullopt;
              return found->second;
            }};
  }
};

}  // namespace neap::test
