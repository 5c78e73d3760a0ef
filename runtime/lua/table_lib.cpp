#include "lua/table_lib.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "lua/base_lib.h"
#include "lua/nesting.h"
#include "lua/string_lib.h"

namespace neap::lua {
namespace {

// Bottom-up merge sort: n log n steps and no access out of bounds whatever `before` answers, which
// std::sort promises for no comparison made by a script. Stable.
template <class Before>
void merge_sort(std::vector<int>& items, Before before) {
  std::vector<int> merged(items.size());
  for (std::size_t width = 1; width < items.size(); width *= 2) {
    for (std::size_t begin = 0; begin < items.size(); begin += 2 * width) {
      const std::size_t middle = std::min(begin + width, items.size());
      const std::size_t end = std::min(begin + 2 * width, items.size());
      std::size_t left = begin;
      std::size_t right = middle;
      for (std::size_t out = begin; out < end; ++out) {
        const bool take_right =
            left == middle || (right < end && before(items[right], items[left]));
        merged[out] = items[take_right ? right++ : left++];
      }
    }
    items.swap(merged);
  }
}

// Orders the elements of the table at stack index 3 by `<`. Numbers and texts, each among their
// own, are compared outside Lua: nothing can interrupt a sort, so it has to be quick.
void sort_plainly(lua_State* L, std::vector<int>& order) {
  std::vector<double> numbers;
  std::vector<std::string_view> texts;  // kept alive by the table
  for (const int i : order) {
    lua_rawgeti(L, 3, i);
    if (lua_type(L, -1) == LUA_TNUMBER) {
      numbers.push_back(lua_tonumber(L, -1));
    } else if (lua_type(L, -1) == LUA_TSTRING) {
      std::size_t size = 0;
      const char* text = lua_tolstring(L, -1, &size);
      texts.emplace_back(text, size);
    }
    lua_pop(L, 1);
  }
  const auto at = [](int i) { return static_cast<std::size_t>(i - 1); };
  if (numbers.size() == order.size()) {
    merge_sort(order, [&](int a, int b) { return numbers[at(a)] < numbers[at(b)]; });
  } else if (texts.size() == order.size()) {
    merge_sort(order, [&](int a, int b) { return texts[at(a)] < texts[at(b)]; });
  } else {
    merge_sort(order, [L](int a, int b) {
      lua_rawgeti(L, 3, a);
      lua_rawgeti(L, 3, b);
      const bool less = lua_lessthan(L, -2, -1) != 0;
      lua_pop(L, 2);
      return less;
    });
  }
}

// sort(table [, before]). The table keeps its order when the comparison raises.
int sort(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_settop(L, 2);
  if (is_protected(L, 1)) return luaL_error(L, "sort: the table is protected");
  const std::size_t size = lua_objlen(L, 1);
  if (size > kMaxSorted) return luaL_error(L, "sort: more than %d elements", kMaxSorted);
  const Nesting level(L);
  const int count = static_cast<int>(size);
  lua_createtable(L, count, 0);
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, 1, i);
    lua_rawseti(L, 3, i);
  }
  std::vector<int> order(size);
  std::iota(order.begin(), order.end(), 1);
  if (lua_isnil(L, 2)) {
    sort_plainly(L, order);
  } else {
    merge_sort(order, [L](int a, int b) {
      lua_pushvalue(L, 2);
      lua_rawgeti(L, 3, a);
      lua_rawgeti(L, 3, b);
      lua_call(L, 2, 1);
      const bool less = lua_toboolean(L, -1) != 0;
      lua_pop(L, 1);
      return less;
    });
  }
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, 3, order[static_cast<std::size_t>(i - 1)]);
    lua_rawseti(L, 1, i);
  }
  return 0;
}

// concat(table [, separator [, first [, last]]]).
int concat(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  std::size_t separator_size = 0;
  const char* separator = luaL_optlstring(L, 2, "", &separator_size);
  const lua_Integer first = luaL_optinteger(L, 3, 1);
  const lua_Integer last =
      lua_isnoneornil(L, 4) ? static_cast<lua_Integer>(lua_objlen(L, 1)) : luaL_checkinteger(L, 4);
  std::string out;
  for (lua_Integer i = first; i <= last; ++i) {
    lua_pushnumber(L, static_cast<lua_Number>(i));
    lua_rawget(L, 1);
    if (lua_isstring(L, -1) == 0) {
      return luaL_error(L, "invalid value (%s) at index %d in table for 'concat'",
                        luaL_typename(L, -1), static_cast<int>(i));
    }
    std::size_t size = 0;
    const char* text = lua_tolstring(L, -1, &size);
    if (i > first) out.append(separator, separator_size);
    out.append(text, size);
    lua_pop(L, 1);
    if (out.size() > kMaxText) {
      return luaL_error(L, "text too long: more than %d MiB", static_cast<int>(kMaxText >> 20));
    }
  }
  lua_pushlstring(L, out.data(), out.size());
  return 1;
}

}  // namespace

void install_table_functions(lua_State* L) {
  constexpr luaL_Reg kFunctions[] = {{"sort", sort}, {"concat", concat}, {nullptr, nullptr}};
  luaL_register(L, nullptr, kFunctions);
}

}  // namespace neap::lua
