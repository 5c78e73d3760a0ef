// Where the golden tests read their vectors: tests/golden, or the directory NEAP_GOLDEN_DIR names,
// so that other vectors of the same shape can be run.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace neap::test {

inline std::filesystem::path golden_path(const std::string& name) {
  const char* chosen = std::getenv("NEAP_GOLDEN_DIR");
  const bool is_set = chosen != nullptr && *chosen != '\0';
  return std::filesystem::path(is_set ? chosen : NEAP_GOLDEN_DEFAULT) / name;
}

// The whole text of tests/golden/NAME; throws when it cannot be read.
inline std::string read_golden(const std::string& name) {
  const std::filesystem::path path = golden_path(name);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace neap::test
