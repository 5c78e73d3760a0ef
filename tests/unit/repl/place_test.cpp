// What the prompt says on terminals of any width.
#include "repl/place.h"

#include <catch2/catch.hpp>

#include "base/text.h"

using namespace neap;
using namespace neap::repl;
using namespace std::chrono_literals;

namespace {

const Place kReal{"prod", "cn-north-4", "5147d0000000400080000000000000a1", false};
const Place kSimulated{"", "cn-north-4", "5147d0000000400080000000000000a1", true};

}  // namespace

TEST_CASE("the prompt says where calls go and whether they may change anything") {
  CHECK(prompt_of(kReal, std::nullopt, 100, false) == "prod cn-north-4 5147d000 REAL read-only> ");
  CHECK(prompt_of(kReal, 14min + 1s, 100, false) == "prod cn-north-4 5147d000 REAL ARMED 15m> ");
  CHECK(prompt_of(kSimulated, std::nullopt, 100, false) ==
        "cn-north-4 5147d000 simulator read-only> ");
}

TEST_CASE("on a narrow terminal the prompt keeps what matters most") {
  CHECK(prompt_of(kReal, std::nullopt, 70, false) == "prod cn-north-4 REAL read-only> ");
  CHECK(prompt_of(kReal, std::nullopt, 42, false) == "prod REAL read-only> ");
  CHECK(prompt_of(kReal, std::nullopt, 20, false) == "REAL ro> ");
  CHECK(prompt_of(kReal, 3min, 20, false) == "REAL ARMED> ");
  CHECK(prompt_of(kSimulated, std::nullopt, 20, false) == "sim ro> ");
}

TEST_CASE("the real cloud, armed, is red") {
  CHECK_THAT(prompt_of(kReal, 3min, 100, true), Catch::Contains("\x1b[31mREAL ARMED 3m\x1b[0m"));
  CHECK_THAT(prompt_of(kSimulated, 3min, 100, true), Catch::Contains("\x1b[32m"));
}

TEST_CASE("a profile's name cannot reach the terminal as more than text") {
  const Place hostile{"a\x1b[2Jb", "", "", false};
  CHECK(prompt_of(hostile, std::nullopt, 100, false).find('\x1b') == std::string::npos);
}

TEST_CASE("lines that go on stand under the first") {
  const std::string prompt = prompt_of(kReal, std::nullopt, 100, true);
  CHECK(display_width(continued(prompt)) ==
        display_width(prompt_of(kReal, std::nullopt, 100, false)));
}
