// Files that a session is told to run, and what it says of those that it cannot read.
#include "repl/text_file.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "support/temporary_directory.h"

using namespace neap;
using namespace neap::test;

TEST_CASE("a file is read whole, and an empty one is no error") {
  const TemporaryDirectory directory;
  std::ofstream(directory / "one.lua") << "x = 1\n-- \xC3\xA9\n";
  std::ofstream(directory / "empty.lua").flush();
  CHECK(repl::text_of_file(directory / "one.lua").value() == "x = 1\n-- \xC3\xA9\n");
  CHECK(repl::text_of_file(directory / "empty.lua").value().empty());
}

TEST_CASE("a file that cannot be read is named, with the reason") {
  const TemporaryDirectory directory;
  const auto reason = [](const std::string& path) {
    const Result<std::string> text = repl::text_of_file(path);
    REQUIRE_FALSE(text);
    CHECK(text.error().kind == ErrorKind::kUsage);
    CHECK_THAT(text.error().message, Catch::StartsWith("cannot read " + path + ": "));
    return text.error().message;
  };
  CHECK_THAT(reason(directory / "none.lua"), Catch::EndsWith("No such file or directory"));
  CHECK_THAT(reason(directory.path()), Catch::EndsWith("Is a directory"));
}
