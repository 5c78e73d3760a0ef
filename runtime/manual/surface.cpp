#include "manual/surface.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/catalog.h"
#include "manual/library.h"

namespace neap::manual {
namespace {

const json::Object& object_of(const json::Value& value) {
  static const json::Object kNone;
  const auto* object = value.as<json::Object>();
  return object != nullptr ? *object : kNone;
}

std::vector<std::string> texts_of(const json::Object& row, std::string_view name) {
  std::vector<std::string> texts;
  for (const json::Value& value : row.list(name)) {
    if (const auto* text = value.as<std::string>()) texts.push_back(*text);
  }
  return texts;
}

bool contains(const std::vector<std::string>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

const cloud::Operation* operation_called(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return nullptr;
  return cloud::find_operation(name.substr(0, colon), name.substr(colon + 1));
}

// The parameters that a caller may give in a table: all but those that the function sets by itself
// and those that are always the same.
std::vector<std::string> taken(const json::Object& row, const std::string& operation_name,
                               const std::vector<std::string>& elsewhere) {
  const cloud::Operation* operation = operation_called(operation_name);
  if (operation == nullptr) return {};
  const std::vector<std::string> set = texts_of(row, "set");
  const std::vector<std::string> named = texts_of(row, "members");
  std::vector<std::string> names;
  for (const cloud::Param& param : operation->params) {
    const std::string name(param.name);
    if (!param.constant.empty()) continue;
    const bool possible = row.flag("whole") && !contains(set, name) && !contains(elsewhere, name);
    if (possible || contains(named, name)) names.push_back(name);
  }
  return names;
}

std::vector<Argument> arguments_of(const json::Object& row) {
  std::vector<Argument> arguments;
  std::vector<std::string> standing;
  for (const json::Value& value : row.list("params")) {
    const std::string name = object_of(value).text("stands_for");
    if (!name.empty()) standing.push_back(name);
  }
  for (const json::Value& value : row.list("params")) {
    const json::Object& param = object_of(value);
    Argument argument{.name = param.text("name"),
                      .type = param.text("type"),
                      .help = param.text("help"),
                      .optional = param.flag("optional"),
                      .operation = param.text("operation"),
                      .stands_for = param.text("stands_for"),
                      .takes = {}};
    if (!argument.type.empty() && argument.stands_for.empty()) argument.operation.clear();
    if (!argument.operation.empty() && argument.stands_for.empty()) {
      argument.takes = taken(param, argument.operation, standing);
      if (argument.takes.empty()) continue;  // filters of a list that has none
      const cloud::Operation* operation = operation_called(argument.operation);
      for (const cloud::Param& each : operation->params) {
        if (each.required && contains(argument.takes, each.name)) argument.optional = false;
      }
    }
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

// "group" of "protection group", "ctx" of what has no collection: how an example calls one.
std::string variable(const Member& member) {
  if (member.owner.empty()) {
    const std::size_t dot = member.path.rfind('.');
    return dot == std::string::npos ? member.path : member.path.substr(0, dot);
  }
  const std::size_t blank = member.owner.rfind(' ');
  return blank == std::string::npos ? member.owner : member.owner.substr(blank + 1);
}

std::string signature_of(const Member& member) {
  if (member.kind != "method" && member.kind != "function") return {};
  std::vector<std::string> names;
  for (const Argument& argument : member.arguments) {
    names.push_back(argument.optional ? "[" + argument.name + "]" : argument.name);
  }
  std::string text =
      fmt::format("{}{}{}({})", variable(member), member.kind == "method" ? ":" : ".", member.name,
                  join(names, ", "));
  if (!member.returns.empty()) text += " -> " + join(member.returns, ", ");
  return text;
}

Member member_of(const json::Object& row) {
  Member member{.path = row.text("path"),
                .kind = row.text("kind"),
                .name = row.text("name"),
                .owner = row.text("owner"),
                .signature = {},
                .summary = row.text("summary"),
                .text = row.text("text"),
                .type = row.text("type"),
                .row_type = row.text("row_type"),
                .self_type = row.text("self_type"),
                .arguments = arguments_of(row),
                .returns = texts_of(row, "returns"),
                .overloads = texts_of(row, "overloads"),
                .declared = row.text("declared"),
                .generic = row.text("generic"),
                .operations = texts_of(row, "operations"),
                .rows = texts_of(row, "rows"),
                .global = row.find("global") == nullptr || row.flag("global")};
  member.signature = signature_of(member);
  return member;
}

ClassOf class_of(const json::Object& row) {
  ClassOf found{.type = row.text("type"),
                .kind = row.text("kind"),
                .summary = row.text("summary"),
                .resource = row.text("resource"),
                .what = row.text("what"),
                .path = {},
                .fields = {},
                .keys = texts_of(row, "keys")};
  for (const json::Value& value : row.list("fields")) {
    const json::Object& field = object_of(value);
    found.fields.push_back(
        {field.text("name"), field.text("type"), field.text("help"), field.flag("optional")});
  }
  return found;
}

// "sdrs:groups.failover()" as a path: "sdrs.groups.failover".
std::string plain_path(std::string_view written) {
  std::string path(written);
  if (const std::size_t bracket = path.find('('); bracket != std::string::npos) {
    path.resize(bracket);
  }
  std::replace(path.begin(), path.end(), ':', '.');
  return path;
}

std::string parent_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return std::string(dot == std::string_view::npos ? std::string_view() : path.substr(0, dot));
}

}  // namespace

Result<Surface> Surface::load() {
  Library library;
  const Result<json::Value> described = library.ask("manual.surface", "describe");
  if (!described) return tl::unexpected(described.error());
  const json::Object& all = object_of(*described);
  Surface surface;
  for (const json::Value& row : all.list("members")) {
    surface.members_.push_back(member_of(object_of(row)));
  }
  for (const json::Value& row : all.list("classes")) {
    surface.classes_.push_back(class_of(object_of(row)));
  }
  for (const json::Value& value : all.list("aliases")) {
    const json::Object& alias = object_of(value);
    surface.aliases_.push_back({alias.text("name"), alias.text("type"), alias.text("help")});
  }
  for (const json::Value& value : all.list("homes")) {
    const json::Object& home = object_of(value);
    for (ClassOf& found : surface.classes_) {
      if (found.type != home.text("type")) continue;
      found.path = home.text("path");
      if (found.what.empty()) found.what = home.text("what");
    }
  }
  return surface;
}

std::vector<const Member*> Surface::find(std::string_view written) const {
  const std::string path = plain_path(written);
  std::vector<const Member*> found;
  for (const Member& member : members_) {
    if (member.path == path) found.push_back(&member);
  }
  if (!found.empty()) return found;
  // What is done with the things of a part is told of where they have a collection of their own.
  const std::string parent = parent_of(path);
  for (const Member& part : members_) {
    const ClassOf* things = part.path == parent ? find_class(part.row_type) : nullptr;
    if (things == nullptr || things->path == parent || things->path.empty()) continue;
    return find(things->path + path.substr(parent.size()));
  }
  return found;
}

std::vector<const Member*> Surface::members(std::string_view path) const {
  std::vector<const Member*> found;
  for (const Member& member : members_) {
    if (!path.empty() ? parent_of(member.path) == path : member.path.find('.') == std::string::npos)
      found.push_back(&member);
  }
  return found;
}

std::string Surface::of_thing(std::string_view what) const {
  for (const ClassOf& each : classes_) {
    if (each.what == what && !each.path.empty()) return each.path;
  }
  return {};
}

const ClassOf* Surface::find_class(std::string_view type) const {
  for (const ClassOf& each : classes_) {
    if (each.type == type) return &each;
  }
  return nullptr;
}

}  // namespace neap::manual
