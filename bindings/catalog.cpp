// host.catalog: the catalogue as Lua data, for the simulator and for help.
#include <array>
#include <cstdint>

#include "host.h"
#include "lua/bind.h"

namespace neap::bindings {
namespace {

constexpr std::array<std::string_view, 3> kPlaces = {"path", "query", "body"};
constexpr std::array<std::string_view, 6> kTypes = {"string", "integer",     "boolean",
                                                    "object", "string_list", "object_list"};
constexpr std::array<std::string_view, 5> kEffects = {"read", "idempotent", "guarded", "create",
                                                      "opaque"};
constexpr std::array<std::string_view, 4> kRules = {"any", "name", "description", "id"};

void set(lua_State* L, const char* name, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
  lua_setfield(L, -2, name);
}

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
  set(L, "rule", kRules.at(static_cast<std::size_t>(param.rule)));
  if (param.min != INT64_MIN) set_number(L, "min", static_cast<double>(param.min));
  if (param.max != INT64_MAX) set_number(L, "max", static_cast<double>(param.max));
  if (!param.one_of.empty()) set(L, "one_of", param.one_of);
  if (!param.fallback.empty()) set(L, "fallback", param.fallback);
}

void push_transition(lua_State* L, const cloud::Transition& transition) {
  lua_createtable(L, 0, 5);
  set(L, "job_type", transition.job_type);
  set(L, "from", transition.from);
  set(L, "during", transition.during);
  set(L, "success", transition.success);
  set(L, "failure", transition.failure);
}

void push_operation(lua_State* L, const cloud::Operation& operation) {
  lua_createtable(L, 0, 20);
  set(L, "service", operation.service);
  set(L, "name", operation.name);
  set(L, "summary", operation.summary);
  set(L, "method", http::to_text(operation.method));
  set(L, "path", operation.path);
  set(L, "envelope", operation.envelope);
  set_number(L, "success", operation.success);
  set(L, "effect", kEffects.at(static_cast<std::size_t>(operation.effect)));
  set(L, "resource", operation.resource);
  set(L, "result", operation.result);
  set(L, "paged", operation.paged);
  set(L, "entity", operation.entity);
  set(L, "group_from", operation.group_from);
  set(L, "conditions", operation.conditions);
  set(L, "evidence", operation.evidence);
  set(L, "errors", operation.errors);
  set(L, "source", operation.source);
  set_rows(L, "params", operation.params, push_param);
  set_rows(L, "transitions", operation.transitions, push_transition);
}

void push_error_code(lua_State* L, const cloud::ErrorCode& code) {
  lua_createtable(L, 0, 4);
  set(L, "code", code.code);
  set_number(L, "http_status", code.http_status);
  set(L, "meaning", code.meaning);
  set(L, "remedy", code.remedy);
}

int tables(lua::Call& call) {
  lua_createtable(call.L, 0, 2);
  set_rows(call.L, "operations", cloud::catalog(), push_operation);
  set_rows(call.L, "errors", cloud::error_codes(), push_error_code);
  return 1;
}

constexpr lua::Entry kEntries[] = {
    {"tables", "() -> {operations, errors}", tables},
};

}  // namespace

extern const lua::Module catalog{"host.catalog", kEntries};

}  // namespace neap::bindings
