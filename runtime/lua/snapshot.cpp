#include "lua/snapshot.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>
#include <lua.hpp>

#include "base/text.h"
#include "base/utf8.h"
#include "lua/json.h"

namespace neap::lua {
namespace {

using Kind = Snapshot::Kind;
using Field = Snapshot::Field;

constexpr std::size_t kChain = 4;  // classes above a class whose methods are looked at

// A key of a table; texts live as long as the table holds them.
struct Key {
  int type = LUA_TNIL;
  double number = 0;
  bool truth = false;
  std::string_view text;
};

std::string path_step(const Key& key) {
  if (key.type == LUA_TSTRING) return "." + printable(key.text);
  return fmt::format("[{}]", key.number);
}

class Camera {
 public:
  Camera(lua_State* L, const SnapshotLimits& limits) : L_(L), limits_(limits) {}

  Snapshot take(int index) {
    if (values_ < limits_.values) ++values_;
    Snapshot shot;
    switch (lua_type(L_, index)) {
      case LUA_TNIL:
        break;
      case LUA_TBOOLEAN:
        shot.kind = Kind::kBoolean;
        shot.truth = lua_toboolean(L_, index) != 0;
        break;
      case LUA_TNUMBER:
        shot.kind = Kind::kNumber;
        shot.number = lua_tonumber(L_, index);
        break;
      case LUA_TSTRING:
        take_text(index, shot);
        break;
      case LUA_TTABLE:
        take_table(index, shot);
        break;
      case LUA_TFUNCTION:
        take_function(index, shot);
        break;
      default:
        take_opaque(index, shot);
    }
    return shot;
  }

 private:
  struct Open {
    const void* table;
    std::string step;  // that leads into it from the one before
  };

  bool spent() const { return values_ >= limits_.values; }

  void take_text(int index, Snapshot& shot) {
    std::size_t size = 0;
    const char* data = lua_tolstring(L_, index, &size);
    const std::size_t left = limits_.bytes - std::min(bytes_, limits_.bytes);
    const std::size_t most = std::min(limits_.text, left);
    shot.kind = Kind::kText;
    std::size_t kept = std::min(size, most);
    // Not through the middle of a character.
    while (kept > 0 && kept < size && (static_cast<unsigned char>(data[kept]) & 0xC0) == 0x80)
      --kept;
    shot.text.assign(data, kept);
    shot.cut = size - kept;
    bytes_ += kept;
  }

  void take_function(int index, Snapshot& shot) {
    shot.kind = Kind::kFunction;
    lua_Debug about{};
    lua_pushvalue(L_, index);
    if (lua_getinfo(L_, ">S", &about) != 0 && std::string_view(about.what) != "C") {
      shot.text = fmt::format("{}:{}", about.short_src, about.linedefined);
    }
  }

  void take_opaque(int index, Snapshot& shot) {
    if (is_json_null(L_, index)) {
      shot.kind = Kind::kNull;
      return;
    }
    shot.kind = Kind::kOpaque;
    shot.type = luaL_typename(L_, index);
    if (lua_getmetatable(L_, index) == 0) return;
    if (std::string name = raw_text("__metatable"); !name.empty()) shot.type = std::move(name);
    lua_pop(L_, 1);
  }

  // A text field of the table on the top; empty when there is none.
  std::string raw_text(const char* name) {
    lua_pushstring(L_, name);
    lua_rawget(L_, -2);
    std::string text;
    if (lua_type(L_, -1) == LUA_TSTRING) text = lua_tostring(L_, -1);
    lua_pop(L_, 1);
    return text;
  }

  // With the metatable on the top.
  void read_class(Snapshot& shot) {
    shot.type = raw_text("__name");
    if (shot.type.empty()) shot.type = raw_text("__metatable");
    lua_pushliteral(L_, "__shape");
    lua_rawget(L_, -2);
    if (lua_istable(L_, -1)) {
      shot.shape = {raw_text("resource"), raw_text("id"), raw_text("label"), raw_text("status")};
    }
    lua_pop(L_, 1);
  }

  bool says_methods() {
    lua_pushliteral(L_, "__methods");
    lua_rawget(L_, -2);
    const bool yes = lua_toboolean(L_, -1) != 0;
    lua_pop(L_, 1);
    return yes;
  }

