// The limits of each parameter, one case for each side of each.
#include <algorithm>
#include <limits>

#include "support/operation_arguments.h"

namespace neap::test {
namespace {

using cloud::Operation;
using cloud::Param;
using cloud::TextRule;
using cloud::Type;

constexpr std::string_view kChinese = "保";
constexpr std::string_view kEmoji = "🌊";

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (; times > 0; --times) text += piece;
  return text;
}

}  // namespace

void OperationArguments::add_word_cases(const Param& param, Cases& cases) {
  for (const std::string_view word : param.one_of) {
    cases.push_back({"", word, word, true, {}});
    const std::string wrong = std::string(word) + "x";
    cases.push_back({"", wrong, wrong, false, "must be one of"});
  }
}

void OperationArguments::add_text_cases(const Param& param, Cases& cases) {
  const TextRule& rule = cloud::text_rule(param.rule);
  const bool may_be_empty = rule.rule != cloud::Rule::kAny && rule.min == 0;
  if (param.required && !may_be_empty) {
    cases.push_back({"", "", "", false, "must not be empty"});
  }
  cases.push_back({"", "a\xFF", "a\xFF", false, "must be UTF-8"});
  if (param.place == cloud::Place::kPath) {
    cases.push_back({"", "..", "..", false, "cannot stand in a path"});
  }
  if (rule.rule == cloud::Rule::kAny) return;
  const std::string letters = alphabet(rule);
  const char filler = rule.letters || rule.any ? 'a' : '1';
  const auto put = [&](const std::string& text, bool accepted) {
    cases.push_back({"", text, text, accepted, std::string(rule.text)});
  };
  const auto shortest = static_cast<std::size_t>(rule.min);
  const auto longest = static_cast<std::size_t>(rule.max);
  if (shortest > 1) put(std::string(shortest - 1, filler), false);
  if (shortest == 1 && !param.required) put("", false);
  if (shortest == 0) put("", true);
  put(std::string(std::max<std::size_t>(shortest, 1), filler), true);
  put(std::string(longest, filler), true);
  put(std::string(longest + 1, filler), false);
  for (int c = 0; c < 0x80; ++c) {
    std::string text(std::max<std::size_t>(shortest, 3), filler);
    text[1] = static_cast<char>(c);
    if (text.size() <= longest) put(text, letters.find(static_cast<char>(c)) != std::string::npos);
  }
  add_wide_text_cases(param, cases);
}

// Lengths count bytes in some rules and characters in others.
void OperationArguments::add_wide_text_cases(const Param& param, Cases& cases) {
  const TextRule& rule = cloud::text_rule(param.rule);
  const auto longest = static_cast<std::size_t>(rule.max);
  for (const std::string_view wide : {kChinese, kEmoji}) {
    const bool allowed = rule.any || (rule.chinese && wide == kChinese);
    const std::size_t most = rule.bytes ? longest / wide.size() : longest;
    for (const std::size_t count : {std::size_t{1}, most, most + 1}) {
      std::string text = repeated(wide, count);
      const std::size_t size = rule.bytes ? text.size() : count;
      if (size < static_cast<std::size_t>(rule.min)) continue;
      cases.push_back({"", text, text, allowed && count <= most, std::string(rule.text)});
    }
    const std::string filled =
        repeated(wide, most) + std::string(longest - (rule.bytes ? most * wide.size() : most), 'a');
    if (allowed) cases.push_back({"", filled, filled, true, {}});
    if (allowed) cases.push_back({"", filled + "a", filled + "a", false, std::string(rule.text)});
  }
}

void OperationArguments::add_number_cases(const Param& param, Cases& cases) {
  const auto put = [&](std::int64_t number, bool accepted) {
    cases.push_back({"", number, number, accepted, "must be"});
  };
  if (param.one_of.empty()) {
    if (param.min != INT64_MIN) put(param.min, true);
    if (param.min != INT64_MIN) put(param.min - 1, false);
    if (param.max != INT64_MAX) put(param.max, true);
    if (param.max != INT64_MAX) put(param.max + 1, false);
  }
  for (const std::string_view word : param.one_of) put(std::stoll(std::string(word)), true);
  if (!param.one_of.empty()) put(987'654'321, false);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  cases.push_back({"", nan, nan, false, "must be"});
  if (param.type != Type::kInteger) return;
  cases.push_back({"", 1.5, 1.5, false, "must be an integer"});
  cases.push_back({"", 1e300, 1e300, false, "must be an integer"});
}

void OperationArguments::add_list_cases(const Param& param, Cases& cases) {
  const auto put = [&](std::int64_t size, bool accepted) {
    json::Array items;
    for (std::int64_t i = 0; i < size; ++i) {
      if (param.type == Type::kStringList) {
        items.emplace_back(valid_text(param));
      } else {
        items.emplace_back(valid_members(param.members, false));
      }
    }
    cases.push_back({"", items, items, accepted, "must be"});
  };
  if (param.min > 0) put(param.min - 1, false);
  put(least(param), true);
  if (param.min <= 0) cases.push_back({"", json::Object(), json::Object(), true, {}});
  if (param.max == INT64_MAX) return;
  put(param.max, true);
  put(param.max + 1, false);
}

