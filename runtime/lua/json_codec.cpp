#include "lua/json_codec.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace neap::lua {
namespace {

constexpr char kCodecKey = 0;  // its address is the name in the registry

std::size_t slot_of(const json::Tape& tape, std::size_t object) {
  const std::string_view key = tape.text(object + 1);
  std::uint64_t head = 0;
  std::memcpy(&head, key.data(), std::min(key.size(), sizeof head));
  const std::uint64_t mixed =
      (head + key.size() + tape.count(object) * 0x4F6C'DD1D) * 0x9E37'79B9'7F4A'7C15;
  return mixed >> 56;
}
static_assert(ShapeCache::kShapes == 256);

bool has_keys(const std::string& keys, const json::Tape& tape, std::size_t object) {
  const char* expected = keys.data();
  const std::size_t end = tape.end(object);
  for (std::size_t at = object + 1; at < end; at = tape.after(at + 1)) {
    std::uint32_t size = 0;
    std::memcpy(&size, expected, sizeof size);
    const std::string_view key = tape.text(at);
    if (key.size() != size || std::memcmp(key.data(), expected + sizeof size, size) != 0) {
      return false;
    }
    expected += sizeof size + size;
  }
  return true;
}

std::string keys_of(const json::Tape& tape, std::size_t object) {
  std::string keys;
  const std::size_t end = tape.end(object);
  for (std::size_t at = object + 1; at < end; at = tape.after(at + 1)) {
    const std::string_view key = tape.text(at);
    const auto size = static_cast<std::uint32_t>(key.size());
    keys.append(reinterpret_cast<const char*>(&size), sizeof size).append(key);
  }
  return keys;
}

// Every byte of a key is escaped: no key can end its literal.
std::string constructor_source(const json::Tape& tape, std::size_t object) {
  std::string parameters;
  std::string fields;
  int i = 0;
  const std::size_t end = tape.end(object);
  for (std::size_t at = object + 1; at < end; at = tape.after(at + 1), ++i) {
    parameters += fmt::format("{}a{}", i == 0 ? "" : ",", i);
    fields += "[\"";
    for (const char c : tape.text(at)) {
      fields += fmt::format("\\{:03}", static_cast<unsigned char>(c));
    }
    fields += fmt::format("\"]=a{},", i);
  }
  return fmt::format("return function({}) return {{{}}} end", parameters, fields);
}

int delete_codec(lua_State* L) {
  delete *static_cast<JsonCodec**>(lua_touserdata(L, 1));
  return 0;
}

int null_to_text(lua_State* L) {
  lua_pushliteral(L, "null");
  return 1;
}

// Gives the metatable on the top a name that scripts see in its place, so that none can change
// what all arrays, or null, share.
void seal(lua_State* L, const char* name) {
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
}

// Pushes the table of slots.
void push_new_slots(lua_State* L) {
  lua_createtable(L, static_cast<int>(ShapeCache::kShapes) + JsonCodec::kFirstShapeSlot, 0);
  lua_newuserdata(L, 0);
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, null_to_text);
  lua_setfield(L, -2, "__tostring");
  seal(L, "json.null");
  lua_setmetatable(L, -2);
  lua_rawseti(L, -2, JsonCodec::kNullSlot);
  lua_createtable(L, 0, 1);
  seal(L, "json.array");
  lua_rawseti(L, -2, JsonCodec::kArraySlot);
}

// Pushes the table of slots of a codec made now. The holder is complete before the codec is
// allocated, so a Lua memory error cannot leak it.
JsonCodec& push_new_codec(lua_State* L) {
  auto** holder = static_cast<JsonCodec**>(lua_newuserdata(L, sizeof(void*)));
  *holder = nullptr;
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, delete_codec);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  push_new_slots(L);
  lua_pushvalue(L, -1);
  lua_setfenv(L, -3);
  *holder = new JsonCodec();
  lua_pushlightuserdata(L, const_cast<char*>(&kCodecKey));
  lua_pushvalue(L, -3);
  lua_rawset(L, LUA_REGISTRYINDEX);
  lua_remove(L, -2);
  return **holder;
}

}  // namespace

int ShapeCache::find(lua_State* L, int slots, int first_slot, const json::Tape& tape,
                     std::size_t at) {
  const std::size_t count = tape.count(at);
  if (count < kFewestKeys || count > kMostKeys) return -1;
  const std::size_t place = slot_of(tape, at);
  const int slot = first_slot + static_cast<int>(place);
  Shape& shape = shapes_[place];
  if (shape.count != count || !has_keys(shape.keys, tape, at)) {
    // Another shape lives here: it has to be the rarer one before it is given up.
    if (--shape.sightings < 0) learn(shape, tape, at);
    return -1;
  }
  if (shape.sightings < kSightings) ++shape.sightings;
  if (shape.generated) return slot;
  if (shape.sightings < kSightings || generated_ >= kMostGenerated) return -1;
  ++generated_;
  const std::string source = constructor_source(tape, at);
  if (luaL_loadbuffer(L, source.data(), source.size(), "=json") != 0) lua_error(L);
  lua_call(L, 0, 1);
  lua_rawseti(L, slots, slot);
  shape.generated = true;
  return slot;
}

void ShapeCache::learn(Shape& shape, const json::Tape& tape, std::size_t at) {
  shape = Shape{};
  std::string keys = keys_of(tape, at);
  if (keys.size() > kMostKeyBytes) return;
  shape.count = tape.count(at);
  shape.keys = std::move(keys);
  shape.sightings = 1;
}

JsonCodec& push_json_codec(lua_State* L) {
  lua_pushlightuserdata(L, const_cast<char*>(&kCodecKey));
  lua_rawget(L, LUA_REGISTRYINDEX);
  auto** holder = static_cast<JsonCodec**>(lua_touserdata(L, -1));
  if (holder == nullptr) {
    lua_pop(L, 1);
    return push_new_codec(L);
  }
  lua_getfenv(L, -1);
  lua_remove(L, -2);
  return **holder;
}

}  // namespace neap::lua
