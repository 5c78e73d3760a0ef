#include "lua/match.h"

#include <cstring>
#include <string>

namespace neap::lua {
namespace {

constexpr int kMaxDepth = 200;  // as in LuaJIT
constexpr char kEscape = '%';
constexpr std::size_t kBytesPerStep = 16;  // scanned sets and compared texts are cheap per byte

constexpr bool is_between(unsigned char c, char low, char high) {
  return c >= static_cast<unsigned char>(low) && c <= static_cast<unsigned char>(high);
}
constexpr bool is_digit(unsigned char c) {
  return is_between(c, '0', '9');
}
constexpr bool is_lower(unsigned char c) {
  return is_between(c, 'a', 'z');
}
constexpr bool is_upper(unsigned char c) {
  return is_between(c, 'A', 'Z');
}
constexpr bool is_alpha(unsigned char c) {
  return is_lower(c) || is_upper(c);
}
constexpr bool is_graph(unsigned char c) {
  return is_between(c, '!', '~');
}

// Whether `c` is in the class that a lower-case letter names; locales play no part.
// `known` turns false when the letter names none and so stands for itself.
constexpr bool is_a(unsigned char c, char name, bool& known) {
  switch (name) {
    case 'a':
      return is_alpha(c);
    case 'c':
      return c < ' ' || c == 127;
    case 'd':
      return is_digit(c);
    case 'g':
      return is_graph(c);
    case 'l':
      return is_lower(c);
    case 'p':
      return is_graph(c) && !is_alpha(c) && !is_digit(c);
    case 's':
      return c == ' ' || is_between(c, '\t', '\r');
    case 'u':
      return is_upper(c);
    case 'w':
      return is_alpha(c) || is_digit(c);
    case 'x':
      return is_digit(c) || is_between(c, 'a', 'f') || is_between(c, 'A', 'F');
    case 'z':
      return c == 0;
    default:
      known = false;
      return false;
  }
}

// `name` is what follows the '%': a lower-case class, its upper-case opposite, or a plain
// character.
bool in_class(unsigned char c, char name) {
  const bool opposite = is_upper(static_cast<unsigned char>(name));
  bool known = true;
  const bool inside = is_a(c, static_cast<char>(opposite ? name | 0x20 : name), known);
  if (!known) return c == static_cast<unsigned char>(name);
  return inside != opposite;
}

constexpr bool is_special(char name) {
  return name == 'b' || name == 'f' || is_digit(static_cast<unsigned char>(name));
}

}  // namespace

Matcher::Matcher(std::string_view subject, std::string_view pattern, std::uint64_t steps)
    : subject_(subject),
      subject_end_(subject.data() + subject.size()),
      pattern_(pattern.data()),
      pattern_end_(pattern.data() + pattern.size()),
      budget_(steps),
      steps_left_(steps) {}

void Matcher::spend(std::size_t steps) {
  if (steps > steps_left_) {
    throw PatternError("pattern too complex: gave up after " + std::to_string(budget_) + " steps");
  }
  steps_left_ -= steps;
}

const char* Matcher::match_at(const char* start) {
  level_ = 0;
  depth_ = 0;
  return match(start, pattern_);
}

const Capture& Matcher::capture(int index) const {
  if (index < 0 || index >= level_) throw PatternError("invalid capture index");
  const Capture& found = captures_[static_cast<std::size_t>(index)];
  if (found.length == Capture::kUnfinished) throw PatternError("unfinished capture");
  return found;
}

// Matches the pattern from `p` on at `s`. Items that cannot fail later loop; the others recurse.
const char* Matcher::match(const char* s, const char* p) {
  if (++depth_ > kMaxDepth) throw PatternError("pattern too complex");
  struct Leave {
    int& depth;
    ~Leave() { --depth; }
  } leave{depth_};
  while (p != pattern_end_) {
    spend(1);
    const char following = p + 1 == pattern_end_ ? '\0' : p[1];
    if (*p == '(') {
      return following == ')' ? open_capture(s, p + 2, Capture::kPosition)
                              : open_capture(s, p + 1, Capture::kUnfinished);
    }
    if (*p == ')') return close_capture(s, p + 1);
    if (*p == '$' && p + 1 == pattern_end_) return s == subject_end_ ? s : nullptr;
    if (*p == kEscape && is_special(following)) {
      s = match_special(s, p, following);
      if (s == nullptr) return nullptr;
      continue;
    }
    const char* next = item_end(p);
    const char suffix = next == pattern_end_ ? '\0' : *next;
    if (suffix == '*') return expand_most(s, p, next);
    if (suffix == '-') return expand_least(s, p, next);
    const bool matches = single(s, p, next);
    if (suffix == '+') return matches ? expand_most(s + 1, p, next) : nullptr;
    if (suffix == '?') {
      if (matches) {
        if (const char* end = match(s + 1, next + 1)) return end;
      }
      p = next + 1;
      continue;
    }
    if (!matches) return nullptr;
    ++s;
    p = next;
  }
  return s;
}

// %bxy, %f[set] and %1: the escapes that do not stand for exactly one character. Moves `p` past it.
const char* Matcher::match_special(const char* s, const char*& p, char name) {
  const char* const rest = p + 2;
  if (name == 'b') {
    s = match_balance(s, rest);
    p = rest + 2;
  } else if (name == 'f') {
    s = match_frontier(s, rest);
    p = item_end(rest);
  } else {
    s = match_back_reference(s, name);
    p = rest;
  }
  return s;
}

// The end of the one-character item at `p`: a character, an escape or a set.
const char* Matcher::item_end(const char* p) {
  const char first = *p++;
  if (first == kEscape) {
    if (p == pattern_end_) throw PatternError("malformed pattern (ends with '%')");
    return p + 1;
  }
  if (first != '[') return p;
  const char* const begin = p;
  if (p != pattern_end_ && *p == '^') ++p;
  do {  // a ']' in the first place stands for itself
    if (p == pattern_end_) throw PatternError("malformed pattern (missing ']')");
    if (*p++ == kEscape && p != pattern_end_) ++p;
  } while (p == pattern_end_ || *p != ']');
  spend(static_cast<std::size_t>(p - begin) / kBytesPerStep);
  return p + 1;
}

bool Matcher::single(const char* s, const char* p, const char* next) {
  if (s == subject_end_) return false;
  // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a Lua string is never null
  const auto c = static_cast<unsigned char>(*s);
  switch (*p) {
    case '.':
      return true;
    case kEscape:
      return in_class(c, p[1]);
    case '[':
      return in_set(c, p, next - 1);
    default:
      return *p == *s;
  }
}

bool Matcher::in_set(unsigned char c, const char* p, const char* closing) {
  spend(static_cast<std::size_t>(closing - p) / kBytesPerStep);
  const bool negated = p[1] == '^';
  if (negated) ++p;
  while (++p < closing) {
    if (*p == kEscape) {
      if (in_class(c, *++p)) return !negated;
    } else if (p[1] == '-' && p + 2 < closing) {
      if (is_between(c, p[0], p[2])) return !negated;
      p += 2;
    } else if (static_cast<unsigned char>(*p) == c) {
      return !negated;
    }
  }
  return negated;
}

const char* Matcher::expand_most(const char* s, const char* p, const char* next) {
  std::ptrdiff_t count = 0;
  while (single(s + count, p, next)) {
    spend(1);
    ++count;
  }
  for (; count >= 0; --count) {
    if (const char* end = match(s + count, next + 1)) return end;
    spend(1);
  }
  return nullptr;
}

const char* Matcher::expand_least(const char* s, const char* p, const char* next) {
  for (;; ++s) {
    if (const char* end = match(s, next + 1)) return end;
    spend(1);
    if (!single(s, p, next)) return nullptr;
  }
}

const char* Matcher::open_capture(const char* s, const char* p, std::ptrdiff_t kind) {
  if (level_ == kMaxCaptures) throw PatternError("too many captures");
  captures_[static_cast<std::size_t>(level_++)] = {s, kind};
  const char* end = match(s, p);
  if (end == nullptr) --level_;
  return end;
}

const char* Matcher::close_capture(const char* s, const char* p) {
  Capture& open = captures_[static_cast<std::size_t>(capture_to_close())];
  open.length = s - open.begin;
  const char* end = match(s, p);
  if (end == nullptr) open.length = Capture::kUnfinished;
  return end;
}

int Matcher::capture_to_close() const {
  for (int i = level_ - 1; i >= 0; --i) {
    if (captures_[static_cast<std::size_t>(i)].length == Capture::kUnfinished) return i;
  }
  throw PatternError("invalid pattern capture");
}

// %bxy; `p` is at x.
const char* Matcher::match_balance(const char* s, const char* p) {
  if (pattern_end_ - p < 2) throw PatternError("unbalanced pattern");
  if (s == subject_end_ || *s != p[0]) return nullptr;
  int open = 1;
  while (++s != subject_end_) {
    spend(1);
    if (*s == p[1]) {
      if (--open == 0) return s + 1;
    } else if (*s == p[0]) {
      ++open;
    }
  }
  return nullptr;
}

// %f[set]; `p` is at the set. Both ends of the subject count as a NUL.
const char* Matcher::match_frontier(const char* s, const char* p) {
  if (p == pattern_end_ || *p != '[') throw PatternError("missing '[' after '%f' in pattern");
  const char* const closing = item_end(p) - 1;
  const auto before = static_cast<unsigned char>(s == subject_.data() ? '\0' : s[-1]);
  const auto after = static_cast<unsigned char>(s == subject_end_ ? '\0' : *s);
  return !in_set(before, p, closing) && in_set(after, p, closing) ? s : nullptr;
}

const char* Matcher::match_back_reference(const char* s, char digit) {
  const int index = digit - '1';
  if (index < 0 || index >= level_ ||
      captures_[static_cast<std::size_t>(index)].length == Capture::kUnfinished) {
    throw PatternError("invalid capture index");
  }
  const Capture& earlier = captures_[static_cast<std::size_t>(index)];
  if (earlier.length == Capture::kPosition || subject_end_ - s < earlier.length) return nullptr;
  const auto length = static_cast<std::size_t>(earlier.length);
  spend(length / kBytesPerStep);
  return std::memcmp(earlier.begin, s, length) == 0 ? s + length : nullptr;
}

}  // namespace neap::lua
