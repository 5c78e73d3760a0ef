// A picture of a Lua value, taken without running any code of a script: what is shown to people.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

struct lua_State;

namespace neap::lua {

// What a picture may cost, however large the value is.
struct SnapshotLimits {
  std::size_t values = 100'000;  // in all
  std::size_t items = 1'000;     // of one table: so many of its list, and so many of its fields
  std::size_t depth = 16;        // of tables within tables
  std::size_t text = 64u << 10;  // bytes of one text
  std::size_t bytes = 4u << 20;  // of all texts
  std::size_t counted = 20'000;  // keys of one table that are looked at; beyond, they go uncounted
};

struct Snapshot {
  enum class Kind {
    kNil,
    kNull,  // JSON's
    kBoolean,
    kNumber,
    kText,
    kTable,
    kMethods,   // a thing that is known by what it can do: the names stand in `fields`
    kFunction,  // where it is written stands in `text`; empty: it is built in
    kOpaque,    // a task, a file: what it is stands in `type`
    kAgain,     // the table that `text` leads to from the outermost, ".groups[2]", holds it
  };
  struct Field;

  Kind kind = Kind::kNil;
  bool truth = false;
  double number = 0;
  std::string text;     // of a number from JSON beyond a double, its digits
  std::size_t cut = 0;  // bytes of the text that were left out

  std::string type;  // what the class of a table calls itself: "protection group", "job", "Error"
  // Of a thing of the catalogue: what it is called there, and which of its fields say what.
  struct Shape {
    std::string resource;
    std::string id;
    std::string label;
    std::string status;
  } shape;

  bool is_list = false;         // a table without fields that holds items, or is marked as a list
  std::vector<Snapshot> items;  // [1], [2], …
  std::vector<Field> fields;    // numbers first, then id, name and status, then in alphabetic order
  std::size_t more_items = 0;   // that were left out
  std::size_t more_fields = 0;
  bool more_than_that = false;  // and others that nobody has counted

  // Of a table, the field of that name; nullptr when there is none.
  const Snapshot* find(std::string_view name) const;
  bool is_scalar() const { return kind != Kind::kTable; }
};

struct Snapshot::Field {
  std::string name;  // text keys as they are, others as Lua writes them: "[42]", "[true]"
  bool is_name = true;
  Snapshot value;
};

// Of the value at that index. Nothing of the script runs: tables are read raw, and of metatables
// the plain texts that name a class (`__name`, `__shape`). To be called under protection: there may
// be too little memory.
Snapshot take_snapshot(lua_State* L, int index, const SnapshotLimits& limits = {});

}  // namespace neap::lua
