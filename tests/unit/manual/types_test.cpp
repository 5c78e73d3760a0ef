// Definition files: every annotation names a real thing, and every real thing has one.
#include "manual/types.h"

#include <cctype>
#include <cstdio>
#include <map>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "cloud/catalog.h"
#include "host.h"
#include "manual/library.h"

using namespace neap;
using namespace neap::manual;

namespace {

const std::set<std::string> kBuiltin = {"any",     "nil",   "boolean", "string",   "number",
                                        "integer", "table", "fun",     "function", "self",
                                        "T",       "R",     "true",    "false"};

// What the files define and what they mention, read as the language server would.
struct Definitions {
  std::map<std::string, std::set<std::string>> fields;  // of classes
  std::set<std::string> aliases;
  std::set<std::string> functions;               // "sdrs.ProtectionGroup:failover"
  std::map<std::string, std::string> mentioned;  // types, with one line that has them
  std::size_t annotations = 0;
};

bool is_type_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

// The names of types in a type: names of arguments and fields, which a colon follows, are none.
void add_types(const std::string& type, const std::string& line, Definitions& found) {
  for (std::size_t at = 0; at < type.size();) {
    if (type[at] == '"') {
      at = type.find('"', at + 1);
      REQUIRE(at != std::string::npos);
      ++at;
    } else if (type.compare(at, 3, "...") == 0) {
      at += 3;
    } else if (is_type_char(type[at])) {
      std::size_t end = at;
      while (end < type.size() && is_type_char(type[end])) ++end;
      const std::size_t next = end < type.size() && type[end] == '?' ? end + 1 : end;
      const std::string name = type.substr(at, end - at);
      const bool names_something = next < type.size() && type[next] == ':' && name != "fun";
      if (!names_something) found.mentioned[name] = line;
      at = end;
    } else {
      ++at;
    }
  }
}

// The type at the beginning of the text: it ends at a blank outside of brackets.
std::string type_at(const std::string& text) {
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '(' || c == '{' || c == '<' || c == '[') ++depth;
    if (c == ')' || c == '}' || c == '>' || c == ']') --depth;
    const bool joined = at > 0 && (text[at - 1] == ':' || text[at - 1] == ',');
    if (c == ' ' && depth == 0 && !joined) return text.substr(0, at);
  }
  return text;
}

std::string word(std::istringstream& words) {
  std::string text;
  words >> text;
  return text;
}

std::string rest(std::istringstream& words) {
  std::string text;
  std::getline(words >> std::ws, text);
  return text;
}

void read_line(const std::string& line, std::string& current, std::string& alias,
               std::map<std::string, std::string>& variables, Definitions& found) {
  INFO(line);
  if (line.starts_with("---|")) {
    std::istringstream words(line.substr(4));
    add_types(type_at(rest(words)), line, found);
    return;
  }
  if (line.starts_with("---@")) {
    ++found.annotations;
    std::istringstream words(line.substr(4));
    const std::string tag = word(words);
    if (tag == "class") {
      current = word(words);
      CHECK(found.fields.emplace(current, std::set<std::string>()).second);
    } else if (tag == "alias") {
      alias = word(words);
      CHECK(found.aliases.insert(alias).second);
      add_types(type_at(rest(words)), line, found);
    } else if (tag == "field") {
      std::string name = word(words);
      if (name.ends_with("?")) name.pop_back();
      REQUIRE_FALSE(current.empty());
      CHECK(found.fields[current].insert(name).second);
      add_types(type_at(rest(words)), line, found);
    } else if (tag == "param") {
      word(words);
      add_types(type_at(rest(words)), line, found);
    } else if (tag == "return" || tag == "overload") {
      add_types(type_at(rest(words)), line, found);
    } else {
      CHECK((tag == "meta" || tag == "generic"));
    }
    return;
  }
  if (line.starts_with("--") || line.empty() || line.starts_with("return ")) return;
  std::istringstream words(line);
  std::string first = word(words);
  if (first == "local") first = word(words);
  if (first != "function") {  // "variable = {}"
    REQUIRE_FALSE(current.empty());
    variables[first] = current;
    current.clear();
    return;
  }
  const std::string name = word(words);
  const std::size_t mark = name.find_last_of(".:", name.find('('));
  REQUIRE(mark != std::string::npos);
  const std::string owner = variables[name.substr(0, mark)];
  REQUIRE_FALSE(owner.empty());
  CHECK(found.functions.insert(owner + name.substr(mark, name.find('(') - mark)).second);
}

Definitions read(const std::vector<TypeFile>& files) {
  Definitions found;
  for (const TypeFile& file : files) {
    INFO(file.name);
    std::string current;
    std::string alias;
    std::map<std::string, std::string> variables;
    CHECK(file.text.starts_with("---@meta\n"));
    for (const std::string_view line : split(file.text, '\n')) {
      if (line.empty()) current.clear();
      read_line(std::string(line), current, alias, variables, found);
    }
  }
  return found;
}

Surface load() {
  Result<Surface> surface = Surface::load();
  REQUIRE(surface);
  return *std::move(surface);
}

}  // namespace

