// Statements that are kept, and those that must not be.
#include "repl/history_file.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "support/temporary_directory.h"

using namespace neap;
using namespace neap::repl;
using neap::test::TemporaryDirectory;
using Kept = HistoryFile::Kept;

namespace {

const UtcTime kNow{std::chrono::milliseconds{1'764'475'200'123}};

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> texts_of(HistoryFile& history) {
  std::vector<std::string> texts;
  const auto all = history.load();
  for (const Remembered& each : all.value()) texts.push_back(each.text);
  return texts;
}

}  // namespace

TEST_CASE("statements come back with the time at which they were typed") {
  const TemporaryDirectory directory;
  HistoryFile history(directory.path() + "/state/history", {});
  CHECK(history.load()->empty());
  CHECK(*history.add("x = 1", kNow) == Kept::kYes);
  CHECK(*history.add("for i = 1, 3 do\n  print(\"中\\n\")\nend", kNow) == Kept::kYes);
  HistoryFile later(directory.path() + "/state/history", {});
  const auto all = *later.load();
  REQUIRE(all.size() == 2);
  CHECK(all[0].text == "x = 1");
  CHECK(all[0].at == kNow);
  CHECK(all[1].text == "for i = 1, 3 do\n  print(\"中\\n\")\nend");
}

TEST_CASE("only its owner can read the history") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/history";
  HistoryFile history(path, {});
  REQUIRE(history.add("x = 1", kNow));
  CHECK(std::filesystem::status(path).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("what seems to hold a secret is never written") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/history";
  HistoryFile history(path, {Secret("canary-of-the-environment"), Secret("abc")});
  const char* secret[] = {"s = { admin_pass = \"canary\" }",
                          "http.get { url = u, headers = { Authorization = \"Bearer canary\" } }",
                          "token = 'canary'",
                          "PASSWORD = 'canary'",
                          "ecs.servers:create { adminPass = 'canary' }",
                          "as.configurations:create { user_data = 'canary' }",
                          "x = 'canary-of-the-environment'",
                          "db_secret = 'canary'"};
  for (const char* text : secret) {
    INFO(text);
    CHECK(*history.add(text, kNow) == Kept::kSecret);
  }
  CHECK(*history.add(" x = 'canary'", kNow) == Kept::kUnwanted);
  CHECK(*history.add("x = 'abc'", kNow) == Kept::kYes);  // too short to be told from words
  CHECK(text_of(path).find("canary") == std::string::npos);
  CHECK(texts_of(history) == std::vector<std::string>{"x = 'abc'"});
}

TEST_CASE("lines that cannot be read are passed over") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/history";
  std::ofstream(path) << "nonsense\n{\"at\":\"2026-11-30T01:02:03.000Z\",\"text\":\"good\"}\n"
                      << "{\"text\":\"no time\"}\n{\"at\":\"2026-11-30T01:02:03.000Z\",\"te";
  HistoryFile history(path, {});
  CHECK(texts_of(history) == std::vector<std::string>{"good"});
}

TEST_CASE("a history that cannot be read says so and what follows") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/history";
  std::filesystem::create_directory(path);
  HistoryFile history(path, {});
  const auto loaded = history.load();
  REQUIRE_FALSE(loaded);
  CHECK_THAT(loaded.error().message, Catch::Contains("the history cannot be read: " + path));
  CHECK_THAT(loaded.error().hint, Catch::Contains("are not kept"));
  CHECK_FALSE(history.add("x = 1", kNow));
}

TEST_CASE("a long history keeps its later half") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/history";
  {
    std::ofstream file(path);
    for (int i = 0; i < 10'001; ++i) {
      file << "{\"at\":\"2026-11-30T01:02:03.000Z\",\"text\":\"x = " << i << "\"}\n";
    }
  }
  HistoryFile history(path, {});
  const auto all = *history.load();
  REQUIRE(all.size() == 5'000);
  CHECK(all.back().text == "x = 10000");
  CHECK(texts_of(history).size() == 5'000);
  CHECK(std::filesystem::status(path).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}
