#include "lua/order.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "lua/base_lib.h"
#include "lua/call.h"
#include "lua/loader.h"

namespace neap::lua {
namespace {

// What a key sorts by. Texts live as long as the table that they are keys of.
struct Key {
  enum class Kind : std::uint8_t { kPlace, kNumber, kText, kFalse, kTrue, kObject };
  Kind kind = Kind::kPlace;
  int index = 0;             // where the list of all keys holds it
  double number = 0;         // of an object, its number
  std::uint64_t prefix = 0;  // of a text: mostly it decides, at a fraction of the cost
  std::string_view text;

  bool operator<(const Key& other) const {
    if (kind != other.kind) return kind < other.kind;
    if (kind != Kind::kText) return number < other.number;
    return prefix != other.prefix ? prefix < other.prefix : text < other.text;
  }
};

std::uint64_t prefix_of(std::string_view text) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < sizeof(prefix); ++i) {
    prefix = prefix << 8U | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return prefix;
}

bool is_place(double n) {
  return n >= 1 && n == std::trunc(n);
}

Key read_key(lua_State* L, int index) {
  Key key;
  switch (lua_type(L, index)) {
    case LUA_TNUMBER:
      key.number = lua_tonumber(L, index);
      key.kind = is_place(key.number) ? Key::Kind::kPlace : Key::Kind::kNumber;
      break;
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* text = lua_tolstring(L, index, &size);
      key.kind = Key::Kind::kText;
      key.text = {text, size};
      key.prefix = prefix_of(key.text);
      break;
    }
    case LUA_TBOOLEAN:
      key.kind = lua_toboolean(L, index) != 0 ? Key::Kind::kTrue : Key::Kind::kFalse;
      break;
    default: {
      const lua_Integer number = known_number_of(L, index);
      key.kind = Key::Kind::kObject;
      key.number = number != 0 ? static_cast<double>(number) : HUGE_VAL;
    }
  }
  return key;
}

bool lacks_number(const Key& key) {
  return key.kind == Key::Kind::kObject && key.number == HUGE_VAL;
}

void require_order(int unnumbered) {
  if (unnumbered < 2) return;
  throw Failure(ErrorKind::kScript,
                fmt::format("a table with {} keys that are tables, functions or other objects has "
                            "no order that a resumed run could repeat",
                            unnumbered),
                "keep them in a list, or key them by an id");
}

// Calls `visit` for every key of the table at stack index 1, the key itself on top of the stack.
template <class Visit>
void visit_keys(lua_State* L, Visit visit) {
  lua_pushnil(L);
  while (lua_next(L, 1) != 0) {
    lua_pop(L, 1);
    visit();
  }
}

// How many keys the table at stack index 1 has, and whether they are 1 to that number.
std::pair<std::size_t, bool> count_keys(lua_State* L) {
  const auto border = static_cast<double>(lua_objlen(L, 1));
  std::size_t count = 0;
  bool places = true;
  visit_keys(L, [&] {
    ++count;
    if (!places) return;
    const double n = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : 0;
    places = is_place(n) && n <= border;
  });
  return {count, places && static_cast<double>(count) == border};
}

// The keys of a table in order, as three values: the list of them, or nil when they are 1 to their
// number; how many there are; and behind how many the traversal stands.
enum Traversal { kKeys = 1, kCount, kGiven, kTable };

// Pushes the list of the `count` keys of the table at stack index 1, in order, and returns how many
// of them are not behind `after`.
std::size_t push_keys(lua_State* L, std::size_t count, const Key* after) {
  std::vector<Key> keys;
  keys.reserve(count);
  const int size = static_cast<int>(count);
  lua_createtable(L, size, 0);
  const int unsorted = lua_gettop(L);
  int unnumbered = 0;
  visit_keys(L, [&] {
    keys.push_back(read_key(L, lua_gettop(L)));
    keys.back().index = static_cast<int>(keys.size());
    if (lacks_number(keys.back())) ++unnumbered;
    lua_pushvalue(L, -1);
    lua_rawseti(L, unsorted, keys.back().index);
  });
  require_order(unnumbered);
  std::sort(keys.begin(), keys.end());
  lua_createtable(L, size, 0);
  int place = 0;
  for (const Key& key : keys) {
    lua_rawgeti(L, unsorted, key.index);
    if (lacks_number(key)) number_of(L, lua_gettop(L));  // from now on it has one
    lua_rawseti(L, -2, ++place);
  }
  lua_replace(L, unsorted);
  if (after == nullptr) return 0;
  return static_cast<std::size_t>(std::upper_bound(keys.begin(), keys.end(), *after) -
                                  keys.begin());
}

// Pushes the traversal of the table at stack index 1 that stands behind the key `after`, or at the
// beginning.
void push_traversal(lua_State* L, const Key* after) {
  const auto [count, sequence] = count_keys(L);
  std::size_t given = 0;
  if (!sequence) {
    given = push_keys(L, count, after);
  } else {
    lua_pushnil(L);
    if (after != nullptr) {
      const auto last = static_cast<double>(count);
      const bool within = after->kind == Key::Kind::kPlace && after->number < last;
      given = within ? static_cast<std::size_t>(after->number) : count;
    }
  }
  lua_pushinteger(L, static_cast<lua_Integer>(count));
  lua_pushinteger(L, static_cast<lua_Integer>(given));
}

