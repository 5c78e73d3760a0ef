#include "show/from_json.h"

#include <cmath>
#include <variant>

#include <fmt/format.h>

namespace neap::show {
namespace {

using Kind = lua::Snapshot::Kind;

struct ToSnapshot {
  lua::Snapshot operator()(json::Null) const { return of(Kind::kNull); }

  lua::Snapshot operator()(bool truth) const {
    lua::Snapshot shot = of(Kind::kBoolean);
    shot.truth = truth;
    return shot;
  }

  lua::Snapshot operator()(std::int64_t n) const {
    lua::Snapshot shot = of(Kind::kNumber);
    shot.number = static_cast<double>(n);
    constexpr std::int64_t kExact = std::int64_t{1} << 53;
    if (n > kExact || n < -kExact) shot.text = fmt::format("{}", n);
    return shot;
  }

  lua::Snapshot operator()(double n) const {
    lua::Snapshot shot = of(Kind::kNumber);
    shot.number = n;
    return shot;
  }

  lua::Snapshot operator()(const std::string& text) const {
    lua::Snapshot shot = of(Kind::kText);
    shot.text = text;
    return shot;
  }

  lua::Snapshot operator()(const json::Array& items) const {
    lua::Snapshot shot = of(Kind::kTable);
    shot.is_list = true;
    shot.items.reserve(items.size());
    for (const json::Value& item : items) shot.items.push_back(snapshot_of(item));
    return shot;
  }

  lua::Snapshot operator()(const json::Object& object) const {
    lua::Snapshot shot = of(Kind::kTable);
    shot.fields.reserve(object.size());
    for (const auto& [name, value] : object) {
      shot.fields.push_back({name, true, snapshot_of(value)});
    }
    return shot;
  }

 private:
  static lua::Snapshot of(Kind kind) {
    lua::Snapshot shot;
    shot.kind = kind;
    return shot;
  }
};

}  // namespace

lua::Snapshot snapshot_of(const json::Value& value) {
  return std::visit(ToSnapshot{}, value.data());
}

}  // namespace neap::show
