// The pages of docs/reference, which the source makes: NEAP_WRITE_REFERENCE=1 writes them
// (./dev docs), otherwise the committed ones must be the same.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "support/golden.h"

namespace neap::test {

// The checkout that the tests were built from.
inline std::filesystem::path root_directory() {
  return golden_directory().parent_path().parent_path();
}

// The whole text; empty when there is none.
inline std::string read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Holds the committed page against what it should be. No cell of a table may be empty.
inline void check_reference(const std::string& name, const std::string& text) {
  const std::filesystem::path path = root_directory() / "docs/reference" / name;
  CHECK(text.find("|  |") == text.npos);
  if (std::getenv("NEAP_WRITE_REFERENCE") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  INFO("docs/reference/" << name << " is not what ./dev docs makes of the source");
  CHECK((read_whole(path) == text));
}

}  // namespace neap::test
