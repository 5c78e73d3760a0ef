#include "lua/json.h"

#include <charconv>
#include <iterator>

#include "json/writer.h"
#include "lua/json_codec.h"
#include "lua/value.h"

namespace neap::lua {
namespace {

template <class Integer>
void push_digits(lua_State* L, Integer n) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, std::end(digits), n);
  lua_pushlstring(L, digits, static_cast<std::size_t>(end - digits));
}

// Walks a tape once, leaving its value on the stack. Holds no resources: a Lua error may unwind it.
class TapePusher {
 public:
  // Keeps the codec's slots, null and the mark of arrays at fixed places below the values.
  TapePusher(lua_State* L, const json::Tape& tape)
      : L_(L), tape_(tape), slots_(lua_gettop(L) + 1), shapes_(push_json_codec(L).shapes) {
    lua_rawgeti(L, slots_, JsonCodec::kNullSlot);
    lua_rawgeti(L, slots_, JsonCodec::kArraySlot);
  }

  // Leaves one value where the codec's slots were.
  void run() {
    push(json::Tape::kFirst);
    lua_replace(L_, slots_);
    lua_settop(L_, slots_);
  }

 private:
  int null_index() const { return slots_ + 1; }
  int mark_index() const { return slots_ + 2; }

  void reserve(std::size_t values) {
    if (lua_checkstack(L_, static_cast<int>(values))) return;
    throw Failure(ErrorKind::kArgument, "invalid JSON: it is nested too deeply for a Lua table");
  }

  // Returns the place behind the value.
  std::size_t push(std::size_t at) {
    switch (tape_.type(at)) {
      case '{':
        push_object(at);
        return tape_.end(at) + 1;
      case '[':
        push_array(at);
        return tape_.end(at) + 1;
      case '"': {
        const std::string_view text = tape_.text(at);
        lua_pushlstring(L_, text.data(), text.size());
        return at + 1;
      }
      case 'l':
        push_integer(tape_.integer(at));
        return at + 2;
      case 'u':
        push_digits(L_, tape_.natural(at));
        return at + 2;
      case 'd':
        lua_pushnumber(L_, tape_.real(at));
        return at + 2;
      case 't':
      case 'f':
        lua_pushboolean(L_, tape_.type(at) == 't');
        return at + 1;
      default:
        lua_pushvalue(L_, null_index());
        return at + 1;
    }
  }

  void push_integer(std::int64_t n) {
    if (n > json::kMostExact || n < -json::kMostExact) {
      push_digits(L_, n);
    } else {
      lua_pushnumber(L_, static_cast<lua_Number>(n));
    }
  }

  void push_array(std::size_t array) {
    constexpr std::size_t kSpare = 8;
    reserve(kSpare);
    lua_createtable(L_, static_cast<int>(tape_.count(array)), 0);
    lua_pushvalue(L_, mark_index());
    lua_setmetatable(L_, -2);
    const std::size_t end = tape_.end(array);
    int i = 1;
    for (std::size_t at = array + 1; at < end; ++i) {
      at = push(at);
      lua_rawseti(L_, -2, i);
    }
  }

  void push_object(std::size_t object) {
    constexpr std::size_t kSpare = 8;
    reserve(ShapeCache::kMostKeys + kSpare);
    const int slot = shapes_.find(L_, slots_, JsonCodec::kFirstShapeSlot, tape_, object);
    if (slot < 0) return push_plain_object(object);
    lua_rawgeti(L_, slots_, slot);
    const std::size_t end = tape_.end(object);
    for (std::size_t at = object + 1; at < end;) at = push(at + 1);
    lua_call(L_, static_cast<int>(tape_.count(object)), 1);
  }

  void push_plain_object(std::size_t object) {
    lua_createtable(L_, 0, static_cast<int>(tape_.count(object)));
    const std::size_t end = tape_.end(object);
    for (std::size_t at = object + 1; at < end;) {
      const std::string_view key = tape_.text(at);
      lua_pushlstring(L_, key.data(), key.size());
      at = push(at + 1);
      lua_rawset(L_, -3);
    }
  }

  lua_State* L_;
  json::Tape tape_;
  int slots_;
  ShapeCache& shapes_;
};

}  // namespace

void push_json(lua_State* L, const json::Document& document) {
  TapePusher(L, document.tape()).run();
}

void decode_json(lua_State* L, std::string_view text, const json::Limits& limits) {
  JsonCodec& codec = push_json_codec(L);
  lua_pop(L, 1);
  Result<json::Document> document = codec.parser.parse(text, limits);
  if (!document) throw Failure(std::move(document.error()));
  push_json(L, *document);
}

std::string encode_json(lua_State* L, int index) {
  return json::write(to_value(L, index));
}

void push_json_null(lua_State* L) {
  push_json_codec(L);
  lua_rawgeti(L, -1, JsonCodec::kNullSlot);
  lua_remove(L, -2);
}

bool is_json_null(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TUSERDATA) return false;
  const void* candidate = lua_touserdata(L, index);
  push_json_null(L);
  const bool same = lua_touserdata(L, -1) == candidate;
  lua_pop(L, 1);
  return same;
}

void mark_json_array(lua_State* L, int index) {
  lua_pushvalue(L, index);
  push_json_codec(L);
  lua_rawgeti(L, -1, JsonCodec::kArraySlot);
  lua_setmetatable(L, -3);
  lua_pop(L, 2);
}

bool is_json_array(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index)) return false;
  push_json_codec(L);
  lua_rawgeti(L, -1, JsonCodec::kArraySlot);
  const bool marked = lua_rawequal(L, -1, -3) != 0;
  lua_pop(L, 3);
  return marked;
}

}  // namespace neap::lua
