#include "lua/record.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "journal/error_body.h"
#include "json/masked.h"
#include "json/writer.h"
#include "lua/call.h"
#include "lua/json.h"
#include "lua/value.h"

namespace neap::lua {
namespace {

constexpr std::size_t kMostShown = 200;  // bytes of a request in a message

// What stands for a value without a JSON form.
std::string stand_in(lua_State* L, int index) {
  if (lua_type(L, index) == LUA_TNUMBER) return fmt::format("{}", lua_tonumber(L, index));
  if (lua_type(L, index) == LUA_TSTRING) {
    std::size_t size = 0;
    const char* text = lua_tolstring(L, index, &size);
    return "sha256:" + sha256_hex({text, size});
  }
  return luaL_typename(L, index);
}

}  // namespace

Arguments::Arguments(lua_State* L, const Liveness& state) {
  const int count = lua_gettop(L);
  luaL_checkstack(L, 2, "too many arguments");
  json::Array shown;
  for (int i = 1; i <= count; ++i) {
    Argument argument;
    try {
      if (!lua_isnil(L, i)) argument.value = to_value(L, i);
      shown.push_back(json::masked(argument.value));
    } catch (const Failure&) {
      lua_settop(L, count);
      shown.emplace_back(stand_in(L, i));
    }
    if (lua_isnil(L, i) || (argument.value.is_null() && !is_json_null(L, i))) {
      lua_pushvalue(L, i);
      argument.held = Ref(state, L);
    }
    arguments_.push_back(std::move(argument));
  }
  canonical_ = json::write(json::Value(std::move(shown)));
}

int Arguments::push(lua_State* L) const {
  const int count = static_cast<int>(arguments_.size());
  luaL_checkstack(L, count, "too many arguments");
  for (const Argument& argument : arguments_) {
    if (argument.held) {
      argument.held.push(L);
    } else {
      push_value(L, argument.value);
    }
  }
  return count;
}

json::Object values_body(lua_State* L, int count, std::string_view name) try {
  const int first = lua_gettop(L) - count + 1;
  json::Array values;
  json::Array nils;
  for (int i = 0; i < count; ++i) {
    const bool nil = lua_isnil(L, first + i);
    values.push_back(nil ? json::Value() : to_value(L, first + i));
    if (nil) nils.emplace_back(i + 1);
  }
  lua_settop(L, first - 1);
  json::Object body;
  body.set("values", std::move(values));
  if (!nils.empty()) body.set("nils", std::move(nils));
  return body;
} catch (const Failure& failure) {
  throw Failure(failure.error.kind,
                fmt::format("{}: its answer cannot be kept in the run's log: {}", name,
                            failure.error.message));
}

json::Object json_body(std::string_view text) {
  json::Object body;
  body.set("json", text);
  return body;
}

json::Object failure_body(const Error& error) {
  json::Object body;
  body.set("error", journal::body_of(error));
  return body;
}

std::optional<Error> recorded_error(const json::Object& body) {
  const json::Object* fields = body.object("error");
  if (fields == nullptr) return std::nullopt;
  return journal::error_of(*fields);
}

int push_recorded(lua_State* L, const json::Object& body) {
  if (const std::optional<Error> error = recorded_error(body)) {
    push_error(L, *error);
    return 1;
  }
  if (body.find("json") != nullptr) {
    decode_json(L, body.text("json"));
    return 1;
  }
  const json::Array& values = body.list("values");
  const int count = static_cast<int>(values.size());
  luaL_checkstack(L, count, "too many results");
  const int first = lua_gettop(L) + 1;
  for (const json::Value& value : values) push_value(L, value);
  for (const json::Value& place : body.list("nils")) {
    const auto* number = place.as<std::int64_t>();
    if (number == nullptr || *number < 1 || *number > count) continue;
    lua_pushnil(L);
    lua_replace(L, first + static_cast<int>(*number) - 1);
  }
  return count;
}

std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  const auto inside = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (bytes > 0 && inside(bytes)) --bytes;
  return text.substr(0, bytes);
}

std::string describe_call(std::string_view name, std::string_view request, std::string_view where) {
  std::string line = printable(name);
  if (request.size() > 2) {  // a list; its brackets are of no interest
    const std::string_view inner = request.substr(1, request.size() - 1 - (request.ends_with(']')));
    line += " " + printable(cut(inner, kMostShown));
    if (inner.size() > kMostShown) line += "…";
  }
  if (!where.empty()) line += fmt::format(" at {}", printable(where));
  return line;
}

}  // namespace neap::lua
