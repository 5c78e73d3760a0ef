// One Lua virtual machine: its memory budget, its standard libraries, its interpreter settings.
#pragma once

#include <cstddef>

struct lua_State;

namespace neap::lua {

struct StateOptions {
  std::size_t memory_limit = 64U << 20;  // bytes; 0 means no limit
  // Compiled code never looks at the watchdog's hook, so user code runs interpreted
  // (reliability.md 5a); only host-owned Lua may ask for the compiler.
  bool jit = false;
};

// What one machine uses of the process. All its coroutines share the account.
struct Account {
  std::size_t used = 0;      // bytes
  std::size_t limit = 0;     // growth beyond it is refused
  std::size_t headroom = 0;  // what the host may use beyond the limit just now
  int nested = 0;            // C functions that are running Lua code, see nesting.h
};

// The account of a state that State made.
Account& account_of(lua_State* L);

// A denied allocation raises LUA_ERRMEM inside Lua, so every entry after construction must be
// protected: the panic function ends the process.
class State {
 public:
  // Throws Failure (kInternal) when the machine does not fit into its memory limit.
  explicit State(StateOptions options = {});
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  lua_State* main() const { return L_; }

  std::size_t memory_used() const { return account_.used; }  // bytes
  // More than three quarters of the limit are in use.
  bool over_soft_limit() const;
  // Collects all garbage when over the soft limit, because LuaJIT does not do so before it denies
  // an allocation; again only after more has come, since what is in use may not be garbage. Called
  // between entries into Lua, never from inside one.
  void relieve();

  // Lets the host go beyond the limit, by half of it, while it lives, so that a denial can still be
  // turned into an error value.
  class [[nodiscard]] Headroom {
   public:
    explicit Headroom(Account& account);
    ~Headroom() { account_.headroom = before_; }
    Headroom(const Headroom&) = delete;
    Headroom& operator=(const Headroom&) = delete;

   private:
    Account& account_;
    std::size_t before_;
  };
  Headroom headroom() { return Headroom(account_); }

 private:
  Account account_;
  std::size_t relieved_to_ = 0;  // bytes in use after the last collection
  lua_State* L_ = nullptr;
};

}  // namespace neap::lua
