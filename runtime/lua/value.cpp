#include "lua/value.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "json/tape.h"
#include "json/writer.h"
#include "lua/json.h"

namespace neap::lua {
namespace {

bool is_name(std::string_view key) {
  const auto is_word = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  return !key.empty() && !std::isdigit(static_cast<unsigned char>(key.front())) &&
         std::all_of(key.begin(), key.end(), is_word);
}

// What the keys of a table say about its form.
struct Keys {
  std::vector<std::string_view> texts;  // live as long as they are keys of the table
  std::size_t integers = 0;
  double highest = 0;
};

class ValueReader {
 public:
  ValueReader(lua_State* L, const json::Limits& limits) : L_(L), limits_(limits) {}

  json::Value read(int index) {
    if (++nodes_ > limits_.nodes)
      refuse(fmt::format("it holds more than {} values", limits_.nodes));
    switch (lua_type(L_, index)) {
      case LUA_TNIL:
        return json::Null{};
      case LUA_TBOOLEAN:
        return lua_toboolean(L_, index) != 0;
      case LUA_TNUMBER:
        return read_number(lua_tonumber(L_, index));
      case LUA_TSTRING:
        return std::string(read_text(index));
      case LUA_TTABLE:
        return read_table(index);
      default:
        if (is_json_null(L_, index)) return json::Null{};
        refuse(fmt::format("a {} has no JSON form", luaL_typename(L_, index)));
    }
  }

 private:
  struct Step {
    std::string_view key;   // of an object, or
    std::size_t place = 0;  // in an array, from 1
  };

  [[noreturn]] void refuse(std::string_view reason) const {
    std::string path;
    for (const Step& step : path_) {
      if (step.place != 0) {
        path += fmt::format("[{}]", step.place);
      } else if (is_name(step.key)) {
        path += fmt::format(".{}", step.key);
      } else {
        path += fmt::format("[\"{}\"]", printable(step.key));
      }
    }
    throw Failure(ErrorKind::kArgument, fmt::format("cannot turn {} into JSON: {}",
                                                    path.empty() ? "the value" : path, reason));
  }

  json::Value read_number(double n) const {
    if (!std::isfinite(n)) refuse("JSON has no NaN and no infinity");
    const bool exact = std::abs(n) <= static_cast<double>(json::kMostExact) && n == std::trunc(n);
    if (exact && !(n == 0 && std::signbit(n))) return static_cast<std::int64_t>(n);
    return n;
  }

  std::string_view read_text(int index) {
    std::size_t size = 0;
    const char* data = lua_tolstring(L_, index, &size);
    const std::string_view text(data, size);
    // Counting the bytes also stops a small table that holds one huge string a million times.
    bytes_ += size;
    if (bytes_ > limits_.bytes) refuse(fmt::format("it has more than {} bytes", limits_.bytes));
    if (!json::is_utf8(text)) refuse("a text is not UTF-8");
    return text;
  }

  json::Value read_table(int index) {
    const void* table = lua_topointer(L_, index);
    if (std::find(open_.begin(), open_.end(), table) != open_.end()) refuse("it contains itself");
    if (!lua_checkstack(L_, 8)) refuse("the Lua stack is full");
    open_.push_back(table);
    lua_pushvalue(L_, index);
    Keys keys = read_keys();
    const bool holds_something = keys.integers + keys.texts.size() > 0;
    if (holds_something && open_.size() > limits_.depth) {
      refuse(fmt::format("it is nested deeper than {} levels", limits_.depth));
    }
    json::Value value = is_array(keys) ? read_array(keys) : read_object(std::move(keys));
    lua_pop(L_, 1);
    open_.pop_back();
    return value;
  }

