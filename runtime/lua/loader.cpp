#include "lua/loader.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/embedded.h"
#include "base/text.h"
#include "lua/prelude.h"

namespace neap {
extern const std::span<const EmbeddedFile> stdlib_files;
}

namespace neap::lua {
namespace {

const char kModulesKey = 0;   // registry: name -> module, as seen by the standard library
const char kAwaitingKey = 0;  // registry: the prelude's wrapper
const char kFilesKey = 0;     // registry: name -> module of the script's own folder
const char kRawKey = 0;       // registry: Lua's own setmetatable, pairs and next, by name

// What the standard library has in place of the functions that scripts see under these names.
constexpr const char* kRawNames[] = {"setmetatable", "pairs", "next"};

void push_registry(lua_State* L, const char& key) {
  lua_pushlightuserdata(L, const_cast<char*>(&key));
  lua_rawget(L, LUA_REGISTRYINDEX);
}

// Pops the value on top.
void set_registry(lua_State* L, const char& key) {
  lua_pushlightuserdata(L, const_cast<char*>(&key));
  lua_insert(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

std::optional<std::string_view> library_source(std::string_view name) {
  std::string path(name);
  std::replace(path.begin(), path.end(), '.', '/');
  for (const std::string& file : {path + ".lua", path + "/init.lua"}) {
    for (const EmbeddedFile& embedded : stdlib_files) {
      if (embedded.name == file) return embedded.text.view();
    }
  }
  return std::nullopt;
}

// The library's inner works are not a script's business; what runbooks share is.
bool is_public(std::string_view name) {
  const bool inner = name == "prelude" || name == "sim" || name == "repl" ||
                     (name.find('.') != std::string_view::npos && !name.starts_with("recovery."));
  return !inner && library_source(name).has_value();
}

std::vector<std::string> public_modules() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : stdlib_files) {
    std::string name(file.name.substr(0, file.name.size() - 4));
    std::replace(name.begin(), name.end(), '/', '.');
    if (is_public(name)) names.push_back(std::move(name));
  }
  return names;
}

bool is_module_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && name.find("..") == std::string_view::npos &&
         name.front() != '.' && std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
         });
}

// Pushes the module kept under `name` in the table on top, or nothing and returns false.
bool push_kept(lua_State* L, std::string_view name) {
  lua_pushlstring(L, name.data(), name.size());
  lua_rawget(L, -2);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return false;
  }
  if (lua_islightuserdata(L, -1)) {
    throw Failure(ErrorKind::kScript,
                  fmt::format("module \"{}\" requires itself", printable(name)));
  }
  lua_remove(L, -2);
  return true;
}

// Calls the chunk on top, keeps what it returns under `name` in the table below it, and leaves only
// that. While it runs a mark stands in its place, so that a circle is noticed.
void run_module(lua_State* L, std::string_view name) {
  const int table = lua_gettop(L) - 1;
  const auto keep = [&] {
    lua_pushlstring(L, name.data(), name.size());
    lua_insert(L, -2);
    lua_rawset(L, table);
  };
  lua_pushlightuserdata(L, nullptr);
  keep();
  const int status = [&] {
    lua_pushlstring(L, name.data(), name.size());
    return lua_pcall(L, 1, 1, 0);
  }();
  if (status != 0) {
    lua_pushnil(L);
    keep();
    lua_error(L);
  }
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushboolean(L, 1);
  }
  lua_pushvalue(L, -1);
  keep();
  lua_remove(L, table);
}

int adopt(lua_State* L) {
  lua_settop(L, 1);
  adopt_error(L);
  return 0;
}

int locate(lua_State* L) {
  lua_settop(L, 1);
  locate_error(L);
  return 0;
}

}  // namespace

void prepare_border(lua_State* L) {
  lua_CFunction define = [](lua_State* l) {
    define_border(l);
    return 0;
  };
  if (lua_cpcall(L, define, nullptr) != 0) throw Failure(take_error(L));
}

void load_prelude(lua_State* L) {
  lua_createtable(L, 0, std::size(kRawNames));
  for (const char* name : kRawNames) {
    lua_getglobal(L, name);
    lua_setfield(L, -2, name);
  }
  set_registry(L, kRawKey);
  Loader::load(L, *library_source("prelude"), "@stdlib/prelude.lua");
  lua_pushlightuserdata(L, host_yield_key());
  lua_pushcfunction(L, locate);
  lua_pushcfunction(L, refuse_wait);
  lua_pushcfunction(L, adopt);
  lua_call(L, 4, 1);
  set_registry(L, kAwaitingKey);
}

