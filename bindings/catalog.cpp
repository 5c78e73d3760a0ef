// host.catalog: the catalogue as Lua data, for the simulator and for help.
#include <array>
#include <cstdint>

#include "bindings/catalog_words.h"
#include "cloud/rules.h"
#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {
namespace {

constexpr std::array<std::string_view, 3> kPlaces = {"path", "query", "body"};
constexpr std::array<std::string_view, 7> kTypes = {
    "string", "integer", "number", "boolean", "object", "string_list", "object_list"};
constexpr std::array<std::string_view, 7> kBonds = {
    "at_least_one", "at_most_one", "needs", "needs_value", "value_needs", "beats", "rises"};
constexpr std::array<std::string_view, 5> kEffects = {"read", "idempotent", "guarded", "create",
                                                      "opaque"};

constexpr std::array<std::string_view, 3> kUrgencies = {"hook", "recovery", "normal"};
constexpr std::array<std::string_view, 3> kStations = {"stays", "flips", "argument"};

// Sets the text as a field of the table on top.
void set(lua_State* L, const char* name, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
  lua_setfield(L, -2, name);
}

// A literal would rather become a bool than a text.
void set(lua_State* L, const char* name, const char* text) = delete;

void set(lua_State* L, const char* name, bool flag) {
  lua_pushboolean(L, flag ? 1 : 0);
  lua_setfield(L, -2, name);
}

void set_number(lua_State* L, const char* name, double number) {
  lua_pushnumber(L, number);
  lua_setfield(L, -2, name);
}

void set(lua_State* L, const char* name, cloud::Words words) {
  lua_createtable(L, static_cast<int>(words.size()), 0);
  int i = 0;
  for (const std::string_view word : words) {
    lua_pushlstring(L, word.data(), word.size());
    lua_rawseti(L, -2, ++i);
  }
  lua_setfield(L, -2, name);
}

// Sets the list of rows, each made by `push`, as a field of the table on top.
template <class Row, class Push>
void set_rows(lua_State* L, const char* name, std::span<const Row> rows, Push push) {
  lua_createtable(L, static_cast<int>(rows.size()), 0);
  int i = 0;
  for (const Row& row : rows) {
    push(L, row);
    lua_rawseti(L, -2, ++i);
  }
  lua_setfield(L, -2, name);
}

void push_param(lua_State* L, const cloud::Param& param) {
  lua_createtable(L, 0, 8);
  set(L, "name", param.name);
  set(L, "place", kPlaces.at(static_cast<std::size_t>(param.place)));
  set(L, "type", kTypes.at(static_cast<std::size_t>(param.type)));
  set(L, "required", param.required);
  set(L, "help", param.help);
  set(L, "rule", cloud::text_rule(param.rule).name);
  if (param.min != INT64_MIN) set_number(L, "min", static_cast<double>(param.min));
  if (param.max != INT64_MAX) set_number(L, "max", static_cast<double>(param.max));
  if (!param.one_of.empty()) set(L, "one_of", param.one_of);
  if (!param.fallback.empty()) set(L, "fallback", param.fallback);
  if (!param.constant.empty()) set(L, "constant", param.constant);
  if (!param.members.empty()) set_rows(L, "members", param.members, push_param);
}

void push_constraint(lua_State* L, const cloud::Constraint& constraint) {
  lua_createtable(L, 0, 5);
  set(L, "bond", kBonds.at(static_cast<std::size_t>(constraint.bond)));
  set(L, "these", constraint.these);
  set(L, "those", constraint.those);
  set(L, "value", constraint.value);
  set(L, "because", constraint.because);
}

void push_transition(lua_State* L, const cloud::Transition& transition) {
  lua_createtable(L, 0, 5);
  set(L, "job_type", transition.job_type);
  set(L, "from", transition.from);
  set(L, "during", transition.during);
  set(L, "success", transition.success);
  set(L, "failure", transition.failure);
}

void set_lookup(lua_State* L, const cloud::Lookup& lookup) {
  lua_createtable(L, 0, 10);
  set(L, "show", lookup.show);
  set(L, "id", lookup.id);
  set(L, "list", lookup.list);
  set(L, "match", lookup.match);
  set(L, "mark", lookup.mark);
  set(L, "unique", lookup.unique);
  set(L, "set", lookup.set);
  set(L, "field", lookup.field);
  set(L, "value", lookup.value);
  set(L, "station", kStations.at(static_cast<std::size_t>(lookup.station)));
  lua_setfield(L, -2, "lookup");
}

void push_operation(lua_State* L, const cloud::Operation& operation) {
  lua_createtable(L, 0, 26);
  set(L, "service", operation.service);
  set(L, "name", operation.name);
  set(L, "summary", operation.summary);
  set(L, "method", http::to_text(operation.method));
  set(L, "path", operation.path);
  set(L, "envelope", operation.envelope);
  set_number(L, "success", operation.success);
  set(L, "effect", kEffects.at(static_cast<std::size_t>(operation.effect)));
  set(L, "urgency", kUrgencies.at(static_cast<std::size_t>(operation.urgency)));
  set(L, "resource", operation.resource);
  set(L, "result", operation.result);
  set(L, "paging", to_word(operation.paging));
  set(L, "job", operation.job);
  set(L, "entity", operation.entity);
  set(L, "group_from", operation.group_from);
  set(L, "conditions", operation.conditions);
  set(L, "evidence", operation.evidence);
  set(L, "errors", operation.errors);
  set(L, "alias", operation.alias);
  set(L, "source", operation.source);
  set(L, "sides", operation.sides);
  set_lookup(L, operation.lookup);
  set_rows(L, "params", operation.params, push_param);
  set_rows(L, "constraints", operation.constraints, push_constraint);
  set_rows(L, "transitions", operation.transitions, push_transition);
}

void push_error_code(lua_State* L, const cloud::ErrorCode& code) {
  lua_createtable(L, 0, 4);
  set(L, "code", code.code);
  set_number(L, "http_status", code.http_status);
  set(L, "kind", neap::to_text(code.kind));
  set(L, "meaning", code.meaning);
  set(L, "remedy", code.remedy);
}

void push_rule(lua_State* L, const cloud::TextRule& rule) {
  lua_createtable(L, 0, 10);
  set(L, "name", rule.name);
  set(L, "unit", std::string_view(rule.bytes ? "bytes" : "characters"));
  set_number(L, "min", rule.min);
  set_number(L, "max", rule.max);
  set(L, "letters", rule.letters);
  set(L, "digits", rule.digits);
  set(L, "chinese", rule.chinese);
  set(L, "any", rule.any);
  set(L, "extra", rule.extra);
  set(L, "forbidden", rule.forbidden);
  set(L, "text", rule.text);
}

void push_resource(lua_State* L, const cloud::Resource& resource) {
  lua_createtable(L, 0, 9);
  set(L, "name", resource.name);
  set(L, "service", resource.service);
  set(L, "noun", resource.noun);
  set(L, "id", resource.id);
  set(L, "label", resource.label);
  set(L, "status", resource.status);
  set(L, "station", resource.station);
  set(L, "updated", resource.updated);
  set(L, "statuses", resource.statuses);
}

int tables(lua::Call& call) {
  lua_createtable(call.L, 0, 4);
  set_rows(call.L, "operations", cloud::catalog(), push_operation);
  set_rows(call.L, "resources", cloud::resources(), push_resource);
  set_rows(call.L, "rules", cloud::text_rules(), push_rule);
  set_rows(call.L, "errors", cloud::error_codes(), push_error_code);
  return 1;
}

constexpr lua::Entry kEntries[] = {
    {"tables", "() -> {operations, resources, rules, errors}", tables},
};

}  // namespace

extern const lua::Module catalog{"host.catalog", kEntries};

}  // namespace neap::bindings
