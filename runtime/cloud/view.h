// What can be seen of the things that a changing call is about, in forms to compare, keep and say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cloud/catalog.h"
#include "json/value.h"

namespace neap::cloud {

// What a look showed; what the answer did not hold is empty.
struct View {
  bool found = true;  // false: the platform says that there is no such thing
  std::string name;
  std::string status;
  std::string station;  // which site serves it
  std::string updated_at;
  // What stands in Lookup::set or Lookup::field; of a unique creation, in all that was asked for.
  json::Object set;
  std::vector<std::string> ids;  // creations: of all things of exactly the asked name
  std::string marked;            // the one of them that carries the mark
  // Where a call acts on several things: each, in the order in which the call names them.
  std::vector<View> rows;
  bool operator==(const View&) const = default;
};

// Of a thing as the platform answers it, for a call of these arguments.
View view_of(const Operation& operation, const json::Object& arguments, const json::Object& thing);
// Of several things, each found or not.
View view_of_all(std::vector<View> rows);

// The form that the log keeps.
json::Object to_json(const View& view);
View parse_view(const json::Object& fields);

// "group demo is protected, production is source"; "2 servers: web-1 is ACTIVE, web-2 is SHUTOFF"
std::string describe_thing(const Operation& operation, const View& view);
// The same, or for a creation which things of the name there are.
std::string describe(const Operation& operation, const View& view);
// What people call such a thing: "group", "instance", "pair".
std::string_view noun(const Operation& operation);
// What the catalogue says of the kind of thing that the operation acts on.
const Resource& resource_of(const Operation& operation);

// A text as it is, nothing for null, numbers and flags as JSON writes them.
std::string plain_text(const json::Value& value);
std::string plain_text(const json::Object& thing, std::string_view field);
// Whether what was asked for stands there: every member of an object that was asked for, every item
// of a list in any order, a number also as its text.
bool shows(const json::Value& seen, const json::Value& asked);
// The ids that an argument names: itself, or the texts or "id" members of a list.
std::vector<std::string> ids_in(const json::Value& argument);

}  // namespace neap::cloud
