// A Lua value held from C++.
#pragma once

#include <memory>
#include <utility>

#include <lua.hpp>

namespace neap::lua {

// Whether a state is still open; shared by everything that holds values of it.
using Liveness = std::shared_ptr<lua_State*>;

// Keeps one value alive until released, and is safe to drop after its state has closed. Made under
// protect(): taking a reference may run out of memory.
class Ref {
 public:
  Ref() = default;
  // Pops the value on top of the stack of `L`, any coroutine of the state.
  Ref(const Liveness& state, lua_State* L) : state_(state), id_(luaL_ref(L, LUA_REGISTRYINDEX)) {}
  Ref(Ref&& other) noexcept
      : state_(std::move(other.state_)), id_(std::exchange(other.id_, LUA_NOREF)) {}
  Ref& operator=(Ref&& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~Ref() {
    // Releasing writes an existing slot of the registry: it can neither allocate nor raise.
    const Liveness state = state_.lock();
    if (state && id_ != LUA_NOREF) luaL_unref(*state, LUA_REGISTRYINDEX, id_);
  }

  explicit operator bool() const { return id_ != LUA_NOREF && !state_.expired(); }
  void push(lua_State* L) const { lua_rawgeti(L, LUA_REGISTRYINDEX, id_); }

 private:
  std::weak_ptr<lua_State*> state_;
  int id_ = LUA_NOREF;
};

}  // namespace neap::lua
