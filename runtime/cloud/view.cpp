#include "cloud/view.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "json/writer.h"

namespace neap::cloud {
namespace {

constexpr Resource kAnything{.name = "thing", .noun = "thing", .status = ""};
constexpr std::size_t kMostListed = 5;  // of several things, in a sentence

void set_text(json::Object& fields, std::string_view name, const std::string& text) {
  if (!text.empty()) fields.set(std::string(name), text);
}

// What the thing shows of what the call is to change.
json::Object told_by(const Operation& operation, const json::Object& arguments,
                     const json::Object& thing) {
  json::Object set;
  const auto take = [&](std::string_view field) {
    if (const json::Value* value = thing.find(field)) set.set(std::string(field), *value);
  };
  if (!operation.lookup.field.empty()) take(operation.lookup.field);
  for (const std::string_view name : operation.lookup.set) {
    if (arguments.find(name) != nullptr) take(name);
  }
  if (!operation.lookup.unique) return set;
  for (const Param& param : operation.params) {
    if (param.place == Place::kBody && arguments.find(param.name) != nullptr) take(param.name);
  }
  return set;
}

std::string named(const View& view) {
  return view.name.empty() ? std::string() : " " + printable(view.name);
}

// "is protected, production is source"
std::string state_of(const View& view) {
  if (!view.found) return "is not there";
  std::string text = view.status.empty() ? "is there" : "is " + printable(view.status);
  if (!view.station.empty()) text += ", production is " + printable(view.station);
  return text;
}

std::string describe_rows(std::string_view thing, const std::vector<View>& rows) {
  std::vector<std::string> parts;
  if (rows.size() <= kMostListed) {
    for (const View& row : rows) {
      parts.push_back((row.name.empty() ? std::string("one") : printable(row.name)) + " " +
                      state_of(row));
    }
  } else {
    std::map<std::string, int> counts;
    for (const View& row : rows) ++counts[state_of(row).substr(3)];
    for (const auto& [state, count] : counts) {
      parts.push_back(fmt::format("{} {} {}", count, count == 1 ? "is" : "are", state));
    }
  }
  return fmt::format("{} {}s: {}", rows.size(), thing, join(parts, ", "));
}

bool shows_members(const json::Object& seen, const json::Object& asked) {
  return std::all_of(asked.begin(), asked.end(), [&](const json::Member& member) {
    const json::Value* value = seen.find(member.first);
    return value != nullptr && shows(*value, member.second);
  });
}

bool shows_items(const json::Array& seen, const json::Array& asked) {
  return seen.size() == asked.size() &&
         std::all_of(asked.begin(), asked.end(), [&](const json::Value& item) {
           return std::any_of(seen.begin(), seen.end(),
                              [&](const json::Value& there) { return shows(there, item); });
         });
}

}  // namespace

View view_of(const Operation& operation, const json::Object& arguments, const json::Object& thing) {
  const Resource& resource = resource_of(operation);
  return View{.name = plain_text(thing, resource.label),
              .status = plain_text(thing, resource.status),
              .station = plain_text(thing, resource.station),
              .updated_at = plain_text(thing, resource.updated),
              .set = told_by(operation, arguments, thing),
              .ids = {},
              .marked = {},
              .rows = {}};
}

View view_of_all(std::vector<View> rows) {
  View view;
  view.found = std::any_of(rows.begin(), rows.end(), [](const View& row) { return row.found; });
  view.rows = std::move(rows);
  return view;
}

json::Object to_json(const View& view) {
  json::Object fields;
  if (!view.found) fields.set("found", false);
  set_text(fields, "name", view.name);
  set_text(fields, "status", view.status);
  set_text(fields, "priority_station", view.station);
  set_text(fields, "updated_at", view.updated_at);
  if (!view.set.empty()) fields.set("set", view.set);
  if (!view.ids.empty()) fields.set("ids", json::Array(view.ids.begin(), view.ids.end()));
  set_text(fields, "marked", view.marked);
  if (view.rows.empty()) return fields;
  json::Array rows;
  for (const View& row : view.rows) rows.emplace_back(to_json(row));
  fields.set("rows", std::move(rows));
  return fields;
}

View parse_view(const json::Object& fields) {
  View view{.found = fields.find("found") == nullptr,
            .name = fields.text("name"),
            .status = fields.text("status"),
            .station = fields.text("priority_station"),
            .updated_at = fields.text("updated_at"),
            .set = {},
            .ids = {},
            .marked = fields.text("marked"),
            .rows = {}};
  if (const json::Object* set = fields.object("set")) view.set = *set;
  for (const json::Value& id : fields.list("ids")) {
    if (const auto* text = id.as<std::string>()) view.ids.push_back(*text);
  }
  for (const json::Value& row : fields.list("rows")) {
    if (const auto* object = row.as<json::Object>()) view.rows.push_back(parse_view(*object));
  }
  return view;
}

std::string describe_thing(const Operation& operation, const View& view) {
  const std::string_view thing = noun(operation);
  if (!view.rows.empty()) return describe_rows(thing, view.rows);
  if (!view.found) return fmt::format("the {} is not there", thing);
  return fmt::format("{}{} {}", thing, named(view), state_of(view));
}

std::string describe(const Operation& operation, const View& view) {
  if (operation.effect != Effect::kCreate) return describe_thing(operation, view);
  const std::string_view thing = noun(operation);
  if (view.ids.empty()) return fmt::format("no {} of that name is there", thing);
  return fmt::format("of that name there {} {} {}", view.ids.size() == 1 ? "is" : "are", thing,
                     printable(join(view.ids, ", ")));
}

std::string_view noun(const Operation& operation) {
  return resource_of(operation).noun;
}

const Resource& resource_of(const Operation& operation) {
  const Resource* found = find_resource(operation.resource);
  return found != nullptr ? *found : kAnything;
}

std::string plain_text(const json::Value& value) {
  if (value.is_null()) return {};
  const auto* text = value.as<std::string>();
  return text != nullptr ? *text : json::write(value);
}

std::string plain_text(const json::Object& thing, std::string_view field) {
  const json::Value* value = field.empty() ? nullptr : thing.find(field);
  return value != nullptr ? plain_text(*value) : std::string();
}

bool shows(const json::Value& seen, const json::Value& asked) {
  if (const auto* members = asked.as<json::Object>()) {
    const auto* there = seen.as<json::Object>();
    return there != nullptr && shows_members(*there, *members);
  }
  if (const auto* items = asked.as<json::Array>()) {
    const auto* there = seen.as<json::Array>();
    return there != nullptr && shows_items(*there, *items);
  }
  return plain_text(seen) == plain_text(asked);
}

std::vector<std::string> ids_in(const json::Value& argument) {
  const auto* list = argument.as<json::Array>();
  if (list == nullptr) return {plain_text(argument)};
  std::vector<std::string> ids;
  for (const json::Value& item : *list) {
    const auto* object = item.as<json::Object>();
    ids.push_back(object != nullptr ? object->text("id") : plain_text(item));
  }
  return ids;
}

}  // namespace neap::cloud
