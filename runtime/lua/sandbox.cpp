#include "lua/sandbox.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "lua/base_lib.h"
#include "lua/order.h"
#include "lua/string_lib.h"
#include "lua/table_lib.h"

namespace neap::lua {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kGlobals[] = {
    "_VERSION", "assert",     "bit",      "coroutine", "error",  "getmetatable", "ipairs",
    "load",     "loadstring", "math",     "next",      "os",     "pairs",        "pcall",
    "print",    "rawequal",   "rawget",   "rawset",    "select", "setmetatable", "string",
    "table",    "tonumber",   "tostring", "type",      "unpack", "xpcall"};
constexpr std::string_view kString[] = {"byte",    "char", "find",  "format", "gmatch",
                                        "gsub",    "len",  "lower", "match",  "rep",
                                        "reverse", "sub",  "upper"};
constexpr std::string_view kTable[] = {"concat", "foreach", "foreachi", "getn", "insert",
                                       "maxn",   "move",    "remove",   "sort"};
constexpr std::string_view kOs[] = {"difftime"};

// Removes every field of the table on top whose name is not listed.
void keep_only(lua_State* L, Names names) {
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    lua_pop(L, 1);
    const bool listed =
        lua_type(L, -1) == LUA_TSTRING &&
        std::find(names.begin(), names.end(), std::string_view(lua_tostring(L, -1))) != names.end();
    if (listed) continue;
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, -4);  // clearing a field during a traversal is allowed
  }
}

// Empties the table behind a registry name and forgets the name.
void wipe_registry(lua_State* L, const char* name) {
  lua_getfield(L, LUA_REGISTRYINDEX, name);
  if (lua_istable(L, -1)) keep_only(L, {});
  lua_pop(L, 1);
  lua_pushnil(L);
  lua_setfield(L, LUA_REGISTRYINDEX, name);
}

// Modules that are loaded, that could be loaded (ffi, string.buffer), and what would load them.
void wipe_packages(lua_State* L) {
  lua_getglobal(L, "package");
  if (lua_istable(L, -1)) {
    lua_getfield(L, -1, "loaders");
    if (lua_istable(L, -1)) keep_only(L, {});
    lua_pop(L, 1);
    keep_only(L, {});
  }
  lua_pop(L, 1);
  wipe_registry(L, "_LOADED");
  wipe_registry(L, "_PRELOAD");
}

void trim_library(lua_State* L, const char* name, Names names) {
  lua_getglobal(L, name);
  keep_only(L, names);
  lua_pop(L, 1);
}

// The metatable that all strings share: its methods are the bounded ones, and it stays hidden.
void lock_strings(lua_State* L) {
  lua_pushliteral(L, "");
  lua_getmetatable(L, -1);
  keep_only(L, {});
  lua_getglobal(L, "string");
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "string");
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 2);
}

// Upvalue: the library's name.
int refuse_write(lua_State* L) {
  return luaL_error(L, "the library '%s' is read-only", lua_tostring(L, lua_upvalueindex(1)));
}

}  // namespace

void seal_library(lua_State* L, const char* name) {
  lua_newtable(L);
  lua_createtable(L, 0, 3);
  lua_getglobal(L, name);
  lua_setfield(L, -2, "__index");
  lua_pushstring(L, name);
  lua_pushcclosure(L, refuse_write, 1);
  lua_setfield(L, -2, "__newindex");
  lua_pushliteral(L, "read-only");
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
  lua_setglobal(L, name);
}

void make_sandbox(lua_State* L) {
  wipe_packages(L);
  trim_library(L, "string", kString);
  trim_library(L, "table", kTable);
  trim_library(L, "os", kOs);
  lua_getglobal(L, "string");
  install_string_functions(L);
  lua_pop(L, 1);
  lua_getglobal(L, "table");
  install_table_functions(L);
  install_ordered_functions(L);
  lua_pop(L, 1);
  install_base_functions(L);
  lock_strings(L);
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  keep_only(L, kGlobals);
  lua_pop(L, 1);
  for (const char* name : {"string", "table", "math", "bit", "coroutine"}) seal_library(L, name);
}

}  // namespace neap::lua
