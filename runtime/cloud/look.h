// A look at the thing that a changing call is about: before it is sent, and when its answer was
// lost.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cloud/client.h"

namespace neap::cloud {

// What a look showed; what the answer did not hold is empty.
struct View {
  bool found = true;  // false: the platform says that there is no such thing
  std::string name;
  std::string status;
  std::string station;  // which site serves it
  std::string updated_at;
  std::string set;               // what stands in Lookup::set
  std::vector<std::string> ids;  // creations: of all things of exactly the asked name
  std::string marked;            // the one of them that carries the mark
  bool operator==(const View&) const = default;
};

// The form that the log keeps.
json::Object to_json(const View& view);
View parse_view(const json::Object& fields);
// "group demo is protected, production is source"
std::string describe_thing(const Operation& operation, const View& view);
// The same, or for a creation which things of the name there are.
std::string describe(const Operation& operation, const View& view);
// What people call such a thing: "group", "instance", "pair".
std::string_view noun(const Operation& operation);

struct Look {
  View view;
  // Not later than when the platform was asked, by our clock and by its own.
  UtcTime at{};
  std::string body;  // the answer
};

// Looks at what a call of these arguments is about, with the operations that its Lookup names: the
// thing itself or, for a creation, all things of its name, of which `mark` tells the right one. An
// error says nothing about the thing. Calls `done` once, from the loop, unless the Owner is
// dropped.
Owner look(Client& client, Loop& loop, const Operation& operation, const json::Object& arguments,
           std::string mark, Function<void(Result<Look>)> done);
// Looks at the thing of the id that `arguments` hold under Lookup::id, a created one too.
Owner look_at(Client& client, Loop& loop, const Operation& operation, const json::Object& arguments,
              Function<void(Result<Look>)> done);

}  // namespace neap::cloud
