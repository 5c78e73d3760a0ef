// The text forms of kinds, steps and statuses.
#include "journal/entry.h"

#include <catch2/catch.hpp>

using namespace neap;
using namespace neap::journal;

TEST_CASE("every kind of entry has a name of its own that is read back") {
  for (int i = 0; i <= static_cast<int>(Kind::kEnded); ++i) {
    const auto kind = static_cast<Kind>(i);
    CHECK_FALSE(to_text(kind).empty());
    CHECK(parse_kind(to_text(kind)) == kind);
  }
  CHECK_FALSE(parse_kind("sentt").has_value());
}

TEST_CASE("a step is written as task#sequence, with its generation when it was done over") {
  CHECK(to_text(Step{"0.2", 14, 0}) == "0.2#14");
  CHECK(to_text(Step{"0", 3, 2}) == "0#3~2");
  CHECK(parse_step("0.2#14").value() == Step{"0.2", 14, 0});
  CHECK(parse_step("0#3~2").value() == Step{"0", 3, 2});
  for (const char* wrong : {"", "0", "#3", "0#", "0#x", "0#3~", "a#3", "0#-1", "0#99999999999"}) {
    CHECK_FALSE(parse_step(wrong).has_value());
  }
}
