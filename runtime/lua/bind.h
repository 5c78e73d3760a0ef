// How C++ becomes Lua: rows of functions, modules of rows, classes of objects.
#pragma once

#include <span>
#include <string>

#include "lua/call.h"
#include "lua/task.h"

namespace neap::lua {

using Now = int (*)(Call&);                 // answers at once, with that many results
using Later = Pending (*)(Call&, Resumer);  // suspends the calling task

// Whether a call brings in something that the script could not have known by itself. In a durable
// run such a call is recorded, and not made again when the run is resumed (replay.h).
enum class Source : std::uint8_t {
  kScript,   // follows from the arguments, only tells something, or waits for other tasks only
  kOutside,  // the world's answer: a read, a change, the time, chance, a person
  kTimed,    // likewise, and it waits for at most so long from when it was first begun
  kPrivate,  // likewise, and its arguments may hold secrets: only their digest is kept
};

// One row of a binding: its Lua name, its signature for help and editor types, its body, and for a
// call of the platform the permission name of its catalogue entry. The body's type says whether
// the call waits.
struct Entry {
  constexpr Entry(const char* entry_name, const char* entry_signature, Now fn)
      : name(entry_name), signature(entry_signature), now(fn) {}
  constexpr Entry(const char* entry_name, const char* entry_signature, Later fn,
                  const char* entry_operation = nullptr)
      : name(entry_name),
        signature(entry_signature),
        operation(entry_operation),
        later(fn),
        source(entry_operation != nullptr ? Source::kOutside : Source::kScript) {}
  const char* name;
  const char* signature;
  const char* operation = nullptr;
  Now now = nullptr;
  Later later = nullptr;
  Source source = Source::kScript;
};

// The row, marked as one whose answer comes from elsewhere than the script.
constexpr Entry from(Source source, Entry entry) {
  entry.source = source;
  return entry;
}

struct Module {
  const char* name;  // "host.timer"; host modules are seen by the standard library only
  std::span<const Entry> entries;
};

// (function of a waiting row, error) Raises the reason why the yield on its behalf failed; for the
// prelude.
int refuse_wait(lua_State* L);

// Pushes a table with a function for each row. The rows and the context must outlive the state.
void push_entries(lua_State* L, Context& context, std::span<const Entry> entries);

// The registry key of a class, by its address, and its name in messages.
template <class T>
struct Class {
  static constexpr char kKey = 0;
};

void define_class(lua_State* L, Context& context, const void* key, const char* name,
                  std::span<const Entry> methods, lua_CFunction collect);

// Makes userdata of T known to this state. Its payload is exactly one shared_ptr, so that a running
// operation may co-own the object and alignment is never in question. `name` must be a literal.
template <class T>
void define(lua_State* L, Context& context, const char* name, std::span<const Entry> methods) {
  define_class(L, context, &Class<T>::kKey, name, methods, [](lua_State* l) {
    static_cast<std::shared_ptr<T>*>(lua_touserdata(l, 1))->reset();
    return 0;
  });
}

template <class T>
void push_object(lua_State* L, std::shared_ptr<T> object) {
  void* slot = lua_newuserdata(L, sizeof(std::shared_ptr<T>));
  new (slot) std::shared_ptr<T>(std::move(object));
  lua_pushlightuserdata(L, const_cast<char*>(&Class<T>::kKey));
  lua_rawget(L, LUA_REGISTRYINDEX);
  lua_setmetatable(L, -2);  // last: a half-made object never has a __gc
}

template <class T>
std::shared_ptr<T> Call::object(int i) const {
  const auto& held = *static_cast<std::shared_ptr<T>*>(slot(i, &Class<T>::kKey));
  if (!held) throw Failure(ErrorKind::kClosed, std::string(entry_.name) + ": the object is closed");
  return held;
}

}  // namespace neap::lua
