// Keys and pasted text, however their bytes come.
#include "repl/key_reader.h"

#include <catch2/catch.hpp>

using neap::repl::KeyReader;

namespace {

std::u32string all(KeyReader& keys, bool patient = true) {
  std::u32string out;
  while (const auto key = keys.next(patient)) out += *key;
  return out;
}

}  // namespace

TEST_CASE("bytes become characters however they are cut") {
  const std::string text = "aé中😀\r";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    KeyReader keys;
    keys.feed(text.substr(0, cut));
    std::u32string out = all(keys);
    keys.feed(text.substr(cut));
    out += all(keys);
    INFO(cut);
    CHECK(out == U"aé中😀\r");
  }
}

TEST_CASE("a key that is no UTF-8 is one replacement character") {
  KeyReader keys;
  keys.feed("a\xff\xc3(b");
  CHECK(all(keys) == U"a\uFFFD\uFFFDb");
}

TEST_CASE("the marks of a paste are taken out, and tabs in it are blanks") {
  const std::string text = "x\x1b[200~a\tb\rc\x1b[201~\ty";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    KeyReader keys;
    keys.feed(text.substr(0, cut));
    std::u32string out = all(keys);
    keys.feed(text.substr(cut));
    out += all(keys);
    INFO(cut);
    CHECK(out == U"xa b\nc\ty");
    CHECK_FALSE(keys.pasting());
  }
}

TEST_CASE("a lone escape is a key once nobody is patient any more") {
  KeyReader keys;
  keys.feed("\x1b");
  CHECK_FALSE(keys.next(true));
  CHECK(keys.holds_back());
  CHECK(keys.next(false) == U'\x1b');
}

TEST_CASE("keys of the terminal pass through at once") {
  KeyReader keys;
  keys.feed("\x1b[A");
  CHECK(all(keys) == U"\x1b[A");
}

TEST_CASE("a paste goes on until its end is seen") {
  KeyReader keys;
  keys.feed("\x1b[200~a\r");
  CHECK(all(keys) == U"a\n");
  CHECK(keys.pasting());
  CHECK_FALSE(keys.paste_ends());
  keys.feed("\x1b[201~");
  CHECK(keys.paste_ends());
  CHECK_FALSE(keys.pasting());
  CHECK_FALSE(keys.holds_back());
}
