// The Lua text that a durable run loads is kept, and what was kept is what a resumed run executes.
#include <fstream>
#include <map>

#include "replay_world.h"

using namespace neap;
using test::Life;
using test::live;

namespace {

struct Kept final : lua::Modules {
  std::map<std::string, std::string, std::less<>> pins;
  std::map<std::string, std::string, std::less<>> heard;
  int told = 0;

  std::optional<std::string> pinned(std::string_view name) override {
    const auto found = pins.find(name);
    if (found == pins.end()) return std::nullopt;
    return found->second;
  }
  void loaded(std::string_view name, std::string_view text) override {
    ++told;
    heard[std::string(name)] = text;
  }
};

struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/neap-modules-XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    path = name;
  }
  ~Folder() {
    std::remove((path + "/helper.lua").c_str());
    std::remove(path.c_str());
  }
  void write(const std::string& text) { std::ofstream(path + "/helper.lua") << text; }
};

}  // namespace

TEST_CASE("each text that a run loads is told under its name") {
  Folder folder;
  folder.write("return 'from the file'");
  Kept kept;
  test::Circumstances how;
  how.modules = &kept;
  how.folder = folder.path;
  const Life life = live("return { require 'helper', require 'helper' }", {}, how);
  CHECK(life.result == R"(["from the file","from the file"])");
  CHECK(kept.heard.at("helper") == "return 'from the file'");
  CHECK(kept.heard.at("stdlib/task").find("Structured concurrency") != std::string::npos);
  CHECK(kept.heard.contains("stdlib/globals"));
  CHECK(kept.told == static_cast<int>(kept.heard.size()));
}

TEST_CASE("a resumed run executes the text that was kept, whatever the files say now") {
  Folder folder;
  folder.write("return 'of today'");
  Kept kept;
  kept.pins["helper"] = "return 'of then, ' .. ...";
  kept.pins["stdlib/retry"] = "return { call = function() return 'an older library' end }";
  test::Circumstances how;
  how.modules = &kept;
  how.folder = folder.path;
  const std::string code = "return { require 'helper', require('retry').call() }";
  CHECK(live(code, {}, how).result == R"(["of then, helper","an older library"])");
  how.folder.clear();  // nor need there be any
  CHECK(live(code, {}, how).result == R"(["of then, helper","an older library"])");
  CHECK(kept.heard.at("helper") == kept.pins.at("helper"));
}

TEST_CASE("a kept text with an error tells its line") {
  Kept kept;
  kept.pins["helper"] = "\nreturn +";
  test::Circumstances how;
  how.modules = &kept;
  const Life life = live("return require 'helper'", {}, how);
  REQUIRE(life.error);
  CHECK(life.error->message.find("helper.lua:2:") != std::string::npos);
}
