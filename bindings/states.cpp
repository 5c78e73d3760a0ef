// host.states: what the states of things can come to (cloud/states.h).
#include "cloud/states.h"

#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {
namespace {

int reachable(lua::Call& call) {
  const std::string_view resource = call.text(1);
  if (cloud::find_resource(resource) == nullptr) call.refuse("argument 1 names no kind of thing");
  return call.give(cloud::reachable(resource, call.text(2), call.text(3)));
}

constexpr lua::Entry kEntries[] = {
    {"reachable",
     "(resource, status, target) -> whether it may still come to that; target \"\" means gone",
     reachable},
};

}  // namespace

extern const lua::Module states{"host.states", kEntries};

}  // namespace neap::bindings
