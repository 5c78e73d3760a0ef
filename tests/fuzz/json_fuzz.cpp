// Fuzz target: any bytes either are refused or decode, encode and decode to the same value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <lua.hpp>

#include "json/document.h"
#include "json/writer.h"
#include "lua/json.h"
#include "lua/value.h"

namespace {

struct Close {
  void operator()(lua_State* L) const { lua_close(L); }
};

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace neap;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::unique_ptr<lua_State, Close> state(luaL_newstate());
  lua_State* L = state.get();
  json::Limits limits;
  limits.nodes = 10'000;
  const Result<json::Document> document = json::Document::parse(text, limits);
  if (!document) {
    expect(document.error().kind == ErrorKind::kArgument && !document.error().message.empty());
    return 0;
  }
  const Result<json::Document> again = json::Document::parse(json::write(document->value()));
  expect(again && again->value() == document->value());
  lua::push_json(L, *document);
  const std::string once = lua::encode_json(L, -1);
  lua::decode_json(L, once);
  expect(lua::encode_json(L, -1) == once);
  lua_settop(L, 0);
  return 0;
}
