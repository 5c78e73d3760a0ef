#include "lua/call.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "lua/bind.h"

namespace neap::lua {
namespace {

const char kErrorMetatable[] = "neap.Error";
const char kProtectKey = 0;  // its address is the registry key of the trampoline
constexpr std::string_view kStdlibChunk = "@stdlib/";

// The text of a field of the table at `table`, without calling metamethods.
std::string raw_field(lua_State* L, int table, const char* name) {
  lua_pushstring(L, name);
  lua_rawget(L, table);
  std::size_t length = 0;
  const char* text = lua_isstring(L, -1) != 0 ? lua_tolstring(L, -1, &length) : nullptr;
  std::string out = text != nullptr ? std::string(text, length) : std::string();
  lua_pop(L, 1);
  return out;
}

void set_text(lua_State* L, const char* name, const std::string& text) {
  if (text.empty()) return;
  lua_pushlstring(L, text.data(), text.size());
  lua_setfield(L, -2, name);
}

int error_to_text(lua_State* L) {
  lua_settop(L, 1);
  const Error error = take_error(L);
  const std::string line =
      error.where.empty() ? describe(error) : error.where + ": " + describe(error);
  lua_pushlstring(L, line.data(), line.size());
  return 1;
}

Error table_error(lua_State* L) {
  const int table = lua_gettop(L);
  Error error;
  error.kind = error_kind(raw_field(L, table, "kind"));
  error.message = raw_field(L, table, "message");
  error.hint = raw_field(L, table, "hint");
  error.where = raw_field(L, table, "where");
  error.operation = raw_field(L, table, "operation");
  error.code = raw_field(L, table, "code");
  error.request_id = raw_field(L, table, "request_id");
  error.job_id = raw_field(L, table, "job_id");
  lua_pushstring(L, "http_status");
  lua_rawget(L, table);
  error.http_status = static_cast<int>(lua_tonumber(L, -1));
  lua_pop(L, 1);
  if (error.message.empty()) error.message = "an error table without a message";
  return error;
}

}  // namespace

void Call::refuse(const std::string& message) const {
  throw Failure(ErrorKind::kArgument, fmt::format("{}: {}", entry_.name, message));
}

Host& Call::host() const {
  if (context_.host == nullptr) throw Failure(ErrorKind::kInternal, "this state has no host");
  return *context_.host;
}

Scheduler& Call::scheduler() const {
  if (context_.scheduler == nullptr)
    throw Failure(ErrorKind::kUsage, "nothing can wait in this state");
  return *context_.scheduler;
}

std::string_view Call::operation() const {
  return entry_.operation;
}

void Call::wrong(int i, const char* wanted) const {
  refuse(fmt::format("argument {} must be a {}, got {}", i, wanted, luaL_typename(L, i)));
}

std::string_view Call::text(int i) const {
  if (lua_type(L, i) != LUA_TSTRING) wrong(i, "string");
  std::size_t length = 0;
  const char* text = lua_tolstring(L, i, &length);
  return {text, length};
}

double Call::number(int i) const {
  if (lua_type(L, i) != LUA_TNUMBER) wrong(i, "number");
  return lua_tonumber(L, i);
}

Duration Call::duration(int i) const {
  if (lua_type(L, i) == LUA_TSTRING) {
    const Result<Duration> parsed = parse_duration(text(i));
    if (!parsed) refuse(fmt::format("argument {}: {}", i, describe(parsed.error())));
    return *parsed;
  }
  if (lua_type(L, i) != LUA_TNUMBER) wrong(i, "duration (seconds, or text like \"30m\")");
  const double seconds = lua_tonumber(L, i);
  if (std::isnan(seconds) || seconds < 0)
    refuse(fmt::format("argument {} must not be negative", i));
  return from_seconds(seconds);
}

void Call::expect_function(int i) const {
  if (lua_type(L, i) != LUA_TFUNCTION) wrong(i, "function");
}

void Call::expect_table(int i) const {
  if (lua_type(L, i) != LUA_TTABLE) wrong(i, "table");
}

void* Call::slot(int i, const void* key) const {
  lua_pushlightuserdata(L, const_cast<void*>(key));
  lua_rawget(L, LUA_REGISTRYINDEX);
  void* slot = lua_touserdata(L, i);
  bool same = false;
  if (slot != nullptr && lua_getmetatable(L, i) != 0) {
    same = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 1);
  }
  if (!same) {
    lua_getfield(L, -1, "__metatable");
    wrong(i, lua_tostring(L, -1));
  }
  lua_pop(L, 1);
  return slot;
}

