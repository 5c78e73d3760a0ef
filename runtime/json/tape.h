// How to walk simdjson's tape: 64-bit words with the type in the top byte (simdjson doc/tape.md).
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace neap::json {

// Types, as on the tape: '{' '[' '"' 'l' (int64) 'u' (uint64) 'd' (double) 't' 'f' 'n'.
struct Tape {
  const std::uint64_t* words = nullptr;  // words[0] is the root word, words[1] the first value
  const unsigned char* strings = nullptr;

  static constexpr std::size_t kFirst = 1;

  char type(std::size_t at) const { return static_cast<char>(words[at] >> 56); }

  // Of an object or array: its members or items (never more than 2^24 - 1 is reported), and the
  // place of its closing word.
  std::size_t count(std::size_t at) const { return (words[at] >> 32) & 0xFFFFFF; }
  std::size_t end(std::size_t at) const { return static_cast<std::uint32_t>(words[at]) - 1; }

  // The place behind the value (or key) that stands at `at`.
  std::size_t after(std::size_t at) const {
    switch (type(at)) {
      case '{':
      case '[':
        return end(at) + 1;
      case 'l':
      case 'u':
      case 'd':
        return at + 2;
      default:
        return at + 1;
    }
  }

  std::string_view text(std::size_t at) const {
    const unsigned char* entry = strings + (words[at] & 0x00FF'FFFF'FFFF'FFFF);
    std::uint32_t size = 0;
    std::memcpy(&size, entry, sizeof size);
    return {reinterpret_cast<const char*>(entry + sizeof size), size};
  }
  std::int64_t integer(std::size_t at) const { return static_cast<std::int64_t>(words[at + 1]); }
  std::uint64_t natural(std::size_t at) const { return words[at + 1]; }
  double real(std::size_t at) const {
    double value = 0;
    std::memcpy(&value, &words[at + 1], sizeof value);
    return value;
  }
};

// Doubles hold every integer up to here; beyond, digits would be lost.
constexpr std::int64_t kMostExact = std::int64_t{1} << 53;

}  // namespace neap::json
