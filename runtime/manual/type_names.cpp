#include "manual/type_names.h"

#include <cctype>

#include <fmt/format.h>

#include "cloud/catalog.h"

namespace neap::manual {
namespace {

using cloud::Type;

std::string alternatives(cloud::Words words) {
  std::string text;
  for (const std::string_view word : words) {
    text += fmt::format("{}\"{}\"", text.empty() ? "" : "|", word);
  }
  return text;
}

bool is_identifier(std::string_view name) {
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  }
  return true;
}

std::string plain(Type type) {
  switch (type) {
    case Type::kString:
      return "string";
    case Type::kInteger:
      return "integer";
    case Type::kNumber:
      return "number";
    case Type::kBoolean:
      return "boolean";
    case Type::kObject:
      return "table";
    case Type::kStringList:
      return "string[]";
    case Type::kObjectList:
      return "table[]";
  }
  return "any";
}

// A name that can stand in a dotted one.
std::string part(std::string_view name) {
  std::string text;
  for (const char c : name) text += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return text;
}

}  // namespace

std::string TypeNames::field_line(std::string_view name, const std::string& type,
                                  std::string_view help, bool optional) {
  const std::string key = is_identifier(name) ? std::string(name) : fmt::format("[\"{}\"]", name);
  return fmt::format("---@field {}{} {}{}{}\n", key, optional ? "?" : "", type,
                     help.empty() ? "" : " ", help);
}

// Enumerations with the same values are one; it is named for the first that has them.
std::string TypeNames::enumeration(const std::string& owner, std::string_view name,
                                   cloud::Words words) {
  const std::string values = alternatives(words);
  const std::string service = owner.substr(0, owner.find('.'));
  std::string& alias = aliases_[service + ":" + values];
  if (!alias.empty()) return alias;
  std::string wanted = service + "." + part(name);
  if (names_[wanted]++ > 0) wanted = owner + "." + part(name);
  alias = wanted;
  text_ += fmt::format("---@alias {} {}\n\n", alias, values);
  return alias;
}

std::string TypeNames::of_param(const std::string& owner, const cloud::Param& param) {
  if (!param.one_of.empty() && param.type == Type::kString) {
    return enumeration(owner, param.name, param.one_of);
  }
  if (!param.one_of.empty() && param.type == Type::kStringList) {
    return enumeration(owner, param.name, param.one_of) + "[]";
  }
  if (param.members.empty()) return plain(param.type);
  const std::string name = owner + "." + part(param.name);
  if (names_[name]++ == 0) {
    std::string text = fmt::format("---@class {}\n", name);
    for (const cloud::Param& member : param.members) {
      text += field_line(member.name, of_param(name, member), member.help, !member.required);
    }
    text_ += text + "\n";
  }
  return param.type == Type::kObjectList ? name + "[]" : name;
}

std::string TypeNames::of_field(const std::string& owner, const cloud::Field& field) {
  if (!field.one_of.empty() && field.type == Type::kString) {
    return enumeration(owner, field.name, field.one_of);
  }
  if (field.members.empty()) return plain(field.type);
  const std::string name = owner + "." + part(field.name);
  if (names_[name]++ == 0) {
    std::string text = fmt::format("---@class {}\n", name);
    for (const cloud::Field& member : field.members) {
      text += field_line(member.name, of_field(name, member), member.help, true);
    }
    text_ += text + "\n";
  }
  return field.type == Type::kObjectList ? name + "[]" : name;
}

std::string TypeNames::take() {
  return std::exchange(text_, {});
}

std::string type_of_resource(const cloud::Resource& resource) {
  std::string name(resource.service);
  name += '.';
  bool begins = true;
  for (const char c : resource.name) {
    if (c != '_') {
      name += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    }
    begins = c == '_';
  }
  return name;
}

}  // namespace neap::manual
