// Arguments for any operation, made from its catalogue entry: valid ones, and for each documented
// rule values on both sides of its limits.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/catalog.h"
#include "cloud/rules.h"
#include "json/value.h"

namespace neap::test {

// Arguments that differ from valid ones in one place.
struct RuleCase {
  std::string field;  // as messages name it: "servers[1].server_id"
  json::Object arguments;
  json::Value value;  // of the field
  bool accepted = false;
  std::string says;  // when refused: a part of the message that states the rule
};

class OperationArguments {
 public:
  explicit OperationArguments(std::uint64_t seed) : random_(seed) {}

  // Only what is required, and what constraints demand beside it.
  json::Object minimal(const cloud::Operation& operation);
  // Everything that may stand together without a warning.
  json::Object full(const cloud::Operation& operation);
  // Every limit of every parameter, those of nested objects included.
  std::vector<RuleCase> rule_cases(const cloud::Operation& operation);
  // One violation of each parameter, chosen by chance: what a random test fires.
  std::vector<RuleCase> violations(const cloud::Operation& operation);

 private:
  struct ValueCase {
    std::string path;   // below the parameter: "[1].server_id"
    json::Value whole;  // what the parameter is given
    json::Value value;  // of the field itself
    bool accepted = false;
    std::string says;
  };
  using Cases = std::vector<ValueCase>;

  json::Value valid(const cloud::Param& param, bool all);
  std::string valid_text(const cloud::Param& param);
  std::int64_t valid_integer(const cloud::Param& param);
  json::Object valid_members(std::span<const cloud::Param> members, bool all);

  Cases cases_of(const cloud::Param& param);
  static void add_word_cases(const cloud::Param& param, Cases& cases);
  void add_text_cases(const cloud::Param& param, Cases& cases);
  void add_wide_text_cases(const cloud::Param& param, Cases& cases);
  void add_number_cases(const cloud::Param& param, Cases& cases);
  void add_list_cases(const cloud::Param& param, Cases& cases);
  void add_member_cases(const cloud::Param& param, Cases& cases);
  void add_type_cases(const cloud::Param& param, Cases& cases);

  // Adds and removes arguments until the constraints hold, leaving `kept` as it is.
  void keep_bonds(const cloud::Operation& operation, json::Object& arguments,
                  std::string_view kept);
  void keep_bond(const cloud::Operation& operation, const cloud::Constraint& bond,
                 json::Object& arguments, std::string_view kept);
  void add(const cloud::Operation& operation, json::Object& arguments, std::string_view name);
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::mt19937_64 random_;
};

// What a text of this rule can be made of in ASCII.
std::string alphabet(const cloud::TextRule& rule);
json::Object without(const json::Object& object, std::string_view name);
// The least number of items, or the smallest number, that a test may use.
std::int64_t least(const cloud::Param& param);

}  // namespace neap::test
