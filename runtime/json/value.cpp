#include "json/value.h"

#include <algorithm>
#include <numeric>

namespace neap::json {

Object::Object(std::vector<Member> members) : members_(std::move(members)) {
  std::vector<std::size_t> by_key(members_.size());
  std::iota(by_key.begin(), by_key.end(), std::size_t{0});
  std::stable_sort(by_key.begin(), by_key.end(), [this](std::size_t a, std::size_t b) {
    return members_[a].first < members_[b].first;
  });
  std::vector<bool> superseded(members_.size(), false);
  std::size_t first = 0;  // of a run of equal keys, as a place in by_key
  bool any = false;
  for (std::size_t i = 1; i < by_key.size(); ++i) {
    if (members_[by_key[i]].first != members_[by_key[first]].first) {
      first = i;
      continue;
    }
    members_[by_key[first]].second = std::move(members_[by_key[i]].second);
    superseded[by_key[i]] = any = true;
  }
  if (!any) return;
  std::vector<Member> kept;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!superseded[i]) kept.push_back(std::move(members_[i]));
  }
  members_ = std::move(kept);
}

const Value* Object::find(std::string_view key) const {
  for (const Member& member : members_) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

std::string Object::text(std::string_view key) const {
  const Value* value = find(key);
  const auto* text = value != nullptr ? value->as<std::string>() : nullptr;
  return text != nullptr ? *text : std::string();
}

std::optional<double> Object::number(std::string_view key) const {
  const Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* whole = value->as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* number = value->as<double>()) return *number;
  return std::nullopt;
}

const Array& Object::list(std::string_view key) const {
  static const Array kNone;
  const Value* value = find(key);
  const auto* list = value != nullptr ? value->as<Array>() : nullptr;
  return list != nullptr ? *list : kNone;
}

const Object* Object::object(std::string_view key) const {
  const Value* value = find(key);
  return value != nullptr ? value->as<Object>() : nullptr;
}

bool Object::flag(std::string_view key) const {
  const Value* value = find(key);
  const auto* flag = value != nullptr ? value->as<bool>() : nullptr;
  return flag != nullptr && *flag;
}

void Object::set(std::string key, Value value) {
  for (Member& member : members_) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return;
  }
  members_.emplace_back(std::move(key), std::move(value));
}

}  // namespace neap::json
