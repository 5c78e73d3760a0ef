// host.json: JSON for scripts.
#include "lua/json.h"

#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {
namespace {

int decode(lua::Call& call) {
  lua::decode_json(call.L, call.text(1));
  return 1;
}

int encode(lua::Call& call) {
  if (lua_isnone(call.L, 1)) call.refuse("argument 1 is missing");
  return call.give(std::string_view(lua::encode_json(call.L, 1)));
}

int null(lua::Call& call) {
  lua::push_json_null(call.L);
  return 1;
}

int array(lua::Call& call) {
  if (!call.given(1)) lua_newtable(call.L);
  call.expect_table(1);
  lua::mark_json_array(call.L, 1);
  lua_settop(call.L, 1);
  return 1;
}

constexpr lua::Entry kEntries[] = {
    {"decode", "(text) -> value", decode},
    {"encode", "(value) -> text", encode},
    {"null", "() -> the null sentinel", null},
    {"array", "([table]) -> the table, marked as an array", array},
};

}  // namespace

extern const lua::Module json{"host.json", kEntries};

}  // namespace neap::bindings
