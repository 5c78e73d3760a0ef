#include "manual/member_help.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/fields.h"
#include "manual/example.h"
#include "manual/help_page.h"
#include "manual/operation_help.h"
#include "manual/operation_words.h"

namespace neap::manual {
namespace {

using cloud::Operation;
using cloud::Param;

constexpr std::size_t kStep = 2;
constexpr std::size_t kNameColumn = 22;

const Operation* operation_called(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos
             ? nullptr
             : cloud::find_operation(name.substr(0, colon), name.substr(colon + 1));
}

const Param* param_of(std::string_view operation_name, std::string_view name) {
  const Operation* operation = operation_called(operation_name);
  if (operation == nullptr) return nullptr;
  for (const Param& param : operation->params) {
    if (param.name == name) return &param;
  }
  return nullptr;
}

bool is_call(const Member& member) {
  return member.kind == "method" || member.kind == "function";
}

// What an argument must be, where it stands for a parameter of the operation.
std::string words_of(const Param& param) {
  std::string text = type_words(param.type);
  if (!param.help.empty()) text += fmt::format("; {}", param.help);
  if (const std::string limits = limit_words(param); !limits.empty()) text += "; " + limits;
  return text;
}

void add_argument(HelpPage& page, const Argument& argument) {
  const std::string label = argument.optional ? "[" + argument.name + "]" : argument.name;
  const Param* param = param_of(argument.operation, argument.stands_for);
  if (param != nullptr) {
    const std::string type = argument.type.empty() ? "" : argument.type + "; ";
    page.entry(kStep, label, type + words_of(*param), kNameColumn);
  } else if (!argument.takes.empty()) {
    page.entry(kStep, label, fmt::format("a table, as {} has it:", argument.operation),
               kNameColumn);
    for (const std::string& name : argument.takes) {
      if (const Param* each = param_of(argument.operation, name)) {
        add_param(page, *each, 1, false);
      }
    }
  } else {
    const std::string help = argument.help.empty() ? "" : "; " + argument.help;
    page.entry(kStep, label, argument.type + help, kNameColumn);
  }
}

void add_options(HelpPage& page, const Surface& surface, const Member& member) {
  std::set<std::string> told;
  for (const Argument& argument : member.arguments) {
    const ClassOf* options = surface.find_class(argument.type);
    if (options == nullptr || options->kind == "object" || !told.insert(options->type).second) {
      continue;
    }
    page.heading(fmt::format("{}: {}", argument.name, options->summary));
    for (const ClassField& field : options->fields) {
      const std::string help = field.help.empty() ? "" : "; " + field.help;
      page.entry(kStep, field.optional ? "[" + field.name + "]" : field.name, field.type + help,
                 kNameColumn);
    }
  }
}

void add_operation(HelpPage& page, const std::string& name) {
  const Operation* operation = operation_called(name);
  if (operation == nullptr) return;
  page.heading(fmt::format("Calls {}: {}", name, operation->summary));
  page.paragraph(kStep, std::string(effect_words(operation->effect)));
  add_states(page, *operation);
  add_errors(page, *operation);
}

void add_call(HelpPage& page, const Surface& surface, const Member& member) {
  page.paragraph(0, member.signature);
  page.paragraph(kStep, member.text);
  for (const std::string& other : member.overloads) {
    page.paragraph(kStep, "also " + other, 2 * kStep);
  }
  if (!member.arguments.empty()) page.heading("Arguments");
  for (const Argument& argument : member.arguments) add_argument(page, argument);
  add_options(page, surface, member);
  for (const std::string& operation : member.operations) add_operation(page, operation);
  page.heading("Example");
  const std::string example = example_of(surface, member);
  for (const std::string_view line : split(example, '\n')) {
    if (!line.empty()) page.verbatim(kStep, line);
  }
}

// The things of a class: what is done with them and what they say.
void add_things(HelpPage& page, const Surface& surface, const ClassOf& things) {
  page.heading(fmt::format("What is done with a {}", things.what));
  for (const Member* member : surface.members(things.path)) {
    if (member->self_type == things.type) {
      page.entry(kStep, ":" + member->name, member->summary, kNameColumn);
    }
  }
  if (!things.fields.empty()) page.heading("Its fields");
  for (const ClassField& field : things.fields) {
    page.entry(kStep, field.name, field.type + (field.help.empty() ? "" : "; " + field.help),
               kNameColumn);
  }
  const auto fields = cloud::fields_of(things.resource);
  if (!fields.empty()) page.heading("Its fields, as the service answers them");
  for (const cloud::Field& field : fields) {
    std::string text = fmt::format("{}; {}", type_words(field.type), field.help);
    if (!field.one_of.empty()) text += "; " + either(field.one_of);
    page.entry(kStep, field.name, text, kNameColumn);
  }
}

void add_namespace(HelpPage& page, const Surface& surface, const Member& member) {
  page.paragraph(0, member.path + ": " + member.text);
  if (member.kind == "module" && !member.global) {
    page.paragraph(kStep, fmt::format("A script has it by require \"{}\".", member.path));
  }
  bool begun = false;
  for (const Member* each : surface.members(member.path)) {
    if (!each->owner.empty()) continue;
    if (!begun) page.heading(member.kind == "module" ? "In it" : "What is done with all of them");
    begun = true;
    const std::string mark = each->kind == "method" ? ":" : ".";
    page.entry(kStep, mark + each->name, each->summary, kNameColumn);
  }
}

const ClassOf* class_at(const Surface& surface, std::string_view path) {
  for (const ClassOf& each : surface.classes()) {
    if (each.path == path) return &each;
  }
  return nullptr;
}

json::Array texts(const std::vector<std::string>& all) {
  return {all.begin(), all.end()};
}

json::Array arguments_json(const Member& member) {
  json::Array rows;
  for (const Argument& argument : member.arguments) {
    json::Object row;
    row.set("name", argument.name);
    row.set("type", argument.type);
    row.set("required", !argument.optional);
    row.set("help", argument.help);
    std::vector<Param> params;
    for (const std::string& name : argument.takes) {
      if (const Param* param = param_of(argument.operation, name)) params.push_back(*param);
    }
    if (const Param* param = param_of(argument.operation, argument.stands_for)) {
      params.push_back(*param);
      row.set("stands_for", argument.stands_for);
    }
    if (!params.empty()) {
      row.set("operation", argument.operation);
      row.set("params", params_json(params));
    }
    rows.emplace_back(std::move(row));
  }
  return rows;
}

json::Object row_of(const Surface& surface, const Member& member) {
  json::Object row;
  row.set("path", member.path);
  row.set("kind", member.kind);
  row.set("of", member.owner);
  row.set("summary", member.summary);
  row.set("text", member.text);
  if (!is_call(member)) return row;
  row.set("signature", member.signature);
  row.set("arguments", arguments_json(member));
  row.set("returns", texts(member.returns));
  row.set("operations", texts(member.operations));
  row.set("example", example_of(surface, member));
  return row;
}

}  // namespace

std::string member_text(const Surface& surface, std::string_view path, std::size_t width) {
  HelpPage page(width);
  const std::vector<const Member*> found = surface.find(path);
  for (const Member* member : found) {
    if (member != found.front()) page.heading("");
    if (is_call(*member)) {
      add_call(page, surface, *member);
    } else {
      add_namespace(page, surface, *member);
    }
  }
  const ClassOf* things = class_at(surface, found.empty() ? path : found.front()->path);
  if (things != nullptr) add_things(page, surface, *things);
  return page.text();
}

json::Object member_json(const Surface& surface, std::string_view path) {
  json::Array members;
  const std::vector<const Member*> found = surface.find(path);
  for (const Member* member : found) members.emplace_back(row_of(surface, *member));
  json::Object document;
  document.set("members", std::move(members));
  json::Array within;
  for (const Member* member : surface.members(found.empty() ? path : found.front()->path)) {
    within.emplace_back(row_of(surface, *member));
  }
  if (!within.empty()) document.set("within", std::move(within));
  return document;
}

}  // namespace neap::manual
