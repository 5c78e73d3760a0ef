// Runs snippets of Lua in a state of their own, as a script would see it.
#pragma once

#include <string>
#include <string_view>

#include <lua.hpp>

#include "lua/sandbox.h"
#include "lua/state.h"

namespace neap::test {

// What became of a snippet: the text of its first result, or of its error.
struct Outcome {
  int status = 0;  // as lua_pcall gives it
  std::string text;

  bool operator==(const Outcome&) const = default;
};

enum class Libraries { kOriginal, kSandboxed };

class LuaScript {
 public:
  explicit LuaScript(Libraries libraries = Libraries::kSandboxed, lua::StateOptions options = {})
      : state_(options) {
    if (libraries == Libraries::kSandboxed) {
      lua_cpcall(
          main(),
          [](lua_State* L) {
            lua::make_sandbox(L);
            return 0;
          },
          nullptr);
    }
  }

  lua_State* main() const { return state_.main(); }
  lua::State& state() { return state_; }

  // Compiles the text and leaves the chunk, or the message, on the stack.
  int load(std::string_view code) {
    return luaL_loadbufferx(main(), code.data(), code.size(), "@script.lua", "t");
  }
  Outcome run(std::string_view code) {
    const int top = lua_gettop(main());
    int status = load(code);
    if (status == 0) status = lua_pcall(main(), 0, 1, 0);
    Outcome outcome{status, text_of(-1)};
    lua_settop(main(), top);
    return outcome;
  }

 private:
  std::string text_of(int index) const {
    if (lua_isboolean(main(), index)) return lua_toboolean(main(), index) != 0 ? "true" : "false";
    std::size_t size = 0;
    const char* text = lua_tolstring(main(), index, &size);
    return text == nullptr ? luaL_typename(main(), index) : std::string(text, size);
  }

  lua::State state_;
};

}  // namespace neap::test
