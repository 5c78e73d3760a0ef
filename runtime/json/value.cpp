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

void Object::set(std::string key, Value value) {
  for (Member& member : members_) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return;
  }
  members_.emplace_back(std::move(key), std::move(value));
}

}  // namespace neap::json
