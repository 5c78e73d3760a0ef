// Bounds how deep calls nest on the C stack, so that a script's recursion ends in a Lua error.
#pragma once

#include <lua.hpp>

namespace neap::lua {

// LuaJIT bounds the Lua stack only: recursion by way of coroutines or of callbacks from C would
// overflow the process's stack, or take seconds to unwind.
inline constexpr int kMaxNested = 200;

// Counts one C function that is about to run Lua code. Raises a Lua error beyond kMaxNested.
class Nesting {
 public:
  explicit Nesting(lua_State* L);
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  int& depth_;
};

// Replaces coroutine.resume and coroutine.wrap by ones that count.
void bound_coroutines(lua_State* L);

}  // namespace neap::lua