TEST_CASE("every type that an annotation mentions exists") {
  const Surface surface = load();
  const Definitions found = read(type_files(surface));
  for (const auto& [type, line] : found.mentioned) {
    INFO(type << " in " << line);
    CHECK((kBuiltin.contains(type) || found.fields.contains(type) || found.aliases.contains(type)));
  }
  std::printf("annotations: %zu, classes: %zu, aliases: %zu, types mentioned: %zu\n",
              found.annotations, found.fields.size(), found.aliases.size(), found.mentioned.size());
  CHECK(found.annotations >= 1500);
}

TEST_CASE("every function of the surface is defined, and no other") {
  const Surface surface = load();
  const Definitions found = read(type_files(surface));
  std::set<std::string> wanted;
  for (const Member& member : surface.all()) {
    if (member.kind != "method" && member.kind != "function") continue;
    const char* mark = member.kind == "method" ? ":" : ".";
    const std::string name = member.self_type + mark + member.name;
    if (member.declared.empty()) {
      wanted.insert(name);
    } else {
      INFO(name);
      CHECK(found.fields.at(member.self_type).contains(member.name));
    }
  }
  for (const std::string& name : wanted) {
    INFO(name);
    CHECK(found.functions.contains(name));
  }
  for (const std::string& name : found.functions) {
    INFO(name);
    CHECK(wanted.contains(name));
  }
  std::printf("functions defined: %zu\n", found.functions.size());
}

TEST_CASE("modules, collections, classes and their fields are defined as they are") {
  const Surface surface = load();
  const Definitions found = read(type_files(surface));
  for (const Member& member : surface.all()) {
    if (member.kind != "module" && member.kind != "collection") continue;
    INFO(member.path);
    CHECK(found.fields.contains(member.type));
    if (!member.row_type.empty()) CHECK(found.fields.contains(member.row_type));
  }
  for (const ClassOf& each : surface.classes()) {
    INFO(each.type);
    REQUIRE(found.fields.contains(each.type));
    for (const ClassField& field : each.fields) {
      CHECK(found.fields.at(each.type).contains(field.name));
    }
    if (each.kind == "record") {
      const std::set<std::string> keys(each.keys.begin(), each.keys.end());
      CHECK(found.fields.at(each.type) == keys);
    }
  }
}

TEST_CASE("every row of the bindings has a definition, and no other is there") {
  const Surface surface = load();
  const Definitions found = read(type_files(surface));
  std::size_t rows = 0;
  std::size_t modules = 0;
  for (const lua::Module* module : all_modules()) {
    INFO(module->name);
    REQUIRE(found.fields.contains(module->name));
    std::set<std::string> names;
    for (const lua::Entry& entry : module->entries) names.insert(entry.name);
    CHECK(found.fields.at(module->name) == names);
    rows += names.size();
    ++modules;
  }
  std::printf("modules of bindings: %zu, rows: %zu\n", modules, rows);
}

TEST_CASE("every parameter of the catalogue that a script gives in a table is a field of one") {
  const Surface surface = load();
  const Definitions found = read(type_files(surface));
  std::size_t params = 0;
  std::set<std::string> reached;
  for (const Member& member : surface.all()) {
    for (const Argument& argument : member.arguments) {
      if (!argument.stands_for.empty()) {
        reached.insert(argument.operation + " " + argument.stands_for);
      }
      if (argument.takes.empty()) continue;
      const std::string type = member.self_type + "." + member.name + "." + argument.name;
      INFO(type);
      REQUIRE(found.fields.contains(type));
      CHECK(found.fields.at(type).size() == argument.takes.size());
      for (const std::string& name : argument.takes) {
        reached.insert(argument.operation + " " + name);
        ++params;
      }
    }
  }
  std::printf("parameters in tables: %zu, parameters of operations reached: %zu\n", params,
              reached.size());
  CHECK(params >= 300);
}

TEST_CASE("every enumeration of the catalogue is spelt out") {
  const Surface surface = load();
  std::string all;
  for (const TypeFile& file : type_files(surface)) all += file.text;
  std::set<std::string> given;  // by scripts; what a function sets by itself needs no type
  for (const Member& member : surface.all()) {
    for (const Argument& argument : member.arguments) {
      given.insert(argument.operation + " " + argument.stands_for);
      for (const std::string& name : argument.takes) given.insert(argument.operation + " " + name);
    }
  }
  for (const cloud::Operation& operation : cloud::catalog()) {
    CHECK(all.find("---| \"" + cloud::permission_name(operation) + "\"") != std::string::npos);
    for (const cloud::Param& param : operation.params) {
      if (param.type != cloud::Type::kString || param.place == cloud::Place::kPath) continue;
      const std::string name = cloud::permission_name(operation) + " " + std::string(param.name);
      if (!given.contains(name)) continue;
      for (const std::string_view value : param.one_of) {
        INFO(operation.name << " " << param.name << " " << value);
        CHECK(all.find("\"" + std::string(value) + "\"") != std::string::npos);
      }
    }
  }
}

TEST_CASE("every definition file is Lua") {
  const Surface surface = load();
  Library library;
  for (const TypeFile& file : type_files(surface)) {
    INFO(file.name);
    // Compiled, and not called: as the `run` of a header.
    const std::string header =
        "return { name = 'x', summary = 'x', needs = {}, run = function()\n" + file.text +
        "\nend }";
    const Result<json::Object> described = library.describe_runbook(header, "@types.lua");
    INFO((described ? "" : describe(described.error())));
    CHECK(described.has_value());
  }
}