void push_error(lua_State* L, const Error& error) {
  lua_createtable(L, 0, 6);
  set_text(L, "kind", std::string(to_text(error.kind)));
  set_text(L, "message", error.message);
  set_text(L, "hint", error.hint);
  set_text(L, "where", error.where);
  set_text(L, "operation", error.operation);
  set_text(L, "code", error.code);
  set_text(L, "request_id", error.request_id);
  set_text(L, "job_id", error.job_id);
  if (error.http_status != 0) {
    lua_pushnumber(L, error.http_status);
    lua_setfield(L, -2, "http_status");
  }
  lua_getfield(L, LUA_REGISTRYINDEX, kErrorMetatable);
  lua_setmetatable(L, -2);
}

void define_border(lua_State* L) {
  luaL_newmetatable(L, kErrorMetatable);
  lua_pushcfunction(L, [](lua_State* l) {
    int results = 0;
    return guarded(l, [&] { results = error_to_text(l); }) ? results : lua_error(l);
  });
  lua_setfield(L, -2, "__tostring");
  lua_pushliteral(L, "Error");
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
  lua_pushlightuserdata(L, const_cast<char*>(&kProtectKey));
  lua_pushcfunction(L, [](lua_State* l) {
    auto* body = static_cast<ProtectedBody*>(lua_touserdata(l, 1));
    lua_settop(l, 0);
    int results = 0;
    return guarded(l, [&] { results = body->run(body->fn, l); }) ? results : lua_error(l);
  });
  lua_rawset(L, LUA_REGISTRYINDEX);
}

int run_protected(lua_State* L, ProtectedBody& body) {
  lua_pushlightuserdata(L, const_cast<char*>(&kProtectKey));
  lua_rawget(L, LUA_REGISTRYINDEX);
  lua_pushlightuserdata(L, &body);
  return lua_pcall(L, 1, LUA_MULTRET, 0);
}

Error take_error(lua_State* L) {
  Error error{ErrorKind::kScript};
  if (lua_istable(L, -1)) {
    error = table_error(L);
  } else if (lua_isstring(L, -1) != 0) {
    std::size_t length = 0;
    const char* text = lua_tolstring(L, -1, &length);
    error.message.assign(text, length);
  } else {
    error.message = fmt::format("error(a {} value)", luaL_typename(L, -1));
  }
  lua_pop(L, 1);
  return error;
}

std::string caller_of(lua_State* L) {
  lua_Debug frame{};
  for (int level = 0; lua_getstack(L, level, &frame) != 0; ++level) {
    lua_getinfo(L, "Sl", &frame);
    if (frame.currentline <= 0 || std::string_view(frame.source).starts_with(kStdlibChunk))
      continue;
    return fmt::format("{}:{}", frame.short_src, frame.currentline);
  }
  return {};
}

void adopt_error(lua_State* L) {
  if (!lua_istable(L, -1)) return;
  if (lua_getmetatable(L, -1) != 0) {
    lua_pop(L, 1);
    return;
  }
  lua_pushliteral(L, "kind");
  lua_rawget(L, -2);
  const bool error = lua_type(L, -1) == LUA_TSTRING;
  lua_pop(L, 1);
  if (!error) return;
  lua_getfield(L, LUA_REGISTRYINDEX, kErrorMetatable);
  lua_setmetatable(L, -2);
  locate_error(L);
}

void locate_error(lua_State* L) {
  if (!lua_istable(L, -1)) return;
  lua_pushliteral(L, "where");
  lua_rawget(L, -2);
  const bool known = !lua_isnil(L, -1);
  lua_pop(L, 1);
  if (known) return;
  const std::string where = caller_of(L);
  if (where.empty()) return;
  lua_pushliteral(L, "where");
  lua_pushlstring(L, where.data(), where.size());
  lua_rawset(L, -3);
}

}  // namespace neap::lua
