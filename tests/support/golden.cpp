#include "support/golden.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace neap::test {

std::filesystem::path golden_directory() {
  return NEAP_GOLDEN_DEFAULT;
}

std::filesystem::path golden_path(const std::string& name) {
  const char* chosen = std::getenv("NEAP_GOLDEN_DIR");
  const bool is_set = chosen != nullptr && *chosen != '\0';
  return (is_set ? std::filesystem::path(chosen) : golden_directory()) / name;
}

std::string read_golden(const std::string& name) {
  const std::filesystem::path path = golden_path(name);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace neap::test
