#include "manual/example.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/rules.h"
#include "json/writer.h"

namespace neap::manual {
namespace {

using cloud::Bond;
using cloud::Operation;
using cloud::Param;
using cloud::Rule;
using cloud::Type;

constexpr const char* kId = "0b1c5e9a-6f0d-4b6e-9a57-3d1f2c4a8e70";

json::Object example_members(std::span<const Param> params);

std::string text_by_rule(const Param& param) {
  if (!param.one_of.empty()) return std::string(param.one_of.front());
  if (!param.fallback.empty() && param.rule == Rule::kAny) return std::string(param.fallback);
  switch (param.rule) {
    case Rule::kId:
      return kId;
    case Rule::kUrn:
      return "urn:smn:cn-north-4:0a1b2c3d4e5f60718293a4b5c6d7e8f9:holds";
    case Rule::kAddress:
      return "192.168.0.10";
    case Rule::kMinute:
      return "2026-12-24T06:00Z";
    case Rule::kTagKey:
      return "stage";
    case Rule::kTagValue:
      return "production";
    case Rule::kDescription:
    case Rule::kScalingDescription:
    case Rule::kMetadata:
      return "made by an example";
    default:
      break;
  }
  if (param.name.find("zone") != std::string_view::npos) {
    return param.name.starts_with("target") ? "cn-north-4b" : "cn-north-4a";
  }
  if (param.name.find("flavor") != std::string_view::npos) return "s3.large.2";
  if (param.name == "device") return "/dev/vdb";
  return "demo";
}

std::int64_t number_by_rule(const Param& param) {
  if (!param.one_of.empty()) {
    std::int64_t number = 0;
    for (const char digit : param.one_of.front()) number = number * 10 + (digit - '0');
    return number;
  }
  const std::int64_t least = std::max<std::int64_t>(param.min, 0);
  return std::min(std::max<std::int64_t>(least, 1), param.max);
}

json::Value example_value(const Param& param) {
  switch (param.type) {
    case Type::kString:
      return text_by_rule(param);
    case Type::kInteger:
      return number_by_rule(param);
    case Type::kNumber:
      return static_cast<double>(number_by_rule(param));
    case Type::kBoolean:
      return true;
    case Type::kObject:
      return example_members(param.members);
    case Type::kStringList:
      return json::Array{json::Value(text_by_rule(param))};
    case Type::kObjectList:
      return json::Array{json::Value(example_members(param.members))};
  }
  return {};
}

json::Object example_members(std::span<const Param> params) {
  json::Object object;
  for (const Param& param : params) {
    if (param.required && param.constant.empty()) {
      object.set(std::string(param.name), example_value(param));
    }
  }
  return object;
}

void add(const Operation& operation, std::string_view name, json::Object& arguments) {
  for (const Param& param : operation.params) {
    if (param.name == name && arguments.find(name) == nullptr) {
      arguments.set(std::string(name), example_value(param));
    }
  }
}

// Adds what the arguments demand of each other; of what is required alone nothing is too much.
void keep(const Operation& operation, const cloud::Constraint& bond, json::Object& arguments) {
  const bool any = std::any_of(bond.these.begin(), bond.these.end(),
                               [&](auto name) { return arguments.find(name) != nullptr; });
  if (bond.bond == Bond::kAtLeastOne && !any) add(operation, bond.these.front(), arguments);
  if (bond.bond == Bond::kNeedsValue && any) {
    arguments.set(std::string(bond.those.front()), bond.value);
  }
  const json::Value* first = arguments.find(bond.these.front());
  const bool has_value = first != nullptr && *first == json::Value(bond.value);
  if ((bond.bond == Bond::kNeeds && any) || (bond.bond == Bond::kValueNeeds && has_value)) {
    for (const std::string_view name : bond.those) add(operation, name, arguments);
  }
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyz"
             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string_view::npos &&
         (text.front() < '0' || text.front() > '9');
}

std::string lua_object(const json::Object& object) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : object) {
    const std::string key = is_name(name) ? name : "[" + lua_text(json::Value(name)) + "]";
    parts.push_back(key + " = " + lua_text(value));
  }
  return parts.empty() ? "{}" : "{ " + join(parts, ", ") + " }";
}

const Operation* operation_called(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos
             ? nullptr
             : cloud::find_operation(name.substr(0, colon), name.substr(colon + 1));
}

