// Lua 5.1 patterns, matched with a bounded number of steps: the C original can take for ever.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace neap::lua {

// A malformed pattern, or one that takes more work than a call may do.
class PatternError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline constexpr std::uint64_t kPatternSteps = 10'000'000;  // 25 to 40 ms
inline constexpr int kMaxCaptures = 32;

struct Capture {
  static constexpr std::ptrdiff_t kUnfinished = -1;
  static constexpr std::ptrdiff_t kPosition = -2;  // "()": its value is a place, not a text

  const char* begin = nullptr;
  std::ptrdiff_t length = kUnfinished;
};

// Matches one pattern against one subject, both of which must outlive it. One matcher serves one
// call from Lua: all its attempts draw on the same budget of steps.
//
// A NUL in a pattern is an ordinary character, as in Lua 5.2; LuaJIT ends the pattern there.
class Matcher {
 public:
  Matcher(std::string_view subject, std::string_view pattern, std::uint64_t steps = kPatternSteps);

  // Charges work that is done for a match outside it, such as building a replacement.
  void spend(std::size_t steps);

  // Matches exactly at `start`, which lies in the subject or at its end. Returns the end of the
  // match, or nullptr. Throws PatternError.
  const char* match_at(const char* start);

  // The captures of the last match, at most kMaxCaptures.
  int captures() const { return level_; }
  // Throws PatternError when there is no such capture or it was never closed.
  const Capture& capture(int index) const;

 private:
  const char* match(const char* s, const char* p);
  const char* open_capture(const char* s, const char* p, std::ptrdiff_t kind);
  const char* close_capture(const char* s, const char* p);
  const char* match_special(const char* s, const char*& p, char name);
  const char* match_balance(const char* s, const char* p);
  const char* match_frontier(const char* s, const char* p);
  const char* match_back_reference(const char* s, char digit);
  const char* expand_most(const char* s, const char* p, const char* next);
  const char* expand_least(const char* s, const char* p, const char* next);
  bool single(const char* s, const char* p, const char* next);
  bool in_set(unsigned char c, const char* p, const char* closing);
  const char* item_end(const char* p);
  int capture_to_close() const;

  const std::string_view subject_;
  const char* const subject_end_;
  const char* const pattern_;
  const char* const pattern_end_;
  const std::uint64_t budget_;
  std::uint64_t steps_left_;
  int depth_ = 0;
  int level_ = 0;
  std::array<Capture, kMaxCaptures> captures_;
};

}  // namespace neap::lua
