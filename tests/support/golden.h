// Where the golden tests read their vectors: tests/golden, or the directory NEAP_GOLDEN_DIR names,
// so that other vectors of the same shape can be run.
#pragma once

#include <filesystem>
#include <string>

namespace neap::test {

// tests/golden, whatever the environment says.
std::filesystem::path golden_directory();

std::filesystem::path golden_path(const std::string& name);

// The whole text of tests/golden/NAME; throws when it cannot be read.
std::string read_golden(const std::string& name);

}  // namespace neap::test