std::string last_word(std::string_view text, char separator) {
  const std::size_t at = text.rfind(separator);
  return std::string(at == std::string_view::npos ? text : text.substr(at + 1));
}

std::string parent_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(0, dot);
}

// Writes one example: lines that lead to the receiver, then the call.
class Example {
 public:
  explicit Example(const Surface& surface) : surface_(surface) {}

  std::string of(const Member& member) {
    const std::string receiver = receiver_of(member);
    std::vector<std::string> given;
    for (const Argument& argument : member.arguments) {
      if (argument.name == "...") continue;
      if (argument.optional && given.size() + 1 < member.arguments.size()) break;
      if (argument.optional) continue;
      given.push_back(value_of(argument));
    }
    const std::string mark = member.kind == "method" ? ":" : ".";
    finish(member, receiver + mark + member.name + "(" + join(given, ", ") + ")");
    return text_;
  }

 private:
  void line(const std::string& text) { text_ += indent_ + text + "\n"; }

  void finish(const Member& member, const std::string& call) {
    const std::string returned = member.returns.empty() ? "" : member.returns.front();
    if (returned == "neap.Job") {
      line("local job = " + call);
      line("job:wait()");
    } else if (returned.starts_with("fun(): ")) {
      line("for each in " + call + " do");
      line("  print(each)");
      line("end");
    } else {
      line(returned.empty() ? call : "local result = " + call);
    }
    if (!indent_.empty()) text_ += "end\n";
  }

  // What stands before the dot or colon of the call.
  std::string receiver_of(const Member& member) {
    const std::string at = parent_of(member.path);
    if (member.owner.empty()) return reach(at);
    return thing(at, member.self_type, last_word(member.owner, ' '));
  }

  // A module or collection: one that is part of a thing is reached through the thing.
  std::string reach(const std::string& path) {
    if (surface_.find(path).empty()) return path;
    const std::string parent = parent_of(path);
    for (const ClassOf& each : surface_.classes()) {
      if (each.path != parent || each.what.empty() || surface_.members(parent).empty()) continue;
      if (is_part(path)) {
        return thing(parent, each.type, last_word(each.what, ' ')) + "." + last_word(path, '.');
      }
    }
    const Member* member = surface_.find(path).front();
    if (member->kind == "module" && !member->global) {
      std::string name = last_word(path, '.');
      line(fmt::format("local {} = require \"{}\"", name, path));
      return name;
    }
    return path;
  }

  // Parts of modules stand one below their module.
  bool is_part(const std::string& path) const {
    const std::vector<const Member*> parent = surface_.find(parent_of(path));
    return !parent.empty() && parent.front()->kind != "module";
  }

  // A variable with one of the things whose methods are told of at the path.
  std::string thing(const std::string& path, const std::string& type, const std::string& name) {
    if (std::find(made_.begin(), made_.end(), name) != made_.end()) return name;
    made_.push_back(name);
    const std::vector<const Member*> at = surface_.find(path);
    const Member* home = at.empty() ? nullptr : at.front();
    if (home != nullptr && home->kind == "collection" && has(path, "find")) {
      const std::string from = reach(path);
      line(fmt::format("local {} = {}:find(\"demo\")", name, from));
    } else if (home != nullptr && home->kind == "object") {
      const std::string from = reach(path);
      line(fmt::format("local {} = {}", name, from));
    } else if (home != nullptr && home->kind == "method") {
      from_method(*home, name);
    } else {
      from_maker(type, name);
    }
    return name;
  }

  bool has(const std::string& path, const std::string& name) const {
    const std::vector<const Member*> members = surface_.members(path);
    return std::any_of(members.begin(), members.end(), [&](const Member* member) {
      return member->name == name && member->owner.empty();
    });
  }

  // A method that iterates over things, or gives a collection of them.
  void from_method(const Member& home, const std::string& name) {
    const std::string receiver = receiver_of(home);
    if (!home.returns.empty() && home.returns.front().starts_with("fun(): ")) {
      line(fmt::format("for {} in {}:{}() do", name, receiver, home.name));
      indent_ = "  ";
    } else {
      line(fmt::format("local {} = {}:{}(\"{}\"):find(\"demo\")", name, receiver, home.name, kId));
    }
  }

