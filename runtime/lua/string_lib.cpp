#include "lua/string_lib.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "lua/base_lib.h"
#include "lua/match.h"
#include "lua/nesting.h"

namespace neap::lua {
namespace {

constexpr char kEscape = '%';

std::string_view check_text(lua_State* L, int index) {
  std::size_t length = 0;
  const char* text = luaL_checklstring(L, index, &length);
  return {text, length};
}

void push_text(lua_State* L, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
}

void check_length(lua_State* L, std::size_t length) {
  if (length > kMaxText) {
    luaL_error(L, "text too long: more than %d MiB", static_cast<int>(kMaxText >> 20));
  }
}

// Runs `body`; a PatternError becomes a Lua error. Lua's own errors pass through.
template <class Body>
int guard_pattern(lua_State* L, Body body) {
  std::string message;
  try {
    return body();
  } catch (const PatternError& error) {
    message = error.what();
  }
  return luaL_error(L, "%s", message.c_str());
}

// Pushes a capture; of a pattern without captures, the first is the whole match.
void push_capture(lua_State* L, const Matcher& matcher, int index, std::string_view subject,
                  std::string_view whole) {
  if (index == 0 && matcher.captures() == 0) return push_text(L, whole);
  const Capture& found = matcher.capture(index);
  if (found.length == Capture::kPosition) {
    lua_pushinteger(L, found.begin - subject.data() + 1);
  } else {
    push_text(L, {found.begin, static_cast<std::size_t>(found.length)});
  }
}

// Pushes what a match gives to Lua and returns how many values: the captures or else the whole.
int push_captures(lua_State* L, const Matcher& matcher, std::string_view subject,
                  std::string_view whole) {
  const int count = std::max(1, matcher.captures());
  luaL_checkstack(L, count, "too many captures");
  for (int i = 0; i < count; ++i) push_capture(L, matcher, i, subject, whole);
  return count;
}

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// The optional start of a search, 1-based and negative from the end, as an offset in the subject.
std::size_t check_start(lua_State* L, int index, std::size_t length) {
  const auto size = static_cast<lua_Integer>(length);
  const lua_Integer start = luaL_optinteger(L, index, 1);
  return static_cast<std::size_t>(
      std::clamp(start < 0 ? start + size : start - 1, lua_Integer{0}, size));
}

int find_plain(lua_State* L, std::string_view subject, std::string_view text, std::size_t start) {
  const char* const from = subject.data() + start;
  // Linear in both lengths, which string_view::find is not.
  const auto* found =
      static_cast<const char*>(memmem(from, subject.size() - start, text.data(), text.size()));
  if (found == nullptr) {
    lua_pushnil(L);
    return 1;
  }
  const lua_Integer begin = found - subject.data();
  lua_pushinteger(L, begin + 1);
  lua_pushinteger(L, begin + static_cast<lua_Integer>(text.size()));
  return 2;
}

// The pattern without its '^', and whether it had one.
struct Anchored {
  explicit Anchored(std::string_view text)
      : anchored(text.starts_with('^')), pattern(text.substr(anchored ? 1 : 0)) {}
  bool anchored;
  std::string_view pattern;
};

// Shared by find, which also gives the place of the match, and match.
int search(lua_State* L, bool with_place) {
  const std::string_view subject = check_text(L, 1);
  const Anchored given(check_text(L, 2));
  const std::size_t start = check_start(L, 3, subject.size());
  Matcher matcher(subject, given.pattern);
  const char* const end = subject.data() + subject.size();
  for (const char* s = subject.data() + start; s <= end; ++s) {
    if (const char* stop = matcher.match_at(s)) {
      const std::string_view whole = between(s, stop);
      if (!with_place) return push_captures(L, matcher, subject, whole);
      lua_pushinteger(L, s - subject.data() + 1);
      lua_pushinteger(L, stop - subject.data());
      return 2 + (matcher.captures() == 0 ? 0 : push_captures(L, matcher, subject, whole));
    }
    if (given.anchored) break;
  }
  lua_pushnil(L);
  return 1;
}

int find(lua_State* L) {
  const std::string_view subject = check_text(L, 1);
  const std::string_view pattern = check_text(L, 2);
  const bool plain =
      lua_toboolean(L, 4) != 0 || pattern.find_first_of("^$*+?.([%-") == std::string_view::npos;
  if (plain) return find_plain(L, subject, pattern, check_start(L, 3, subject.size()));
  return guard_pattern(L, [L] { return search(L, true); });
}

int match(lua_State* L) {
  return guard_pattern(L, [L] { return search(L, false); });
}

// Upvalues: subject, pattern, and the offset where the next search starts.
int next_match(lua_State* L) {
  return guard_pattern(L, [L] {
    const std::string_view subject = check_text(L, lua_upvalueindex(1));
    Matcher matcher(subject, check_text(L, lua_upvalueindex(2)));
    const char* const end = subject.data() + subject.size();
    for (const char* s = subject.data() + lua_tointeger(L, lua_upvalueindex(3)); s <= end; ++s) {
      const char* stop = matcher.match_at(s);
      if (stop == nullptr) continue;
      lua_pushinteger(L, stop - subject.data() + (stop == s ? 1 : 0));
      lua_replace(L, lua_upvalueindex(3));
      return push_captures(L, matcher, subject, between(s, stop));
    }
    return 0;
  });
}

int gmatch(lua_State* L) {
  check_text(L, 1);
  check_text(L, 2);
  lua_settop(L, 2);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, next_match, 3);
  return 1;
}

// Appends the replacement text at stack index 3, with its %0 to %9 filled in.
void expand(lua_State* L, std::string& out, Matcher& matcher, std::string_view subject,
            std::string_view whole) {
  constexpr std::size_t kBytesPerStep = 16;
  const std::string_view text = check_text(L, 3);
  matcher.spend(text.size() / kBytesPerStep);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != kEscape) {
      out += text[i];
      continue;
    }
    matcher.spend(1);
    check_length(L, out.size());
    const char digit = ++i < text.size() ? text[i] : '\0';
    if (digit == '0') {
      out += whole;
    } else if (digit >= '1' && digit <= '9') {
      push_capture(L, matcher, digit - '1', subject, whole);
      out += check_text(L, -1);
      lua_pop(L, 1);
    } else {
      out += digit;
    }
  }
}

