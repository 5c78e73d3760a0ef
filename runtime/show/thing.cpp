#include "show/thing.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "cloud/catalog.h"

namespace neap::show {
namespace {

using lua::Snapshot;

std::string text_of(const Snapshot& thing, std::string_view field) {
  const Snapshot* value = thing.find(field);
  return value != nullptr && value->kind == Snapshot::Kind::kText ? printable(value->text)
                                                                  : std::string();
}

std::string_view or_else(const std::string& name, std::string_view fallback) {
  return name.empty() ? fallback : std::string_view(name);
}

// A field that says when: those follow what a thing is.
bool is_time(std::string_view name) {
  return name.ends_with("_at") || name.ends_with("_time") || name == "created" || name == "updated";
}

void add_params(std::span<const cloud::Param> params, std::vector<std::string_view>& names) {
  for (const cloud::Param& param : params) {
    if (std::find(names.begin(), names.end(), param.name) == names.end()) {
      names.push_back(param.name);
    }
  }
}

}  // namespace

bool is_thing(const Snapshot& value) {
  return value.kind == Snapshot::Kind::kTable && !value.type.empty();
}

std::string label_of(const Snapshot& thing) {
  const std::string label = text_of(thing, or_else(thing.shape.label, "name"));
  return label.empty() ? text_of(thing, or_else(thing.shape.id, "id")) : label;
}

std::string brief(const Snapshot& thing) {
  const std::string label = label_of(thing);
  return printable(thing.type) + (label.empty() ? "" : " " + label);
}

bool is_status(const Snapshot::Shape& shape, std::string_view field) {
  return field == or_else(shape.status, "status") || field == "status" ||
         field.ends_with("_status");
}

FieldOrder::FieldOrder(const Snapshot::Shape& shape)
    : known_{or_else(shape.id, "id"), or_else(shape.label, "name"),
             or_else(shape.status, "status")} {
  if (shape.resource.empty()) return;
  if (const cloud::Resource* resource = cloud::find_resource(shape.resource)) {
    if (!resource->station.empty()) known_.push_back(resource->station);
  }
  for (const bool creations : {true, false}) {
    for (const cloud::Operation& operation : cloud::catalog()) {
      const bool creates = operation.effect == cloud::Effect::kCreate;
      if (operation.resource == shape.resource && creates == creations) {
        add_params(operation.params, known_);
      }
    }
  }
}

std::size_t FieldOrder::rank(std::string_view name) const {
  const auto found = std::find(known_.begin(), known_.end(), name);
  const auto place = static_cast<std::size_t>(found - known_.begin());
  return found == known_.end() && is_time(name) ? place + 1 : place;
}

void FieldOrder::sort(std::vector<std::string>& names) const {
  std::map<std::string, std::size_t, std::less<>> ranks;
  for (const std::string& name : names) ranks.emplace(name, rank(name));
  std::stable_sort(names.begin(), names.end(),
                   [&](const std::string& a, const std::string& b) { return ranks[a] < ranks[b]; });
}

}  // namespace neap::show