  // A function that gives one; what only runbooks, handlers and tests are given is named alone.
  void from_maker(const std::string& type, const std::string& name) {
    for (const Member& maker : surface_.all()) {
      if (maker.kind != "function" || maker.returns != std::vector<std::string>{type}) continue;
      std::vector<std::string> given;
      for (const Argument& argument : maker.arguments) {
        if (argument.name != "...") given.push_back(value_of(argument));
      }
      line(fmt::format("local {} = {}({})", name, maker.path, join(given, ", ")));
      return;
    }
  }

  std::string value_of(const Argument& argument) {
    if (const Operation* operation = operation_called(argument.operation)) {
      if (argument.stands_for.empty()) return table_of(*operation, argument);
      for (const Param& param : operation->params) {
        if (param.name != argument.stands_for || !argument.type.empty()) continue;
        return lua_text(example_value(param));
      }
    }
    return value_of_type(argument.type, argument.name);
  }

  static std::string table_of(const Operation& operation, const Argument& argument) {
    json::Object given;
    for (const auto& [name, value] : example_arguments(operation)) {
      const auto& takes = argument.takes;
      if (std::find(takes.begin(), takes.end(), name) != takes.end()) given.set(name, value);
    }
    return lua_object(given);
  }

  std::string value_of_type(const std::string& type, const std::string& name) {
    if (type.ends_with("[]")) {
      std::string row = type.substr(0, type.size() - 2);
      if (row.starts_with('(')) row = row.substr(1, row.size() - 2);
      return "{ " + value_of_type(row, name) + " }";
    }
    if (type.starts_with('"')) return type.substr(0, type.find('"', 1) + 1);
    if (type.starts_with("fun(") || type == "neap.Handler") return "function() end";
    if (type.find("string") != std::string::npos && type.find("table<") == std::string::npos &&
        !type.starts_with('{')) {
      return name.find("urn") != std::string::npos
                 ? lua_text(json::Value(text_by_rule({.name = "urn", .rule = Rule::kUrn})))
                 : fmt::format("\"{}\"", name.find("id") != std::string::npos ? kId : "demo");
    }
    if (type == "neap.Duration") return "\"10m\"";
    if (type == "neap.HookType") return "\"INSTANCE_LAUNCHING\"";
    if (type == "integer" || type == "number") return "1";
    if (type.starts_with("boolean")) return "true";
    if (type == "any" || type == "T") return "1";
    if (type == "neap.Context") return "ctx";
    const ClassOf* known = surface_.find_class(type);
    if (known != nullptr && !known->path.empty()) {
      return thing(known->path, type, last_word(known->what, ' '));
    }
    return known != nullptr ? record_of(*known) : "{}";
  }

  // A plain table with the fields that must be in it.
  std::string record_of(const ClassOf& record) {
    std::vector<std::string> parts;
    for (const ClassField& field : record.fields) {
      if (!field.optional) parts.push_back(field.name + " = " + value_of_field(field));
    }
    return parts.empty() ? "{}" : "{ " + join(parts, ", ") + " }";
  }

  std::string value_of_field(const ClassField& field) {
    if (field.name == "path") return "\"/v1/{project_id}/vpcs\"";
    if (field.name == "service") return "\"vpc\"";
    if (field.type == "neap.Method") return "\"GET\"";
    return value_of_type(field.type, field.name);
  }

  const Surface& surface_;
  std::string text_;
  std::string indent_;
  std::vector<std::string> made_;  // variables that are there already
};

}  // namespace

json::Object example_arguments(const Operation& operation) {
  json::Object arguments = example_members(operation.params);
  for (int round = 0; round < 2; ++round) {  // one bond may add what another is about
    for (const cloud::Constraint& bond : operation.constraints) keep(operation, bond, arguments);
  }
  return arguments;
}

std::string example_of(const Surface& surface, const Member& member) {
  if (member.kind != "method" && member.kind != "function") return {};
  return Example(surface).of(member);
}

std::string lua_text(const json::Value& value) {
  if (const auto* object = value.as<json::Object>()) return lua_object(*object);
  if (const auto* list = value.as<json::Array>()) {
    std::vector<std::string> parts;
    for (const json::Value& row : *list) parts.push_back(lua_text(row));
    return parts.empty() ? "{}" : "{ " + join(parts, ", ") + " }";
  }
  return json::write(value);
}

}  // namespace neap::manual
