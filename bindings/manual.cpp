// host.manual: where functions stand and what the rows of all modules are, so that the manual can
// be made from them.
#include <algorithm>
#include <string>

#include "base/embedded.h"
#include "base/text.h"
#include "host.h"
#include "lua/bind.h"

namespace neap {
extern const std::span<const EmbeddedFile> stdlib_files;
}

namespace neap::bindings {

extern const lua::Module task_class;

namespace {

void set(lua_State* L, const char* name, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
  lua_setfield(L, -2, name);
}

// "sdrs.groups" of "sdrs/groups.lua"
std::string module_of(std::string_view file) {
  std::string name(file.substr(0, file.size() - std::string_view(".lua").size()));
  std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

int place(lua::Call& call) {
  call.expect_function(1);
  lua_Debug facts;
  lua_pushvalue(call.L, 1);
  lua_getinfo(call.L, ">S", &facts);
  lua_pushstring(call.L, facts.source);
  lua_pushinteger(call.L, facts.linedefined);
  return 2;
}

// All but the simulator's, which is no library.
int modules(lua::Call& call) {
  lua_newtable(call.L);
  int count = 0;
  for (const EmbeddedFile& file : stdlib_files) {
    if (file.name.starts_with("sim/")) continue;
    const std::string name = module_of(file.name);
    lua_pushlstring(call.L, name.data(), name.size());
    lua_rawseti(call.L, -2, ++count);
  }
  return 1;
}

int lines(lua::Call& call) {
  const std::string_view name = call.text(1);
  for (const EmbeddedFile& file : stdlib_files) {
    if (module_of(file.name) != name) continue;
    lua_newtable(call.L);
    int count = 0;
    for (const std::string_view line : split(file.text.view(), '\n')) {
      lua_pushlstring(call.L, line.data(), line.size());
      lua_rawseti(call.L, -2, ++count);
    }
    return 1;
  }
  call.refuse("argument 1 names no module of the standard library");
}

void push_row(lua_State* L, const lua::Module& module, const lua::Entry& entry) {
  lua_createtable(L, 0, 5);
  set(L, "module", module.name);
  set(L, "name", entry.name);
  set(L, "signature", entry.signature);
  if (entry.operation != nullptr) set(L, "operation", entry.operation);
  lua_pushboolean(L, entry.later != nullptr ? 1 : 0);
  lua_setfield(L, -2, "waits");
}

int rows(lua::Call& call) {
  lua_newtable(call.L);
  int count = 0;
  for (const lua::Module* module : all_modules()) {
    for (const lua::Entry& entry : module->entries) {
      push_row(call.L, *module, entry);
      lua_rawseti(call.L, -2, ++count);
    }
  }
  return 1;
}

int methods(lua::Call& call) {
  lua_newtable(call.L);
  int count = 0;
  for (const lua::Entry& entry : task_class.entries) {
    push_row(call.L, task_class, entry);
    lua_rawseti(call.L, -2, ++count);
  }
  return 1;
}

constexpr lua::Entry kEntries[] = {
    {"place", "(function) -> the name of its text, the line where it begins", place},
    {"modules", "() -> names of the modules of the standard library", modules},
    {"lines", "(module) -> the text of a module of the standard library", lines},
    {"rows", "() -> list of {module, name, signature, waits, [operation]}", rows},
    {"methods", "() -> the same of the objects that bindings make", methods},
};

}  // namespace

extern const lua::Module manual{"host.manual", kEntries};

}  // namespace neap::bindings
