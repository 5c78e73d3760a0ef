#include "manual/types.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/fields.h"
#include "host.h"
#include "json/writer.h"
#include "manual/error_kinds.h"
#include "manual/type_names.h"

namespace neap::manual {
namespace {

using cloud::Operation;

constexpr const char* kHead = "---@meta\n-- Made by neap types; neap help explains the same.\n\n";

const Operation* operation_called(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos
             ? nullptr
             : cloud::find_operation(name.substr(0, colon), name.substr(colon + 1));
}

std::string variable_of(const std::string& type) {
  std::string name = type;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

bool is_call(const Member& member) {
  return member.kind == "method" || member.kind == "function";
}

// The module of a path or type: "sdrs" of "sdrs.groups".
std::string first_part(std::string_view path) {
  return std::string(path.substr(0, path.find('.')));
}

// Writes the files, one module after the other.
class Writer {
 public:
  explicit Writer(const Surface& surface) : surface_(surface) {}

  std::vector<TypeFile> files() {
    std::vector<TypeFile> files;
    for (const Member& member : surface_.all()) {
      if (member.kind == "module") files.push_back(module_file(member));
    }
    files.push_back({"neap.lua", kHead + common()});
    files.push_back({"host.lua", kHead + host_modules()});
    return files;
  }

 private:
  TypeFile module_file(const Member& module) {
    std::string body;
    if (module.global) {  // the things of a service stand with its module
      for (const ClassOf& each : surface_.classes()) {
        if (each.kind == "object" && first_part(each.type) == module.path) body += class_text(each);
      }
      body += rows_without_class(module.path);
      for (const Member& member : surface_.all()) {
        const bool inner = member.kind == "collection" && first_part(member.path) == module.path;
        if (inner) body += collection_text(member);
      }
    }
    const std::string variable = module.global ? module.path : variable_of(module.path);
    body += namespace_text(module, (module.global ? "" : "local ") + variable, variable);
    if (!module.global) body += "return " + variable + "\n";
    std::string name = module.path;
    std::replace(name.begin(), name.end(), '.', '/');
    return {name + ".lua", kHead + names_.take() + std::exchange(parameters_, {}) + body};
  }

  // A module or collection: its fields, then its functions.
  std::string namespace_text(const Member& member, const std::string& definition,
                             const std::string& variable) {
    std::string text = "--- " + member.text + "\n---@class " + member.type + "\n";
    std::string functions;
    for (const Member* each : surface_.members(member.path)) {
      if (!each->owner.empty()) continue;
      if (is_call(*each)) {
        functions += function_text(*each, variable, member.type);
      } else if (each->kind != "module") {
        const std::string type = each->type.empty() ? "any" : each->type;
        text += TypeNames::field_line(each->name, type, each->summary, false);
      }
    }
    return text + definition + " = {}\n\n" + functions;
  }

  std::string collection_text(const Member& member) {
    const std::string variable = variable_of(member.type);
    return namespace_text(member, "local " + variable, variable);
  }

  // Objects with methods, the fields of answers included.
  std::string class_text(const ClassOf& each) {
    std::string text = each.summary.empty() ? fmt::format("--- One {}.\n", each.what)
                                            : fmt::format("--- {}.\n", each.summary);
    text += "---@class " + each.type + "\n";
    text += resource_fields(each.type, each.resource) + annotated_fields(each);
    for (const Member* part : surface_.members(each.path)) {
      const bool of_thing = part->owner.empty() && !is_call(*part) && !part->type.empty();
      if (of_thing && is_thing_part(each, *part)) {
        text += TypeNames::field_line(part->name, part->type, part->summary, false);
      }
    }
    const std::string variable = variable_of(each.type);
    text += "local " + variable + " = {}\n\n";
    for (const Member* method : surface_.members(each.path)) {
      const bool ours = is_call(*method) && method->self_type == each.type;
      if (ours && method->declared.empty()) text += function_text(*method, variable, each.type);
    }
    return text;
  }

  // Below a collection of things stand the parts of one of them.
  bool is_thing_part(const ClassOf& each, const Member& part) const {
    const std::vector<const Member*> home = surface_.find(each.path);
    return !home.empty() && home.front()->kind == "collection" && part.path != each.path;
  }

  static std::string annotated_fields(const ClassOf& each) {
    std::string text;
    for (const ClassField& field : each.fields) {
      text += TypeNames::field_line(field.name, field.type, field.help, field.optional);
    }
    return text;
  }

  std::string resource_fields(const std::string& type, std::string_view resource_name) {
    const cloud::Resource* resource = cloud::find_resource(resource_name);
    if (resource == nullptr) return {};
    std::string text;
    for (const cloud::Field& field : cloud::fields_of(resource_name)) {
      const bool always = field.name == resource->id || field.name == resource->label ||
                          field.name == resource->status;
      text += TypeNames::field_line(field.name, names_.of_field(type, field), field.help, !always);
    }
    return text;
  }

  // What answers hold that has no methods: quotas, domains, statistics.
  std::string rows_without_class(const std::string& service) {
    std::string text;
    for (const cloud::Resource& resource : cloud::resources()) {
      const bool has_class = std::any_of(
          surface_.classes().begin(), surface_.classes().end(), [&](const ClassOf& each) {
            return each.resource == resource.name && first_part(each.type) == service;
          });
      if (resource.service != service || has_class) continue;
      const std::string type = type_of_resource(resource);
      if (surface_.find_class(type) != nullptr) continue;
      text += fmt::format("--- One {}, as answers hold it.\n---@class {}\n", resource.noun, type) +
              resource_fields(type, resource.name) + "\n";
    }
    return text;
  }

  std::string function_text(const Member& member, const std::string& variable,
                            const std::string& owner) {
    std::string text = "--- " + member.text + "\n";
    if (!member.generic.empty()) text += "---@generic " + member.generic + "\n";
    std::vector<std::string> names;
    for (const Argument& argument : member.arguments) {
      names.push_back(argument.name);
      text += fmt::format("---@param {}{} {}{}{}\n", argument.name,
                          argument.optional && argument.name != "..." ? "?" : "",
                          type_of(member, owner, argument), argument.help.empty() ? "" : " ",
                          argument.help);
    }
    for (const std::string& type : member.returns) text += "---@return " + type + "\n";
    for (const std::string& other : member.overloads) text += "---@overload " + other + "\n";
    return text + fmt::format("function {}{}{}({}) end\n\n", variable,
                              member.kind == "method" ? ":" : ".", member.name, join(names, ", "));
  }

  std::string type_of(const Member& member, const std::string& owner, const Argument& argument) {
    if (!argument.type.empty()) return argument.type;
    const Operation* operation = operation_called(argument.operation);
    if (operation == nullptr) return "any";
    if (!argument.stands_for.empty()) {
      for (const cloud::Param& param : operation->params) {
        if (param.name == argument.stands_for) {
          return names_.of_param(
              std::string(operation->service) + "." + std::string(operation->name), param);
        }
      }
    }
    return parameters_class(*operation, owner + "." + member.name + "." + argument.name, argument);
  }

  // The table of parameters that a function takes: a class of its own, as each leaves others out.
  std::string parameters_class(const Operation& operation, const std::string& name,
                               const Argument& argument) {
    const std::string owner = std::string(operation.service) + "." + std::string(operation.name);
    std::string text = fmt::format("--- {} ({}).\n---@class {}\n", operation.summary,
                                   cloud::permission_name(operation), name);
    for (const cloud::Param& param : operation.params) {
      const auto& takes = argument.takes;
      if (std::find(takes.begin(), takes.end(), param.name) == takes.end()) continue;
      text += TypeNames::field_line(param.name, names_.of_param(owner, param), param.help,
                                    !param.required);
    }
    if (written_.insert(name).second) parameters_ += text + "\n";
    return name;
  }

  std::string common() {
    std::string text;
    for (const Alias& alias : surface_.aliases()) {
      text += fmt::format("--- {}\n---@alias {} {}\n\n", alias.help, alias.name, alias.type);
    }
    text += "---@alias neap.ErrorKind\n";
    for (const KindOf& kind : error_kinds()) {
      text += fmt::format("---| \"{}\" # {}\n", to_text(kind.kind), kind.meaning);
    }
    text +=
        "\n--- What `needs` may name: an operation, service:METHOD, or net:HOST.\n"
        "---@alias neap.Need\n---| string\n";
    for (const Operation& operation : cloud::catalog()) {
      text +=
          fmt::format("---| \"{}\" # {}\n", cloud::permission_name(operation), operation.summary);
    }
    text += "\n" + error_class();
    for (const ClassOf& each : surface_.classes()) {
      if (first_part(each.type) != "neap") continue;
      text += each.kind == "object" ? class_text(each)
                                    : fmt::format("--- {}.\n---@class {}\n{}\n", each.summary,
                                                  each.type, annotated_fields(each));
    }
    return text + names_.take() + std::exchange(parameters_, {});
  }

  static std::string error_class() {
    return "--- What a failed call raises; tostring() shows the whole line.\n"
           "---@class neap.Error\n"
           "---@field kind neap.ErrorKind\n"
           "---@field message string operation, thing and rule\n"
           "---@field hint? string the next step\n"
           "---@field where? string file and line\n"
           "---@field operation? string the catalogue's name\n"
           "---@field code? string the platform's code, such as SDRS.1013\n"
           "---@field http_status? integer\n"
           "---@field request_id? string the platform's\n"
           "---@field job_id? string of a job that failed or goes on\n\n";
  }

  // The rows of the bindings, which the standard library alone sees.
  static std::string host_modules() {
    std::string text;
    for (const lua::Module* module : all_modules()) {
      text += fmt::format("---@class {}\n", module->name);
      for (const lua::Entry& entry : module->entries) {
        const Operation* operation =
            entry.operation != nullptr ? operation_called(entry.operation) : nullptr;
        const std::string help = operation != nullptr
                                     ? fmt::format("{} ({})", operation->summary, entry.operation)
                                     : std::string(entry.signature);
        text += TypeNames::field_line(
            entry.name, operation != nullptr ? "fun(parameters?: table): any" : "fun(...): any",
            help, false);
      }
      text += "\n";
    }
    return text;
  }

  const Surface& surface_;
  TypeNames names_;
  std::string parameters_;  // classes of parameters that are not in a file yet
  std::set<std::string> written_;
};

}  // namespace

std::vector<TypeFile> type_files(const Surface& surface) {
  return Writer(surface).files();
}

std::string language_server_settings(const std::string& folder) {
  json::Object builtin;
  for (const char* library :
       {"debug", "ffi", "io", "jit", "utf8", "string.buffer", "table.new", "table.clear"}) {
    builtin.set(library, "disable");
  }
  json::Object settings;
  settings.set("runtime.version", "LuaJIT");
  settings.set("runtime.builtin", std::move(builtin));
  settings.set("workspace.library", json::Array{json::Value(folder)});
  settings.set("workspace.checkThirdParty", false);
  return json::write(json::Value(settings)) + "\n";
}

}  // namespace neap::manual