// The next key of the table at stack index 1 that still has a value, and the value, by the
// traversal in the upvalues.
int give_next(lua_State* L) {
  lua_settop(L, 1);
  const bool listed = lua_istable(L, lua_upvalueindex(kKeys));
  const auto count = static_cast<int>(lua_tointeger(L, lua_upvalueindex(kCount)));
  auto given = static_cast<int>(lua_tointeger(L, lua_upvalueindex(kGiven)));
  while (given < count) {
    ++given;
    if (listed) {
      lua_rawgeti(L, lua_upvalueindex(kKeys), given);
    } else {
      lua_pushinteger(L, given);
    }
    lua_pushvalue(L, 2);
    lua_rawget(L, 1);
    if (!lua_isnil(L, 3)) {
      lua_pushinteger(L, given);
      lua_replace(L, lua_upvalueindex(kGiven));
      return 2;
    }
    lua_settop(L, 1);
  }
  return 0;
}

// (table, key) What pairs() returns to iterate with.
int step(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  return give_next(L);
}

int raise(lua_State* L) {
  locate_error(L);
  return lua_error(L);
}

int pairs(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  if (!guarded(L, [&] { push_traversal(L, nullptr); })) return raise(L);
  lua_pushcclosure(L, step, kGiven);
  lua_insert(L, 1);
  return 2;
}

// Pushes the first key of the table at stack index 1 and its value, and returns true unless it is
// empty.
bool push_first(lua_State* L) {
  lua_rawgeti(L, 1, 1);
  if (!lua_isnil(L, -1)) {
    lua_pushinteger(L, 1);
    lua_insert(L, -2);
    return true;
  }
  lua_settop(L, 1);
  lua_pushnil(L);
  Key first;
  int unnumbered = 0;
  visit_keys(L, [&] {
    const Key key = read_key(L, lua_gettop(L));
    if (lacks_number(key)) ++unnumbered;
    if (!lua_isnil(L, 2) && !(key < first)) return;
    first = key;
    lua_pushvalue(L, -1);
    lua_replace(L, 2);
  });
  require_order(unnumbered);
  lua_pushvalue(L, 2);
  if (lua_isnil(L, 2)) return false;
  lua_rawget(L, 1);
  return true;
}

// Ends the traversal in the upvalues, so that they keep nothing alive.
int stop(lua_State* L) {
  for (const int upvalue : {kKeys, kTable}) {
    lua_pushnil(L);
    lua_replace(L, lua_upvalueindex(upvalue));
  }
  lua_pushnil(L);
  return 1;
}

bool stands_at(lua_State* L, int key) {
  lua_pushvalue(L, lua_upvalueindex(kTable));
  const bool same_table = lua_rawequal(L, -1, 1) != 0;
  if (same_table && lua_istable(L, lua_upvalueindex(kKeys))) {
    lua_rawgeti(L, lua_upvalueindex(kKeys),
                static_cast<int>(lua_tointeger(L, lua_upvalueindex(kGiven))));
  } else {
    lua_pushvalue(L, lua_upvalueindex(kGiven));
  }
  const bool same = same_table && lua_rawequal(L, -1, key) != 0;
  lua_pop(L, 2);
  return same;
}

// next(table [, key]). The upvalues hold the latest traversal, so that going on with it is cheap.
int next(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  if (lua_isnil(L, 2)) {
    lua_settop(L, 1);
    bool found = false;
    if (!guarded(L, [&] { found = push_first(L); })) return raise(L);
    stop(L);
    lua_pop(L, 1);
    if (found) return 2;
    lua_pushnil(L);
    return 1;
  }
  if (!stands_at(L, 2)) {
    const auto begin = [&] {
      const Key after = read_key(L, 2);
      push_traversal(L, &after);
    };
    if (!guarded(L, begin)) return raise(L);
    for (const int upvalue : {kGiven, kCount, kKeys}) lua_replace(L, lua_upvalueindex(upvalue));
    lua_pushvalue(L, 1);
    lua_replace(L, lua_upvalueindex(kTable));
  }
  const int results = give_next(L);
  return results != 0 ? results : stop(L);
}

constexpr const char* kForeach =
    "local pairs = ... "
    "return function(list, visit) "
    "  for key, value in pairs(list) do "
    "    local result = visit(key, value) "
    "    if result ~= nil then return result end "
    "  end "
    "end";

}  // namespace

void install_ordered_functions(lua_State* L) {
  lua_pushcfunction(L, pairs);
  lua_setglobal(L, "pairs");
  for (int upvalue = kKeys; upvalue <= kTable; ++upvalue) lua_pushnil(L);
  lua_pushcclosure(L, next, kTable);
  lua_setglobal(L, "next");
  Loader::load(L, kForeach, "@stdlib/table.lua");
  lua_pushcfunction(L, pairs);
  lua_call(L, 1, 1);
  lua_setfield(L, -2, "foreach");
}

}  // namespace neap::lua
