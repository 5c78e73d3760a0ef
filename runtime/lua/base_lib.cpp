#include "lua/base_lib.h"

#include <cstdio>
#include <cstring>
#include <string>

#include "lua/nesting.h"
#include "lua/string_lib.h"

namespace neap::lua {
namespace {

constexpr std::size_t kMaxChunk = 1U << 20;  // bytes of text; compiling cannot be interrupted
const char kNumbersKey = 0;  // registry: thing -> its number, weak; [0] is the last one given

// Pushes the raw field of the value's metatable, or nothing and returns false.
bool push_raw_metafield(lua_State* L, int index, const char* name) {
  if (lua_getmetatable(L, index) == 0) return false;
  lua_pushstring(L, name);
  lua_rawget(L, -2);
  lua_remove(L, -2);
  if (!lua_isnil(L, -1)) return true;
  lua_pop(L, 1);
  return false;
}

void push_numbers(lua_State* L) {
  lua_pushlightuserdata(L, const_cast<char*>(&kNumbersKey));
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "k");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_pushlightuserdata(L, const_cast<char*>(&kNumbersKey));
  lua_pushvalue(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

int to_string(lua_State* L) {
  luaL_checkany(L, 1);
  push_display_text(L, 1);
  return 1;
}

// The metatable of a table, or what its `__metatable` says. Of other values only the latter:
// the metatable of strings and of host objects is shared by everybody.
int get_metatable(lua_State* L) {
  luaL_checkany(L, 1);
  if (push_raw_metafield(L, 1, "__metatable")) return 1;
  if (!lua_istable(L, 1) || lua_getmetatable(L, 1) == 0) lua_pushnil(L);
  return 1;
}

int set_metatable(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_argcheck(L, lua_isnil(L, 2) || lua_istable(L, 2), 2, "nil or table expected");
  if (is_protected(L, 1)) return luaL_error(L, "cannot change a protected metatable");
  if (lua_istable(L, 2)) {
    lua_pushliteral(L, "__gc");
    lua_rawget(L, 2);
    if (!lua_isnil(L, -1)) return luaL_error(L, "setmetatable: __gc is not available to scripts");
    lua_pushliteral(L, "__mode");
    lua_rawget(L, 2);
    if (!lua_isnil(L, -1)) {
      return luaL_error(L,
                        "setmetatable: __mode is not available to scripts: no resumed run could "
                        "repeat when a weak table loses what");
    }
  }
  lua_settop(L, 2);
  lua_setmetatable(L, 1);
  return 1;
}

int print(lua_State* L) {
  const int count = lua_gettop(L);
  for (int i = 1; i <= count; ++i) {
    push_display_text(L, i);
    std::size_t size = 0;
    const char* text = lua_tolstring(L, -1, &size);
    if (text == nullptr) return luaL_error(L, "'__tostring' must return a string");
    if (i > 1) std::fputc('\t', stdout);
    std::fwrite(text, 1, size, stdout);
    lua_pop(L, 1);
  }
  std::fputc('\n', stdout);
  return 0;
}

int raw_set(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checkany(L, 2);
  luaL_checkany(L, 3);
  if (is_protected(L, 1)) return luaL_error(L, "rawset: the table is protected");
  lua_settop(L, 3);
  lua_rawset(L, 1);
  return 1;
}

// Collects the pieces that the reader function at stack index 1 returns.
std::string read_chunk(lua_State* L) {
  const Nesting level(L);
  std::string source;
  for (;;) {
    lua_pushvalue(L, 1);
    lua_call(L, 0, 1);
    std::size_t length = 0;
    const char* piece = nullptr;
    if (lua_type(L, -1) == LUA_TSTRING) {
      piece = lua_tolstring(L, -1, &length);
    } else if (!lua_isnil(L, -1)) {
      luaL_error(L, "reader function must return a string");
    }
    if (length == 0) return source;
    source.append(piece, length);
    lua_pop(L, 1);
    if (source.size() > kMaxChunk) luaL_error(L, "chunk too long");
  }
}

// A chunk sees the globals of the function that loads it, as the rest of that file does.
void push_caller_globals(lua_State* L) {
  lua_Debug frame{};
  for (int level = 1; lua_getstack(L, level, &frame) != 0; ++level) {
    lua_getinfo(L, "f", &frame);
    const bool is_lua = lua_iscfunction(L, -1) == 0;
    if (is_lua) lua_getfenv(L, -1);
    lua_remove(L, is_lua ? -2 : -1);
    if (is_lua) return;
  }
  lua_pushvalue(L, LUA_GLOBALSINDEX);
}

// load(text or reader [, name [, mode [, globals]]]); bytecode is never accepted, whatever the
// mode.
int load(lua_State* L) {
  const bool has_globals = !lua_isnoneornil(L, 4);
  if (has_globals) luaL_checktype(L, 4, LUA_TTABLE);
  const char* mode = luaL_optstring(L, 3, "t");
  const bool from_reader = lua_isfunction(L, 1);
  std::size_t length = 0;
  const char* text = from_reader ? nullptr : luaL_checklstring(L, 1, &length);
  const char* name = luaL_optstring(L, 2, from_reader ? "=(load)" : text);
  if (std::strchr(mode, 't') == nullptr || (!from_reader && length > kMaxChunk)) {
    lua_pushnil(L);
    lua_pushstring(L, length > kMaxChunk ? "chunk too long" : "load: only text can be loaded");
    return 2;
  }
  const std::string source = from_reader ? read_chunk(L) : std::string(text, length);
  if (luaL_loadbufferx(L, source.data(), source.size(), name, "t") != 0) {
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
  }
  if (has_globals) {
    lua_pushvalue(L, 4);
  } else {
    push_caller_globals(L);
  }
  lua_setfenv(L, -2);
  return 1;
}

}  // namespace

lua_Integer known_number_of(lua_State* L, int index) {
  lua_pushvalue(L, index);
  push_numbers(L);
  lua_insert(L, -2);
  lua_rawget(L, -2);
  const lua_Integer number = lua_tointeger(L, -1);
  lua_pop(L, 2);
  return number;
}

lua_Integer number_of(lua_State* L, int index) {
  lua_Integer number = known_number_of(L, index);
  if (number != 0) return number;
  lua_pushvalue(L, index);
  push_numbers(L);
  lua_rawgeti(L, -1, 0);
  number = lua_tointeger(L, -1) + 1;
  lua_pop(L, 1);
  lua_pushinteger(L, number);
  lua_rawseti(L, -2, 0);
  lua_insert(L, -2);
  lua_pushinteger(L, number);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  return number;
}

void push_display_text(lua_State* L, int index) {
  lua_pushvalue(L, index);
  const int value = lua_gettop(L);
  const Nesting level(L);
  if (luaL_callmeta(L, value, "__tostring") == 0) {
    switch (lua_type(L, value)) {
      case LUA_TNIL:
        lua_pushliteral(L, "nil");
        break;
      case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, value) != 0 ? "true" : "false");
        break;
      case LUA_TNUMBER:
      case LUA_TSTRING:
        lua_pushvalue(L, value);
        lua_tostring(L, -1);
        break;
      case LUA_TLIGHTUSERDATA:  // has no identity to count: any two with one address are the same
        lua_pushliteral(L, "userdata");
        break;
      default:
        lua_pushfstring(L, "%s: %d", luaL_typename(L, value),
                        static_cast<int>(number_of(L, value)));
    }
  }
  lua_remove(L, value);
}

bool is_protected(lua_State* L, int index) {
  if (!lua_istable(L, index) || !push_raw_metafield(L, index, "__metatable")) return false;
  lua_pop(L, 1);
  return true;
}

void install_base_functions(lua_State* L) {
  constexpr luaL_Reg kFunctions[] = {{"print", print},
                                     {"tostring", to_string},
                                     {"getmetatable", get_metatable},
                                     {"setmetatable", set_metatable},
                                     {"rawset", raw_set},
                                     {"load", load},
                                     {"loadstring", load},
                                     {nullptr, nullptr}};
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  luaL_register(L, nullptr, kFunctions);
  lua_pop(L, 1);
}

}  // namespace neap::lua
