// The real file system: what reading a file of it says.
#include "config/surroundings.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace neap;
using namespace neap::config;

namespace {

// A directory that is gone when the test is over.
struct TemporaryDirectory {
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "neap-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("a file is read whole, with whether others can read it") {
  const TemporaryDirectory directory;
  const std::string path = directory.path / "credentials";
  std::ofstream(path) << std::string(10'000, 'x');
  chmod(path.c_str(), 0600);
  const auto read_file = process_surroundings().read_file;
  auto file = read_file(path);
  REQUIRE((file && *file));
  CHECK((*file)->text.size() == 10'000);
  CHECK_FALSE((*file)->others_can_read);
  chmod(path.c_str(), 0640);
  CHECK((*read_file(path))->others_can_read);
}

TEST_CASE("no file is nothing; a directory, a pipe or a huge file is an error") {
  const TemporaryDirectory directory;
  const auto read_file = process_surroundings().read_file;
  CHECK_FALSE(read_file(directory.path / "none")->has_value());
  CHECK_FALSE(read_file(directory.path));
  const std::string pipe = directory.path / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(read_file(pipe).error().message.find("not a regular file") != std::string::npos);
  const std::string huge = directory.path / "huge";
  std::ofstream(huge) << std::string((1u << 20) + 1, 'x');
  CHECK(read_file(huge).error().message.find("larger than 1 MiB") != std::string::npos);
}
