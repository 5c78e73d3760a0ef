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
  double number = 0;  // of an object, its number
  std::string_view text;

  bool operator<(const Key& other) const {
    if (kind != other.kind) return kind < other.kind;
    return kind == Kind::kText ? text < other.text : number < other.number;
  }
};

// Objects without a number are counted in `unknown`, and given none.
Key read_key(lua_State* L, int index, int& unknown) {
  switch (lua_type(L, index)) {
    case LUA_TNUMBER: {
      const double n = lua_tonumber(L, index);
      return {n >= 1 && n == std::trunc(n) ? Key::Kind::kPlace : Key::Kind::kNumber, n, {}};
    }
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* text = lua_tolstring(L, index, &size);
      return {Key::Kind::kText, 0, {text, size}};
    }
    case LUA_TBOOLEAN:
      return {lua_toboolean(L, index) != 0 ? Key::Kind::kTrue : Key::Kind::kFalse, 0, {}};
    default: {
      const lua_Integer number = known_number_of(L, index);
      if (number == 0) ++unknown;
      return {Key::Kind::kObject, number != 0 ? static_cast<double>(number) : HUGE_VAL, {}};
    }
  }
}

[[noreturn]] void refuse_objects(int unknown) {
  throw Failure(ErrorKind::kScript,
                fmt::format("a table with {} keys that are tables, functions or other objects has "
                            "no order that a resumed run could repeat",
                            unknown),
                "keep them in a list, or key them by an id");
}

// Calls `visit` with every key of the table at stack index 1, the key itself on top of the stack.
template <class Visit>
void visit_keys(lua_State* L, Visit visit) {
  int unknown = 0;
  lua_pushnil(L);
  while (lua_next(L, 1) != 0) {
    lua_pop(L, 1);
    visit(read_key(L, lua_gettop(L), unknown));
  }
  if (unknown > 1) refuse_objects(unknown);
}

// The keys of a table in order, as three values: the list of them, or nil when they are 1 to their
// number; how many there are; and behind how many the traversal stands.
enum Traversal { kKeys = 1, kCount, kGiven, kTable };

// Pushes the key that belongs to `key`; objects wait in the list at `held`.
void push_key(lua_State* L, const Key& key, int held, int object) {
  switch (key.kind) {
    case Key::Kind::kText:
      lua_pushlstring(L, key.text.data(), key.text.size());
      break;
    case Key::Kind::kFalse:
    case Key::Kind::kTrue:
      lua_pushboolean(L, key.kind == Key::Kind::kTrue ? 1 : 0);
      break;
    case Key::Kind::kObject:
      lua_rawgeti(L, held, object);
      number_of(L, lua_gettop(L));  // the one that has none gets the next
      break;
    default:
      lua_pushnumber(L, key.number);
  }
}

// Pushes the traversal of the table at stack index 1 that stands behind the key `after`, or at the
// beginning.
void push_traversal(lua_State* L, const Key* after) {
  using Row = std::pair<Key, int>;  // the place of an object among the objects
  const auto border = static_cast<double>(lua_objlen(L, 1));
  std::vector<Row> rows;
  double places = 0;
  int objects = 0;
  lua_newtable(L);
  const int held = lua_gettop(L);
  visit_keys(L, [&](const Key& key) {
    if (key.kind == Key::Kind::kPlace && key.number <= border) ++places;
    if (key.kind == Key::Kind::kObject) {
      lua_pushvalue(L, -1);
      lua_rawseti(L, held, ++objects);
    }
    rows.emplace_back(key, objects);
  });
  const bool sequence = places == border && static_cast<std::size_t>(places) == rows.size();
  const auto less = [](const Row& a, const Row& b) { return a.first < b.first; };
  if (!sequence) std::sort(rows.begin(), rows.end(), less);
  if (sequence) {
    lua_pushnil(L);
  } else {
    lua_createtable(L, static_cast<int>(rows.size()), 0);
    int place = 0;
    for (const auto& [key, object] : rows) {
      push_key(L, key, held, object);
      lua_rawseti(L, -2, ++place);
    }
  }
  lua_replace(L, held);
  lua_pushnumber(L, static_cast<lua_Number>(rows.size()));
  auto given = rows.begin();
  if (after != nullptr && sequence) {
    given += after->kind == Key::Kind::kPlace
                 ? static_cast<std::ptrdiff_t>(std::min(after->number, border))
                 : rows.end() - rows.begin();
  } else if (after != nullptr) {
    given = std::upper_bound(rows.begin(), rows.end(), Row{*after, 0}, less);
  }
  lua_pushnumber(L, static_cast<lua_Number>(given - rows.begin()));
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
  bool found = false;
  visit_keys(L, [&](const Key& key) {
    if (found && !(key < first)) return;
    found = true;
    first = key;
    lua_pushvalue(L, -1);
    lua_replace(L, 2);
  });
  lua_pushvalue(L, 2);
  if (found) lua_rawget(L, 1);
  return found;
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
      int unknown = 0;
      const Key after = read_key(L, 2, unknown);
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
