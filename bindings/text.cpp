// host.text: text helpers that the standard library of Lua lacks.
#include "base/text.h"

#include "host.h"
#include "lua/bind.h"
#include "lua/value.h"

namespace neap::bindings {
namespace {

int did_you_mean(lua::Call& call) {
  std::vector<std::string> candidates;
  const json::Value value = lua::to_value(call.L, 2);
  if (const auto* list = value.as<json::Array>()) {
    for (const json::Value& row : *list) {
      if (const auto* text = row.as<std::string>()) candidates.push_back(*text);
    }
  }
  return call.give(std::string_view(neap::did_you_mean(call.text(1), candidates)));
}

int printable(lua::Call& call) {
  return call.give(std::string_view(neap::printable(call.text(1))));
}

int width(lua::Call& call) {
  return call.give(static_cast<double>(display_width(call.text(1))));
}

constexpr lua::Entry kEntries[] = {
    {"did_you_mean", "(word, candidates) -> text, maybe empty", did_you_mean},
    {"printable", "(text) -> text safe for a terminal", printable},
    {"width", "(text) -> columns on a terminal", width},
};

}  // namespace

extern const lua::Module text{"host.text", kEntries};

}  // namespace neap::bindings
