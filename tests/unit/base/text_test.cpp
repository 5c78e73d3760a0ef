// What the text helpers promise: names close to a slip, safe printing, strict UTF-8.
#include "base/text.h"

#include <catch2/catch.hpp>

using namespace neap;

TEST_CASE("nearest finds what a typing slip turned into the word") {
  const std::vector<std::string> names = {"failover", "failback", "reprotect", "drill"};
  CHECK(nearest("failovr", names) == std::vector<std::string>{"failover"});
  CHECK(nearest("dirll", names) == std::vector<std::string>{"drill"});
  CHECK(nearest("fail", names) == std::vector<std::string>{"failback", "failover"});
  CHECK(nearest("inventory", names).empty());
  CHECK(did_you_mean("drlil", names) == " (did you mean drill?)");
}

TEST_CASE("printable defuses escape sequences and keeps other languages") {
  CHECK(printable("group \x1b[31mred\n") == "group \\x1b[31mred\\x0a");
  CHECK(printable("保护组") == "保护组");
  CHECK(printable("bad \xff byte") == "bad \\xff byte");
  CHECK(printable("a\xe2\x80\xae"
                  "b") == "a\\xe2\\x80\\xaeb");
}

TEST_CASE("UTF-8 is checked as RFC 3629 says") {
  CHECK(valid_utf8("plain, é, 保护, 😀"));
  CHECK_FALSE(valid_utf8("\xc0\x80"));
  CHECK_FALSE(valid_utf8("\xed\xa0\x80"));
  CHECK_FALSE(valid_utf8("\xf4\x90\x80\x80"));
  CHECK_FALSE(valid_utf8("\xe4\xbf"));
}

TEST_CASE("split keeps empty parts, trim takes blanks off both ends") {
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split("", ',').size() == 1);
  CHECK(trim("  x \n") == "x");
  CHECK(trim(" \t") == "");
}

TEST_CASE("widths are the terminal's in every locale") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("\xc3\xa9") == 1);   // é
  CHECK(display_width("e\xcc\x81") == 1);  // e and a combining accent
  CHECK(display_width("保护组") == 6);
  CHECK(display_width("ｗｉｄｅ") == 8);
  CHECK(display_width("한글") == 4);
  CHECK(display_width("😀") == 2);
  CHECK(display_width("…─✓") == 3);
  CHECK(display_width("a\xff"
                      "b") == 3);
}