  void take_table(int index, Snapshot& shot) {
    const void* table = lua_topointer(L_, index);
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (open_[i].table != table) continue;
      shot.kind = Kind::kAgain;
      for (std::size_t step = 1; step <= i; ++step) shot.text += open_[step].step;
      return;
    }
    shot.kind = Kind::kTable;
    if (lua_checkstack(L_, 10) == 0) return;
    lua_pushvalue(L_, index);
    const bool marked = is_json_array(L_, -1);
    if (!marked && lua_getmetatable(L_, -1) != 0) {
      read_class(shot);
      if (says_methods()) {
        take_methods(shot);
        lua_pop(L_, 2);
        return;
      }
      lua_pop(L_, 1);
    }
    open_.push_back({table, std::move(step_)});
    take_contents(shot);
    open_.pop_back();
    if (!shot.type.empty() && lua_getmetatable(L_, -1) != 0) {
      add_defaults(shot);
      lua_pop(L_, 1);
    }
    shot.is_list = shot.fields.empty() && shot.more_fields == 0 &&
                   (marked || !shot.items.empty() || shot.more_items > 0);
    lua_pop(L_, 1);
  }

  // With the thing below its metatable on the top.
  void take_methods(Snapshot& shot) {
    shot.kind = Kind::kMethods;
    lua_pushliteral(L_, "what");
    lua_rawget(L_, -3);
    if (lua_type(L_, -1) == LUA_TSTRING) shot.text = lua_tostring(L_, -1);
    lua_pop(L_, 1);
    const int top = lua_gettop(L_);
    lua_pushvalue(L_, -1);
    for (std::size_t i = 0; i < kChain && lua_istable(L_, -1); ++i) {
      lua_pushliteral(L_, "__index");
      lua_rawget(L_, -2);
      if (!lua_istable(L_, -1)) break;
      add_methods(shot);
      if (lua_getmetatable(L_, -1) == 0) break;
    }
    lua_settop(L_, top);
    const auto by_name = [](const Field& a, const Field& b) { return a.name < b.name; };
    std::sort(shot.fields.begin(), shot.fields.end(), by_name);
    const auto same = [](const Field& a, const Field& b) { return a.name == b.name; };
    shot.fields.erase(std::unique(shot.fields.begin(), shot.fields.end(), same), shot.fields.end());
  }

  // Of the table on the top.
  void add_methods(Snapshot& shot) {
    std::size_t seen = 0;
    lua_pushnil(L_);
    while (lua_next(L_, -2) != 0) {
      const bool counts = lua_isfunction(L_, -1) && lua_type(L_, -2) == LUA_TSTRING;
      lua_pop(L_, 1);
      if (counts && lua_tostring(L_, -1)[0] != '_') {
        Field field;
        field.name = lua_tostring(L_, -1);
        field.value.kind = Kind::kFunction;
        shot.fields.push_back(std::move(field));
      }
      if (++seen < limits_.items) continue;
      lua_pop(L_, 1);
      return;
    }
  }

  // What the class on the top says of all its things that do not say otherwise: the status of a
  // job that nobody has asked for yet.
  void add_defaults(Snapshot& shot) {
    std::size_t seen = 0;
    lua_pushnil(L_);
    while (lua_next(L_, -2) != 0) {
      const int type = lua_type(L_, -1);
      const bool plain = type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN;
      if (plain && lua_type(L_, -2) == LUA_TSTRING) {
        const std::string name = lua_tostring(L_, -2);
        if (name[0] != '_' && shot.find(name) == nullptr) {
          shot.fields.push_back({name, true, take(lua_gettop(L_))});
        }
      }
      lua_pop(L_, 1);
      if (++seen < limits_.items) continue;
      lua_pop(L_, 1);
      return;
    }
  }

