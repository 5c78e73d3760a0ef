// What JSON keeps in each Lua state: a parser, null, the mark of arrays, and learnt constructors.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <lua.hpp>

#include "json/document.h"

namespace neap::lua {

// Objects that look alike (same keys, same order) come in hundreds. After a few sightings a shape
// gets a generated Lua function `function(a0, a1) return {k0 = a0, k1 = a1} end`, whose table
// template spares interning the keys and growing the table, with the JIT off as well.
//
// Hostile texts could make it generate code without end, so the number of shapes, their size and
// the number of functions ever generated are bounded; beyond that, tables are built plainly.
class ShapeCache {
 public:
  static constexpr std::size_t kShapes = 256;
  static constexpr std::size_t kFewestKeys = 2;
  static constexpr std::size_t kMostKeys = 60;
  static constexpr std::size_t kMostKeyBytes = 2048;  // of one shape
  static constexpr int kSightings = 3;                // before a function is generated
  static constexpr int kMostGenerated = 1024;

  // The slot of the function that builds the object at `at`, or -1 when there is none (yet).
  // `slots` is the stack index of the table that holds the functions, from `first_slot` on.
  int find(lua_State* L, int slots, int first_slot, const json::Tape& tape, std::size_t at);

 private:
  struct Shape {
    std::size_t count = 0;
    std::string keys;   // as on the tape: size, bytes
    int sightings = 0;  // falls again when other objects claim the place
    bool generated = false;
  };

  void learn(Shape& shape, const json::Tape& tape, std::size_t at);

  std::array<Shape, kShapes> shapes_;
  int generated_ = 0;
};

struct JsonCodec {
  json::Parser parser;
  ShapeCache shapes;

  static constexpr int kNullSlot = 1;
  static constexpr int kArraySlot = 2;
  static constexpr int kFirstShapeSlot = 3;
};

// Pushes the codec's table of slots; the codec is made at the first call and lives as long as the
// Lua state.
JsonCodec& push_json_codec(lua_State* L);

}  // namespace neap::lua