// The cases of an item of a list of texts, and of each member of an object or of a list of them.
void OperationArguments::add_member_cases(const Param& param, Cases& cases) {
  const bool is_list = param.type == Type::kObjectList || param.type == Type::kStringList;
  const std::string place = is_list ? "[1]" : "";
  const auto wrap = [&](json::Value inner) {
    if (!is_list) return inner;
    json::Array items{std::move(inner)};
    while (static_cast<std::int64_t>(items.size()) < least(param)) {
      items.push_back(param.type == Type::kStringList
                          ? json::Value(valid_text(param))
                          : json::Value(valid_members(param.members, false)));
    }
    return json::Value(std::move(items));
  };
  if (is_list && param.max < 1) return;
  if (param.type == Type::kStringList) {
    Param item = param;
    item.type = Type::kString;
    for (ValueCase& found : cases_of(item)) {
      cases.push_back({place, wrap(found.whole), found.value, found.accepted, found.says});
    }
    return;
  }
  if (is_list) cases.push_back({place, wrap("text"), "text", false, "must be an object"});
  if (param.members.empty()) return;
  const json::Object base = valid_members(param.members, false);
  for (const Param& member : param.members) {
    const std::string path = place + "." + std::string(member.name);
    if (!member.constant.empty()) {
      json::Object given = base;
      given.set(std::string(member.name), member.constant);
      cases.push_back({path, wrap(given), member.constant, false, "must be left out"});
      continue;
    }
    if (member.required) {
      cases.push_back({path, wrap(without(base, member.name)), {}, false, "is missing"});
    }
    for (const ValueCase& found : cases_of(member)) {
      json::Object given = base;
      given.set(std::string(member.name), found.whole);
      cases.push_back({path + found.path, wrap(given), found.value, found.accepted, found.says});
    }
  }
  json::Object extra = base;
  extra.set("no_such_member", 1);
  cases.push_back({place + ".no_such_member", wrap(extra), {}, false, "unknown parameter"});
}

void OperationArguments::add_type_cases(const Param& param, Cases& cases) {
  const auto put = [&](json::Value value) {
    cases.push_back({"", value, value, false, "must be"});
  };
  put(json::Null{});
  if (param.type != Type::kString) put("text");
  if (param.type != Type::kBoolean) put(true);
  if (param.type != Type::kInteger && param.type != Type::kNumber) put(7);
  const bool is_list = param.type == Type::kObjectList || param.type == Type::kStringList;
  if (!is_list) put(json::Array{"text"});
  if (param.type == Type::kObject) return;
  json::Object object;
  object.set("key", "value");
  put(std::move(object));
}

OperationArguments::Cases OperationArguments::cases_of(const Param& param) {
  Cases cases;
  add_type_cases(param, cases);
  switch (param.type) {
    case Type::kString:
      if (param.one_of.empty()) {
        add_text_cases(param, cases);
      } else {
        add_word_cases(param, cases);
      }
      break;
    case Type::kInteger:
    case Type::kNumber:
      add_number_cases(param, cases);
      break;
    case Type::kBoolean:
      for (const bool flag : {true, false}) cases.push_back({"", flag, flag, true, {}});
      break;
    case Type::kStringList:
    case Type::kObjectList:
      add_list_cases(param, cases);
      add_member_cases(param, cases);
      break;
    case Type::kObject:
      add_member_cases(param, cases);
      break;
  }
  return cases;
}

std::vector<RuleCase> OperationArguments::rule_cases(const Operation& operation) {
  std::vector<RuleCase> all;
  const json::Object base = minimal(operation);
  for (const Param& param : operation.params) {
    const std::string name(param.name);
    if (!param.constant.empty()) {
      json::Object given = base;
      given.set(name, param.constant);
      all.push_back({name, std::move(given), param.constant, false, "must be left out"});
      continue;
    }
    if (param.required) all.push_back({name, without(base, name), {}, false, "is missing"});
    for (ValueCase& found : cases_of(param)) {
      json::Object given = base;
      given.set(name, std::move(found.whole));
      keep_bonds(operation, given, name);
      all.push_back({name + found.path, std::move(given), std::move(found.value), found.accepted,
                     std::move(found.says)});
    }
  }
  json::Object extra = base;
  extra.set("no_such_parameter", 1);
  all.push_back({"no_such_parameter", std::move(extra), {}, false, "unknown parameter"});
  return all;
}

std::vector<RuleCase> OperationArguments::violations(const Operation& operation) {
  std::vector<RuleCase> cases = rule_cases(operation);
  std::shuffle(cases.begin(), cases.end(), random_);
  std::vector<RuleCase> chosen;
  for (RuleCase& found : cases) {
    const bool known = std::any_of(chosen.begin(), chosen.end(),
                                   [&](const RuleCase& row) { return row.field == found.field; });
    if (!found.accepted && !known) chosen.push_back(std::move(found));
  }
  return chosen;
}

}  // namespace neap::test
