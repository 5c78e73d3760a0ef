// What a thing of the platform is called, how it fares, and which of its fields matter first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lua/snapshot.h"
#include "show/look.h"

namespace neap::show {

// A table with a class that names itself.
bool is_thing(const lua::Snapshot& value);

// "protection group demo"; without a name, its id; without either, what it is.
std::string brief(const lua::Snapshot& thing);
// The name alone, or the id; empty when it has neither.
std::string label_of(const lua::Snapshot& thing);

// Whether a field of that name says how a thing of this kind fares.
bool is_status(const lua::Snapshot::Shape& shape, std::string_view field);

// Fields of things of this kind, the ones that matter first: id, name, status, site; then as the
// catalogue's operations name them; then the others, and times last. Fields that it does not tell
// apart stay in the order in which they are.
class FieldOrder {
 public:
  explicit FieldOrder(const lua::Snapshot::Shape& shape);
  // Sorts the names.
  void sort(std::vector<std::string>& names) const;

 private:
  std::size_t rank(std::string_view name) const;
  std::vector<std::string_view> known_;
};

}  // namespace neap::show