  // Of the table on the top.
  Keys read_keys() {
    Keys keys;
    lua_pushnil(L_);
    while (lua_next(L_, -2) != 0) {
      lua_pop(L_, 1);
      if (lua_type(L_, -1) == LUA_TSTRING) {
        keys.texts.push_back(read_text(-1));
      } else if (lua_type(L_, -1) == LUA_TNUMBER) {
        const double n = lua_tonumber(L_, -1);
        if (n < 1 || n != std::trunc(n))
          refuse(fmt::format("the key {} is no place in an array", n));
        ++keys.integers;
        keys.highest = std::max(keys.highest, n);
      } else {
        refuse(fmt::format("a {} is no JSON key", luaL_typename(L_, -1)));
      }
      if (keys.integers + keys.texts.size() > limits_.nodes) {
        refuse(fmt::format("it holds more than {} values", limits_.nodes));
      }
    }
    return keys;
  }

  bool is_array(const Keys& keys) const {
    const bool marked = is_json_array(L_, -1);
    if (!keys.texts.empty() && (marked || keys.integers > 0)) {
      refuse(
          fmt::format("it has the key \"{}\" beside array items", printable(keys.texts.front())));
    }
    if (static_cast<double>(keys.integers) != keys.highest) {
      refuse(fmt::format("an array of {} items reaches up to [{}]; use json.null for the holes",
                         keys.integers, keys.highest));
    }
    return marked || keys.integers > 0;
  }

  json::Value read_array(const Keys& keys) {
    json::Array items;
    items.reserve(keys.integers);
    for (std::size_t place = 1; place <= keys.integers; ++place) {
      lua_rawgeti(L_, -1, static_cast<int>(place));
      path_.push_back({{}, place});
      items.push_back(read(lua_gettop(L_)));
      path_.pop_back();
      lua_pop(L_, 1);
    }
    return items;
  }

  json::Value read_object(Keys keys) {
    std::sort(keys.texts.begin(), keys.texts.end());
    std::vector<json::Member> members;
    members.reserve(keys.texts.size());
    for (const std::string_view key : keys.texts) {
      lua_pushlstring(L_, key.data(), key.size());
      lua_rawget(L_, -2);
      path_.push_back({key, 0});
      members.emplace_back(std::string(key), read(lua_gettop(L_)));
      path_.pop_back();
      lua_pop(L_, 1);
    }
    return json::Object(std::move(members));
  }

  lua_State* L_;
  const json::Limits& limits_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
  std::vector<const void*> open_;  // the tables that the current one stands in
  std::vector<Step> path_;
};

struct PushValue {
  lua_State* L;

  void operator()(json::Null) const { push_json_null(L); }
  void operator()(bool b) const { lua_pushboolean(L, b); }
  void operator()(std::int64_t n) const {
    if (n > json::kMostExact || n < -json::kMostExact) return (*this)(std::to_string(n));
    lua_pushnumber(L, static_cast<lua_Number>(n));
  }
  void operator()(double n) const { lua_pushnumber(L, n); }
  void operator()(const std::string& text) const { lua_pushlstring(L, text.data(), text.size()); }
  void operator()(const json::Array& items) const {
    luaL_checkstack(L, 8, "the value is nested too deeply");
    lua_createtable(L, static_cast<int>(items.size()), 0);
    mark_json_array(L, -1);
    int place = 1;
    for (const json::Value& item : items) {
      std::visit(*this, item.data());
      lua_rawseti(L, -2, place++);
    }
  }
  void operator()(const json::Object& object) const {
    luaL_checkstack(L, 8, "the value is nested too deeply");
    lua_createtable(L, 0, static_cast<int>(object.size()));
    for (const auto& [key, value] : object) {
      lua_pushlstring(L, key.data(), key.size());
      std::visit(*this, value.data());
      lua_rawset(L, -3);
    }
  }
};

}  // namespace

json::Value to_value(lua_State* L, int index, const json::Limits& limits) {
  const int absolute = index < 0 && index > LUA_REGISTRYINDEX ? lua_gettop(L) + 1 + index : index;
  const int top = lua_gettop(L);
  if (!lua_checkstack(L, 8)) throw Failure(ErrorKind::kArgument, "the Lua stack is full");
  json::Value value = ValueReader(L, limits).read(absolute);
  lua_settop(L, top);
  return value;
}

void push_value(lua_State* L, const json::Value& value) {
  std::visit(PushValue{L}, value.data());
}

}  // namespace neap::lua
