// host.kinds: what the catalogue says of the things that an operation reads, so that the standard
// library need not say it again.
#include "base/text.h"
#include "bindings/catalog_words.h"
#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {
namespace {

void set(lua_State* L, const char* name, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
  lua_setfield(L, -2, name);
}

int describe(lua::Call& call) {
  const std::string_view name = call.text(1);
  const std::size_t colon = name.find(':');
  const cloud::Operation* operation =
      colon == std::string_view::npos
          ? nullptr
          : cloud::find_operation(name.substr(0, colon), name.substr(colon + 1));
  if (operation == nullptr) call.refuse("no operation is called \"" + printable(name) + "\"");
  lua_createtable(call.L, 0, 6);
  set(call.L, "resource", operation->resource);
  set(call.L, "result", operation->result);
  set(call.L, "paging", to_word(operation->paging));
  if (const cloud::Resource* resource = cloud::find_resource(operation->resource)) {
    set(call.L, "id", resource->id);
    set(call.L, "label", resource->label);
    set(call.L, "status", resource->status);
  }
  return 1;
}

constexpr lua::Entry kEntries[] = {
    {"describe", "(operation) -> {resource, result, paging, [id], [label], [status]}", describe},
};

}  // namespace

extern const lua::Module kinds{"host.kinds", kEntries};

}  // namespace neap::bindings
