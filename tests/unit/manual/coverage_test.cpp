// Every row of the bindings that a script can reach has help, a type, a line on the reference page
// and a test.
#include <cstdio>
#include <filesystem>
#include <map>

#include <catch2/catch.hpp>

#include "host.h"
#include "manual/help.h"
#include "manual/surface.h"
#include "manual/types.h"
#include "reference_page.h"
#include "support/reference_file.h"

using namespace neap;
using namespace neap::manual;

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = test::root_directory();

// Rows that no call of a script leads to by itself, each with the reason.
const std::map<std::string, std::string> kInner = {
    {"host.catalog.tables", "the simulator reads it, and help"},
    {"host.hold.deadline", "event.deadline is its result"},
    {"host.json.null", "json.null is its result"},
    {"host.timer.format", "messages of what took too long word times by it"},
    {"host.kinds.describe", "read while modules are loaded"},
    {"host.manual.lines", "the manual reads it"},
    {"host.manual.methods", "likewise"},
    {"host.manual.modules", "likewise"},
    {"host.manual.place", "likewise"},
    {"host.manual.rows", "likewise"},
    {"host.run.print", "print calls it, a global of Lua's own name"},
    {"host.text.printable", "the simulator calls it"},
    {"host.text.width", "for whoever shows text"},
};

// All tests in one text.
std::string all_tests() {
  std::string text;
  for (const char* folder : {"tests/lua", "tests/unit", "tests/runbooks"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string extension = entry.path().extension().string();
      const bool manual = entry.path().string().find("unit/manual") != std::string::npos;
      if (!manual && (extension == ".lua" || extension == ".cpp"))
        text += test::read_whole(entry.path());
    }
  }
  return text;
}

bool is_tested(const std::string& tests, const Member& member) {
  for (const char* mark : {":", "."}) {
    for (const char* end : {"(", " {", "{", ",", ")", "\""}) {
      if (tests.find(mark + member.name + end) != std::string::npos) return true;
    }
  }
  return false;
}

Surface load() {
  Result<Surface> surface = Surface::load();
  REQUIRE(surface);
  return *std::move(surface);
}

}  // namespace

TEST_CASE("every row of the bindings is reached by what scripts call, or is an inner one") {
  const Surface surface = load();
  const std::string tests = all_tests();
  const std::string page = test::reference_page(surface);
  std::string types;
  for (const TypeFile& file : type_files(surface)) types += file.text;
  std::map<std::string, std::vector<const Member*>> reached;
  for (const Member& member : surface.all()) {
    for (const std::string& row : member.rows) reached[row].push_back(&member);
  }
  std::size_t rows = 0;
  std::size_t inner = 0;
  for (const lua::Module* module : all_modules()) {
    for (const lua::Entry& entry : module->entries) {
      const std::string name = std::string(module->name) + "." + entry.name;
      INFO(name);
      ++rows;
      if (kInner.contains(name)) {
        ++inner;
        CHECK_FALSE(reached.contains(name));  // then it is no inner one
        continue;
      }
      REQUIRE(reached.contains(name));
      bool tested = false;
      for (const Member* member : reached[name]) {
        INFO(member->path);
        const Result<Help> help = find_help(member->path, {}, surface, 80);
        REQUIRE(help);
        CHECK_FALSE(member->summary.empty());
        CHECK(help->text.find(member->signature.substr(0, member->signature.find(' '))) !=
              std::string::npos);
        const char mark = member->kind == "method" ? ':' : '.';
        CHECK(types.find(mark + member->name + "(") != std::string::npos);
        CHECK(page.find(test::reference_line(*member)) != std::string::npos);
        tested = tested || is_tested(tests, *member);
      }
      CHECK(tested);
    }
  }
  std::printf("rows: %zu; reached, with help, type, reference and test: %zu; inner: %zu\n", rows,
              rows - inner, inner);
}

TEST_CASE("every function that a script calls is named by a test") {
  const Surface surface = load();
  const std::string tests = all_tests();
  std::size_t count = 0;
  std::vector<std::string> untested;
  for (const Member& member : surface.all()) {
    if (member.signature.empty()) continue;
    ++count;
    if (!is_tested(tests, member)) untested.push_back(member.path);
  }
  std::printf("functions: %zu, named by a test: %zu\n", count, count - untested.size());
  for (const std::string& path : untested) {
    INFO(path);
    // What bundled runbooks share is tested through them.
    CHECK(path.starts_with("recovery."));
  }
}

TEST_CASE("the reference page of what scripts call is what the library makes") {
  test::check_reference("lua.md", test::reference_page(load()));
}
