// Widths of characters, held against the C library's.
#include "base/utf8.h"

#include <cstdio>
#include <cwchar>

#include <catch2/catch.hpp>
#include <locale.h>

using namespace neap;

TEST_CASE("every character that glibc gives a width takes that many columns") {
  const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (utf8 == nullptr) {
    WARN("this system has no C.UTF-8");
    return;
  }
  const locale_t before = uselocale(utf8);
  int known = 0;
  int different = 0;
  for (char32_t point = 0x20; point <= 0x10FFFF; ++point) {
    if (point >= 0x7F && point < 0xA0) continue;
    const int columns = wcwidth(static_cast<wchar_t>(point));
    if (columns < 0) continue;  // no character
    ++known;
    if (columns_of(point) == static_cast<std::size_t>(columns)) continue;
    if (++different <= 20)
      std::printf("U+%04X: glibc says %d\n", static_cast<unsigned>(point), columns);
  }
  uselocale(before);
  freelocale(utf8);
  std::printf("widths: %d characters, %d different\n", known, different);
  CHECK(known > 100'000);
  CHECK(different == 0);
}

TEST_CASE("a text is cut between characters, and marks stay with theirs") {
  CHECK(start_of("abc", 2) == "ab");
  CHECK(start_of("保护组", 3) == "保");
  CHECK(start_of("保护组", 4) == "保护");
  CHECK(start_of("e\u0301x", 1) == "e\u0301");
  CHECK(start_of("\xff\xff", 1) == "\xff");
  CHECK(start_of("abc", 0).empty());
}