void push_awaiting(lua_State* L) {
  push_registry(L, kAwaitingKey);
}

int require_entry(lua_State* L) {
  auto& loader = *static_cast<Loader*>(lua_touserdata(L, lua_upvalueindex(1)));
  const bool from_library = lua_toboolean(L, lua_upvalueindex(2)) != 0;
  if (guarded(L, [&] { loader.require(L, from_library); })) return 1;
  locate_error(L);
  return lua_error(L);
}

void Loader::install(lua_State* L) {
  lua_newtable(L);
  set_registry(L, kModulesKey);
  lua_newtable(L);
  set_registry(L, kFilesKey);
  lua_pushlightuserdata(L, this);
  lua_pushboolean(L, 0);
  lua_pushcclosure(L, require_entry, 2);
  lua_setglobal(L, "require");
}

void Loader::add(lua_State* L, Context& context, const Module& module) {
  push_registry(L, kModulesKey);
  push_entries(L, context, module.entries);
  lua_setfield(L, -2, module.name);
  lua_pop(L, 1);
}

void Loader::push_library(lua_State* L, std::string_view name) {
  push_registry(L, kModulesKey);
  if (push_kept(L, name)) return;
  const std::string kept_name = fmt::format("stdlib/{}", name);
  const std::optional<std::string> pin = pinned(kept_name);
  const std::optional<std::string_view> source =
      pin ? std::optional<std::string_view>(*pin) : library_source(name);
  if (!source) {
    throw Failure(ErrorKind::kScript, fmt::format("no module \"{}\"", printable(name)));
  }
  load_module(L, kept_name, *source, fmt::format("@stdlib/{}.lua", name));
  // The library sees the globals of scripts, but a `require` of its own and Lua's own functions:
  // its setmetatable needs no room on the stack, so a task stays small in which objects are made.
  lua_createtable(L, 0, 1 + static_cast<int>(std::size(kRawNames)));
  push_registry(L, kRawKey);
  for (const char* raw : kRawNames) {
    lua_getfield(L, -1, raw);
    lua_setfield(L, -3, raw);
  }
  lua_pop(L, 1);
  lua_pushlightuserdata(L, this);
  lua_pushboolean(L, 1);
  lua_pushcclosure(L, require_entry, 2);
  lua_setfield(L, -2, "require");
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setfenv(L, -2);
  run_module(L, name);
}

void Loader::load(lua_State* L, std::string_view source, const std::string& chunk_name) {
  if (luaL_loadbufferx(L, source.data(), source.size(), chunk_name.c_str(), "t") == 0) return;
  Error error = take_error(L);
  error.hint.clear();
  throw Failure(std::move(error));
}

void Loader::require(lua_State* L, bool from_library) {
  std::size_t length = 0;
  const char* text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &length) : nullptr;
  const std::string name(text != nullptr ? text : "", length);
  if (!is_module_name(name)) {
    throw Failure(ErrorKind::kArgument,
                  fmt::format("require: \"{}\" is not a module name", printable(name)),
                  "use letters, digits, _ and -, with dots between folders");
  }
  const bool ours = from_library || is_public(name) ||
                    (trusted_ && (name.starts_with("host.") || library_source(name)));
  if (ours) return push_library(L, name);
  push_file(L, name);
}

std::optional<std::string> Loader::pinned(const std::string& name) const {
  return modules_ != nullptr ? modules_->pinned(name) : std::nullopt;
}

void Loader::load_module(lua_State* L, const std::string& name, std::string_view source,
                         const std::string& chunk_name) {
  load(L, source, chunk_name);
  if (modules_ != nullptr) modules_->loaded(name, source);
}

void Loader::push_file(lua_State* L, std::string_view name) {
  push_registry(L, kFilesKey);
  if (push_kept(L, name)) return;
  std::string relative(name);
  std::replace(relative.begin(), relative.end(), '.', '/');
  const std::string path = script_folder_ + "/" + relative + ".lua";
  std::optional<std::string> source = pinned(std::string(name));
  if (!source) {
    std::ifstream file(script_folder_.empty() ? std::string() : path, std::ios::binary);
    if (!file) {
      throw Failure(
          ErrorKind::kNotFound,
          fmt::format("require: no module \"{}\"{}", name, did_you_mean(name, public_modules())),
          script_folder_.empty() ? "code without a file can require the standard library only"
                                 : "looked for " + path);
    }
    source.emplace(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  load_module(L, std::string(name), *source, "@" + path);
  run_module(L, name);
}

}  // namespace neap::lua
