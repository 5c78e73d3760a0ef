// A look at the things that a changing call is about: before it is sent, and when its answer was
// lost.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cloud/client.h"
#include "cloud/view.h"
#include "loop/loop.h"

namespace neap::cloud {

struct Look {
  View view;
  // Not later than when the platform was asked, by our clock and by its own.
  UtcTime at{};
  // The thing itself, all of several, or for a creation all of its name, as they were answered.
  std::vector<json::Object> things;
};

// Whether anything can be read that tells about calls of this operation.
bool can_be_looked_up(const Operation& operation);
// The ids that the call names, in its order: one, or those of a list.
std::vector<std::string> ids_of(const Operation& operation, const json::Object& arguments);

// Looks at what a call of these arguments is about, with the operations that its Lookup names: the
// thing or things themselves or, for a creation, all things of its name, of which `mark` tells the
// right one. An error says nothing about the thing. Calls `done` once, from the loop, unless the
// Owner is dropped.
Owner look(Client& client, Loop& loop, const Operation& operation, const json::Object& arguments,
           std::string mark, Function<void(Result<Look>)> done);
// Looks at the things of these ids, which the operation may have made.
Owner look_at(Client& client, Loop& loop, const Operation& operation,
              const std::vector<std::string>& ids, Function<void(Result<Look>)> done);

}  // namespace neap::cloud
