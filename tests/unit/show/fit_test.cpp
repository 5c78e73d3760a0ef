// Random values on terminals of many widths: nothing is wider than the terminal, every colour ends.
#include <catch2/catch.hpp>

#include "base/random.h"
#include "base/text.h"
#include "json/document.h"
#include "show/from_json.h"
#include "show/value.h"
#include "support/random_json.h"
#include "support/seed.h"

using namespace neap;
using namespace neap::show;

namespace {

// A list of things, a card, or a table of anything.
lua::Snapshot random_value(test::RandomJson& random) {
  lua::Snapshot value = snapshot_of(random.value(5));
  if (random.below(3) == 0) {
    const lua::Snapshot one = value;
    value = {};
    value.kind = lua::Snapshot::Kind::kTable;
    value.is_list = true;
    value.more_items = random.below(2) * 12;
    for (std::uint64_t i = random.below(6); i > 0; --i) {
      lua::Snapshot item;
      item.kind = lua::Snapshot::Kind::kTable;
      item.type = random.below(2) == 0 ? "" : "protection group";
      item.shape = {"server_group", "id", "name", "status"};
      for (const char* name :
           {"id", "name", "status", "created_at", "保护组", "a long name of a field"}) {
        if (random.below(4) == 0) continue;
        item.fields.push_back(
            {name, true, random.below(5) == 0 ? one : snapshot_of(random.text())});
      }
      value.items.push_back(std::move(item));
    }
  } else if (random.below(3) == 0) {
    value.type = random.text();
    value.shape = {"", random.text(), "name", "status"};
  }
  return value;
}

// What a line looks like, and whether its escape sequences are whole and end where they must.
struct Painted {
  std::string text;
  bool balanced = true;
  std::size_t escapes = 0;
};

Painted read_line(std::string_view line) {
  Painted painted;
  bool open = false;
  while (!line.empty()) {
    if (line.front() != '\x1b') {
      painted.text += line.front();
      line.remove_prefix(1);
      continue;
    }
    const std::size_t end = line.find('m');
    if (end == std::string_view::npos) return {painted.text, false, painted.escapes};
    const bool closes = line.substr(0, end + 1) == "\x1b[0m";
    painted.balanced = painted.balanced && closes == open;
    open = !closes;
    ++painted.escapes;
    line.remove_prefix(end + 1);
  }
  painted.balanced = painted.balanced && !open;
  return painted;
}

}  // namespace

TEST_CASE("no line is wider than the terminal, every colour ends on its line") {
  const std::uint64_t seed = test::seed_of_run();
  std::printf("show: seed %llu\n", static_cast<unsigned long long>(seed));
  INFO("NEAP_SEED=" << seed);
  test::RandomJson random(seed);
  std::size_t lines = 0;
  std::size_t escapes = 0;
  for (int round = 0; round < 3000; ++round) {
    const lua::Snapshot value = random_value(random);
    Look look;
    constexpr std::size_t kWidths[] = {10, 20, 40, 80, 200};
    look.width = random.below(2) == 0 ? kWidths[random.below(5)] : 10 + random.below(190);
    look.color = random.below(2) == 0;
    look.rows = random.below(3) == 0 ? random.below(5) : kNoLimit;
    look.depth = random.below(3) == 0 ? random.below(3) : kNoLimit;
    look.from = random.below(4) == 0 ? random.below(4) : 0;
    look.more = ":more";
    const std::string text = value_text(value, look);
    CAPTURE(round, look.width, look.rows, text);
    REQUIRE((!text.empty() || look.from > 0));  // a page behind the last is empty
    if (text.empty()) continue;
    REQUIRE(text.back() == '\n');
    for (const std::string_view line :
         split(std::string_view(text).substr(0, text.size() - 1), '\n')) {
      const Painted painted = read_line(line);
      ++lines;
      escapes += painted.escapes;
      REQUIRE(painted.balanced);
      REQUIRE(display_width(painted.text) <= look.width);
      REQUIRE((look.color || painted.escapes == 0));
      REQUIRE(printable(painted.text) == painted.text);
    }
  }
  std::printf("show: 3000 values, %zu lines, %zu escape sequences\n", lines, escapes);
  CHECK(escapes > 1000);
}

TEST_CASE("a list within a card is indented no further than a narrow terminal has room for") {
  lua::Snapshot value = snapshot_of(json::Document::parse(R"({"id": "1", "disks": [
    {"name": "a-long-name-of-a-disk", "size": 100}, {"name": "another-long-name", "size": 1}]})")
                                        .value()
                                        .value());
  value.type = "server";
  for (std::size_t width = 10; width < 16; ++width) {
    Look look;
    look.width = width;
    look.color = false;
    const std::string text = value_text(value, look);
    CAPTURE(text);
    CHECK(text.find("another") != std::string::npos);
    for (const std::string_view line : split(text, '\n')) CHECK(display_width(line) <= width);
  }
}
