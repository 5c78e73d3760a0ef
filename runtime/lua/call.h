// The arguments and results of one call from Lua, and the border where C++ errors become Lua's.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>

#include <lua.hpp>

#include "base/error.h"
#include "base/time.h"
#include "journal/entry.h"

namespace neap {
struct Host;
}

namespace neap::lua {

class Replay;
class Scheduler;
struct Entry;

// What every binding reaches: the services of the program and the scheduler of this state. A state
// of the host's own (the simulator) has neither, and takes only modules that need neither.
struct Context {
  Host* host = nullptr;
  Scheduler* scheduler = nullptr;
  Replay* replay = nullptr;  // of a durable run
};

// The place of a recorded call in its run's log.
struct Recorded {
  journal::Step step;
  std::string digest;  // of the canonical arguments
  std::string where;
  Duration waited{};  // since the wait was first begun, maybe by another process
};

// Readers throw Failure of kind argument; the trampolines in bind.cpp are the only place that turns
// it into a Lua error. Argument numbers start at 1; for a method, 1 is the object.
class Call {
 public:
  Call(lua_State* state, Context& context, const Entry& entry)
      : L(state), context_(context), entry_(entry) {}

  Host& host() const;
  Scheduler& scheduler() const;

  std::string_view text(int i) const;
  double number(int i) const;
  // Seconds as a number, or text like "90s" and "1h30m".
  Duration duration(int i) const;
  void expect_function(int i) const;
  void expect_table(int i) const;
  bool given(int i) const { return !lua_isnoneornil(L, i); }
  template <class T>
  std::shared_ptr<T> object(int i) const;

  template <class... Ts>
  int give(const Ts&... values) {
    (push(values), ...);
    return sizeof...(values);
  }

  // Where the call stands in the log of a durable run; nullptr in any other.
  const Recorded* recorded() const { return recorded_; }
  void record_as(const Recorded* recorded) { recorded_ = recorded; }
  Replay* replay() const { return context_.replay; }
  Context& context() const { return context_; }

  // The permission name of the catalogue entry that the row is about.
  std::string_view operation() const;
  // Throws kind argument: "name: message".
  [[noreturn]] void refuse(const std::string& message) const;

  lua_State* const L;

 private:
  [[noreturn]] void wrong(int i, const char* wanted) const;
  void* slot(int i, const void* key) const;
  void push(std::string_view text) { lua_pushlstring(L, text.data(), text.size()); }
  void push(double number) { lua_pushnumber(L, number); }
  void push(std::same_as<bool> auto flag) { lua_pushboolean(L, flag ? 1 : 0); }
  Context& context_;
  const Entry& entry_;
  const Recorded* recorded_ = nullptr;
};

// Pushes the Error table that scripts see: kind, message and the fields that apply.
void push_error(lua_State* L, const Error& error);
// Prepares a fresh state for everything below: Error tables get the metatable by which tostring()
// shows the whole line, and protect() its trampoline.
void define_border(lua_State* L);
// Reads any error value, a script's own included, and pops it.
Error take_error(lua_State* L);
// "failover.lua:12" of the nearest caller that is neither C nor the standard library; empty when
// there is none.
std::string caller_of(lua_State* L);
// Makes the table on top of the stack an Error, where it came from included, if it has a `kind` and
// no metatable of its own.
void adopt_error(lua_State* L);
// Adds `where` to the Error table on top of the stack, unless it has one.
void locate_error(lua_State* L);

// Runs `fn`; a C++ exception becomes an Error table on top of the stack. Lua's own errors unwind
// straight through: the handlers are typed, never catch (...).
template <class F>
bool guarded(lua_State* L, F&& fn) {
  try {
    fn();
    return true;
  } catch (const Failure& failure) {
    push_error(L, failure.error);
  } catch (const std::exception& unexpected) {
    push_error(L, Error{ErrorKind::kInternal, unexpected.what()});
  }
  return false;
}

// A function to run under lua_pcall, and how to call it.
struct ProtectedBody {
  void* fn;
  int (*run)(void* fn, lua_State* L);
};
// lua_pcall of the body; allocates nothing of its own, so that it holds when memory has run out.
int run_protected(lua_State* L, ProtectedBody& body);

// Runs `fn(L)`, which pushes results and returns how many, under lua_pcall with an empty stack
// of its own: the one way from the host into Lua besides Scheduler::resume.
template <class F>
Result<int> protect(lua_State* L, F fn) {
  const int base = lua_gettop(L);
  ProtectedBody body{&fn, [](void* held, lua_State* l) { return (*static_cast<F*>(held))(l); }};
  if (run_protected(L, body) != 0) return tl::unexpected(take_error(L));
  return lua_gettop(L) - base;
}

}  // namespace neap::lua