  // Of the table on the top.
  void take_contents(Snapshot& shot) {
    const std::size_t length = lua_objlen(L_, -1);
    std::vector<Key> keys = read_keys(length, shot);
    if (open_.size() > limits_.depth) {
      shot.more_items = length;
      shot.more_fields += keys.size();
      return;
    }
    const std::size_t items = std::min(length, limits_.items);
    shot.items.reserve(std::min<std::size_t>(items, 64));
    std::size_t place = 1;
    for (; place <= items && !spent(); ++place) {
      lua_rawgeti(L_, -1, static_cast<int>(place));
      step_ = fmt::format("[{}]", place);
      shot.items.push_back(take(lua_gettop(L_)));
      lua_pop(L_, 1);
    }
    shot.more_items = length - (place - 1);
    sort_keys(keys, shot.shape);
    const std::size_t fields = std::min(keys.size(), limits_.items);
    std::size_t i = 0;
    for (; i < fields && !spent(); ++i) shot.fields.push_back(take_field(keys[i]));
    shot.more_fields += keys.size() - i;
  }

  // All but 1 to `length`. Beyond what is counted, a list goes without its fields, unless they come
  // right behind it, where Lua's own order has them.
  std::vector<Key> read_keys(std::size_t length, Snapshot& shot) {
    std::vector<Key> keys;
    std::size_t seen = 0;
    if (length > limits_.counted) {
      lua_pushnumber(L_, static_cast<double>(length));
    } else {
      lua_pushnil(L_);
    }
    while (lua_next(L_, -2) != 0) {
      lua_pop(L_, 1);
      if (++seen > limits_.counted + length) {
        shot.more_than_that = true;
        lua_pop(L_, 1);
        break;
      }
      Key key;
      key.type = lua_type(L_, -1);
      if (key.type == LUA_TNUMBER) {
        key.number = lua_tonumber(L_, -1);
        const bool item = key.number >= 1 && key.number <= static_cast<double>(length) &&
                          key.number == std::trunc(key.number);
        if (item) continue;
      } else if (key.type == LUA_TSTRING) {
        std::size_t size = 0;
        const char* data = lua_tolstring(L_, -1, &size);
        key.text = {data, size};
      } else if (key.type == LUA_TBOOLEAN) {
        key.truth = lua_toboolean(L_, -1) != 0;
      } else {  // it could not be written down to be looked up again
        ++shot.more_fields;
        continue;
      }
      keys.push_back(key);
    }
    return keys;
  }

  static void sort_keys(std::vector<Key>& keys, const Snapshot::Shape& shape) {
    const auto rank = [&](const Key& key) {
      if (key.type != LUA_TSTRING) return key.type == LUA_TNUMBER ? 0 : 5;
      if (key.text == (shape.id.empty() ? "id" : shape.id)) return 1;
      if (key.text == (shape.label.empty() ? "name" : shape.label)) return 2;
      return key.text == (shape.status.empty() ? "status" : shape.status) ? 3 : 4;
    };
    std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
      const int left = rank(a);
      const int right = rank(b);
      if (left != right) return left < right;
      if (left == 0) return a.number < b.number;
      return left == 5 ? a.truth < b.truth : a.text < b.text;
    });
  }

  Field take_field(const Key& key) {
    Field field;
    if (key.type == LUA_TSTRING) {
      lua_pushlstring(L_, key.text.data(), key.text.size());
      field.name = key.text.substr(0, limits_.text);
      bytes_ += field.name.size();
    } else if (key.type == LUA_TNUMBER) {
      lua_pushnumber(L_, key.number);
      field.name = fmt::format("[{}]", key.number);
      field.is_name = false;
    } else {
      lua_pushboolean(L_, key.truth ? 1 : 0);
      field.name = key.truth ? "[true]" : "[false]";
      field.is_name = false;
    }
    lua_rawget(L_, -2);
    step_ = path_step(key);
    field.value = take(lua_gettop(L_));
    lua_pop(L_, 1);
    return field;
  }

  lua_State* L_;
  const SnapshotLimits& limits_;
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Open> open_;  // the tables that the current one stands in
  std::string step_;        // that leads to the value that is taken next
};

}  // namespace

const Snapshot* Snapshot::find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.is_name && field.name == name) return &field.value;
  }
  return nullptr;
}

Snapshot take_snapshot(lua_State* L, int index, const SnapshotLimits& limits) {
  const int absolute = index > 0 || index <= LUA_REGISTRYINDEX ? index : lua_gettop(L) + index + 1;
  return Camera(L, limits).take(absolute);
}

}  // namespace neap::lua
