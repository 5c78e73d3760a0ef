#include "lua/state.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <lua.hpp>
#include <malloc.h>

#include "base/error.h"
#include "lua/nesting.h"

namespace neap::lua {
namespace {

// The host's share beyond the limit: one new string may make LuaJIT double its table of all
// strings, which in a heap full of short ones comes near half of it.
constexpr std::size_t kLeastHeadroom = 256U << 10;
constexpr std::size_t kReliefShare = 32;  // of the limit: growth that is worth another collection
constexpr std::size_t kHeadroomShare = 2;
// A cycle starts when the heap has grown by half: the cap leaves no room for LuaJIT's doubling.
// Where there is no cap, fewer cycles are worth more than a small heap.
constexpr int kGcPause = 150;
constexpr int kGcPauseUncapped = 300;

// malloc and not LuaJIT's own arena, so that AddressSanitizer sees every object. Sizes are asked
// of malloc itself, because LuaJIT's idea of the old size is off after a denial (reliability.md
// 5b).
void* allocate(void* data, void* block, std::size_t, std::size_t size) {
  auto& account = *static_cast<Account*>(data);
  const std::size_t before = block == nullptr ? 0 : malloc_usable_size(block);
  if (size == 0) {
    std::free(block);
    account.used -= before;
    return nullptr;
  }
  if (size > before && account.limit != 0 &&
      account.used - before + size > account.limit + account.headroom) {
    return nullptr;
  }
  void* moved = std::realloc(block, size);
  // LuaJIT takes for granted that shrinking succeeds.
  if (moved == nullptr) return size <= before ? block : nullptr;
  account.used += malloc_usable_size(moved) - before;
  return moved;
}

int panic(lua_State* L) {
  const char* message = lua_tostring(L, -1);
  std::fprintf(stderr, "neap: bug: a Lua error outside every protected call: %s\n",
               message == nullptr ? "(not a string)" : message);
  std::abort();
}

int prepare(lua_State* L) {
  const auto& options = *static_cast<const StateOptions*>(lua_touserdata(L, 1));
  luaL_openlibs(L);
  bound_coroutines(L);
  luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | (options.jit ? LUAJIT_MODE_ON : LUAJIT_MODE_OFF));
  lua_gc(L, LUA_GCSETPAUSE, options.memory_limit == 0 ? kGcPauseUncapped : kGcPause);
  return 0;
}

int collect(lua_State* L) {
  lua_gc(L, LUA_GCCOLLECT, 0);
  return 0;
}

}  // namespace

Account& account_of(lua_State* L) {
  void* account = nullptr;
  lua_getallocf(L, &account);
  return *static_cast<Account*>(account);
}

State::Headroom::Headroom(Account& account) : account_(account), before_(account.headroom) {
  account_.headroom = std::max(kLeastHeadroom, account.limit / kHeadroomShare);
}

State::State(StateOptions options) {
  L_ = lua_newstate(allocate, &account_);
  // Only now: LuaJIT crashes when it is denied memory while it makes the bare state.
  account_.limit = options.memory_limit;
  if (L_ != nullptr) {
    lua_atpanic(L_, panic);
    if (lua_cpcall(L_, prepare, &options) == 0) return;
    lua_close(L_);
  }
  throw Failure(ErrorKind::kInternal, "not enough memory to start Lua within " +
                                          std::to_string(options.memory_limit) + " bytes");
}

State::~State() {
  lua_close(L_);
}

bool State::over_soft_limit() const {
  return account_.limit != 0 && account_.used > account_.limit / 4 * 3;
}

void State::relieve() {
  if (!over_soft_limit() || account_.used < relieved_to_ + account_.limit / kReliefShare) return;
  const Headroom room = headroom();
  // A finalizer that raises must not end the process; its object is gone either way.
  if (lua_cpcall(L_, collect, nullptr) != 0) lua_pop(L_, 1);
  relieved_to_ = account_.used;
}

}  // namespace neap::lua