// Appends what stack index 3, a text, a table or a function, makes of one match.
void replace(lua_State* L, std::string& out, Matcher& matcher, std::string_view subject,
             std::string_view whole) {
  const int kind = lua_type(L, 3);
  if (kind == LUA_TTABLE) {
    const Nesting level(L);
    push_capture(L, matcher, 0, subject, whole);
    lua_gettable(L, 3);
  } else if (kind == LUA_TFUNCTION) {
    const Nesting level(L);
    lua_pushvalue(L, 3);
    lua_call(L, push_captures(L, matcher, subject, whole), 1);
  } else {
    return expand(L, out, matcher, subject, whole);
  }
  if (lua_toboolean(L, -1) == 0) {
    out += whole;
  } else if (lua_isstring(L, -1) != 0) {
    out += check_text(L, -1);
  } else {
    luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  }
  lua_pop(L, 1);
}

int substitute(lua_State* L, std::string_view subject, lua_Integer most) {
  const Anchored given(check_text(L, 2));
  Matcher matcher(subject, given.pattern);
  const char* s = subject.data();
  const char* const end = s + subject.size();
  std::string out;
  lua_Integer count = 0;
  while (count < most) {
    const char* stop = matcher.match_at(s);
    if (stop != nullptr) {
      ++count;
      replace(L, out, matcher, subject, between(s, stop));
      check_length(L, out.size());
    }
    if (stop != nullptr && stop > s) {
      s = stop;
    } else if (s < end) {
      out += *s++;
    } else {
      break;
    }
    if (given.anchored) break;
  }
  out.append(s, end);
  check_length(L, out.size());
  push_text(L, out);
  lua_pushinteger(L, count);
  return 2;
}

int gsub(lua_State* L) {
  const std::string_view subject = check_text(L, 1);
  check_text(L, 2);
  const int kind = lua_type(L, 3);
  luaL_argcheck(
      L, kind == LUA_TNUMBER || kind == LUA_TSTRING || kind == LUA_TTABLE || kind == LUA_TFUNCTION,
      3, "string/function/table expected");
  const lua_Integer most = luaL_optinteger(L, 4, static_cast<lua_Integer>(subject.size()) + 1);
  return guard_pattern(L, [&] { return substitute(L, subject, most); });
}

int rep(lua_State* L) {
  const std::string_view text = check_text(L, 1);
  const lua_Integer times = luaL_checkinteger(L, 2);
  const std::string_view separator = lua_isnoneornil(L, 3) ? std::string_view() : check_text(L, 3);
  if (times <= 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  const auto count = static_cast<std::size_t>(times);
  const std::size_t each = text.size() + separator.size();
  if (each > 0 && count > kMaxText / each + 1) check_length(L, kMaxText + 1);
  check_length(L, each * count - separator.size());
  std::string out;
  out.reserve(each * count);
  for (std::size_t i = 0; each > 0 && i < count; ++i) {
    if (i > 0) out += separator;
    out += text;
  }
  push_text(L, out);
  return 1;
}

// Makes %s show tables and functions as tostring does, refuses %p, which shows an address, and
// returns the most bytes that the texts among the arguments can come to.
std::size_t prepare_format(lua_State* L, std::string_view format) {
  std::size_t length = format.size();
  int argument = 1;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != kEscape) continue;
    i = format.find_first_not_of("-+ #0123456789.", i + 1);
    if (i == std::string_view::npos) break;
    if (format[i] == kEscape) continue;
    ++argument;
    if (format[i] == 'p') luaL_error(L, "invalid option '%%p' to 'format'");
    if (format[i] == 's' && lua_type(L, argument) > LUA_TNIL && lua_isstring(L, argument) == 0) {
      push_display_text(L, argument);
      lua_replace(L, argument);
    }
    constexpr std::size_t kMostPerQuotedByte = 4;
    if (lua_type(L, argument) == LUA_TSTRING)
      length += kMostPerQuotedByte * lua_objlen(L, argument);
  }
  return length;
}

// Upvalue: the original, which does the work once the arguments are harmless.
int format(lua_State* L) {
  constexpr std::size_t kQuotedSlack = 4;
  if (prepare_format(L, check_text(L, 1)) > kQuotedSlack * kMaxText) check_length(L, kMaxText + 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  if (lua_pcall(L, lua_gettop(L) - 1, 1, 0) == 0) return 1;
  // The original blames its caller, a C function without name and line.
  std::string message(check_text(L, -1));
  if (const std::size_t name = message.find("to '?'"); name != std::string::npos) {
    message.replace(name, 6, "to 'format'");
  }
  return luaL_error(L, "%s", message.c_str());
}

}  // namespace

void install_string_functions(lua_State* L) {
  constexpr luaL_Reg kFunctions[] = {{"find", find}, {"match", match}, {"gmatch", gmatch},
                                     {"gsub", gsub}, {"rep", rep},     {nullptr, nullptr}};
  luaL_register(L, nullptr, kFunctions);
  lua_getfield(L, -1, "format");
  lua_pushcclosure(L, format, 1);
  lua_setfield(L, -2, "format");
}

}  // namespace neap::lua
