// One call of the outside as the log of a run keeps it: what was asked, and what came of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <lua.hpp>

#include "base/error.h"
#include "json/value.h"
#include "lua/ref.h"
#include "lua/task.h"

namespace neap::lua {

// The arguments of a call, apart from the script: it may change its tables before the call begins.
class Arguments {
 public:
  // Everything on the stack of `L`, which stays there.
  Arguments(lua_State* L, const Liveness& state);
  int push(lua_State* L) const;  // returns how many
  // The list of them as JSON, members sorted, without passwords. What has no JSON form stands there
  // as a text: by its value if it is a number or a text, otherwise by its type.
  const std::string& canonical() const { return canonical_; }

 private:
  struct Argument {
    json::Value value;
    Ref held;  // in place of the value, for what has no JSON form
  };
  std::vector<Argument> arguments_;
  std::string canonical_;
};

// The body of a kRecord entry: {"values": […], "nils": [place, …]}, {"json": text} for the decoded
// text, or {"error": {…}}.

// Of the `count` values on top of the stack, which it pops: what the call `name` returned. Failure
// (kind argument) for what has no JSON form.
json::Object values_body(lua_State* L, int count, std::string_view name);
json::Object json_body(std::string_view text);
json::Object failure_body(const Error& error);

// The error of a body that has one.
std::optional<Error> recorded_error(const json::Object& body);
// Pushes what the call returns, or the one error value that it raises; returns how many. To be
// called under protection.
int push_recorded(lua_State* L, const json::Object& body);

// "sdrs:show_protection_group {"server_group_id":"…"} at failover.lua:12", cut and safe to print.
std::string describe_call(std::string_view name, std::string_view request, std::string_view where);
// The text up to that many bytes, ended at the end of a character.
std::string_view cut(std::string_view text, std::size_t bytes);

}  // namespace neap::lua
