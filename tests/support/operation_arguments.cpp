#include "support/operation_arguments.h"

#include <algorithm>
#include <optional>

#include "cloud/rules.h"

namespace neap::test {
namespace {

using cloud::Bond;
using cloud::Operation;
using cloud::Param;
using cloud::TextRule;
using cloud::Type;

const Param* find(const Operation& operation, std::string_view name) {
  for (const Param& param : operation.params) {
    if (param.name == name) return &param;
  }
  return nullptr;
}

std::optional<std::int64_t> integer_of(const json::Object& arguments, std::string_view name) {
  const json::Value* value = arguments.find(name);
  const auto* integer = value != nullptr ? value->as<std::int64_t>() : nullptr;
  return integer != nullptr ? std::optional(*integer) : std::nullopt;
}

}  // namespace

std::string alphabet(const TextRule& rule) {
  std::string letters;
  for (char c = ' '; c < 0x7F; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    const bool allowed = rule.any || (letter && rule.letters) || (digit && rule.digits) ||
                         rule.extra.find(c) != std::string_view::npos;
    if (allowed && rule.forbidden.find(c) == std::string_view::npos) letters += c;
  }
  return letters;
}

json::Object without(const json::Object& object, std::string_view name) {
  std::vector<json::Member> members;
  for (const auto& member : object) {
    if (member.first != name) members.push_back(member);
  }
  return json::Object(std::move(members));
}

std::int64_t least(const Param& param) {
  return std::max<std::int64_t>(param.min, 0);
}

std::string OperationArguments::valid_text(const Param& param) {
  if (!param.one_of.empty()) return std::string(param.one_of[below(param.one_of.size())]);
  if (param.rule == cloud::Rule::kMinute) return "2026-11-22T06:00Z";
  if (param.rule == cloud::Rule::kAddress) return "192.168.0." + std::to_string(1 + below(254));
  const TextRule& rule = cloud::text_rule(param.rule);
  if (rule.rule == cloud::Rule::kAny) return "value-" + std::to_string(below(1'000'000));
  const std::string letters = alphabet(rule);
  const std::size_t shortest = static_cast<std::size_t>(std::max(rule.min, 1));
  const std::size_t size =
      std::min<std::size_t>(shortest + 3 + below(8), static_cast<std::size_t>(rule.max));
  // The first one is a letter or digit, so that no text is a path of dots.
  std::string text(1, rule.letters || rule.any ? 'a' : '1');
  while (text.size() < size) text += letters[below(letters.size())];
  return text;
}

std::int64_t OperationArguments::valid_integer(const Param& param) {
  if (!param.one_of.empty()) return std::stoll(valid_text(param));
  const std::int64_t most = std::min(param.max, least(param) + 50);
  return least(param) +
         static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least(param) + 1)));
}

json::Object OperationArguments::valid_members(std::span<const Param> members, bool all) {
  json::Object object;
  for (const Param& member : members) {
    if (!member.constant.empty() || (!member.required && !all)) continue;
    object.set(std::string(member.name), valid(member, all));
  }
  return object;
}

json::Value OperationArguments::valid(const Param& param, bool all) {
  switch (param.type) {
    case Type::kString:
      return valid_text(param);
    case Type::kInteger:
      return valid_integer(param);
    case Type::kNumber:
      return static_cast<double>(valid_integer(param));
    case Type::kBoolean:
      return below(2) == 0;
    case Type::kObject:
      return valid_members(param.members, all);
    case Type::kStringList:
    case Type::kObjectList:
      break;
  }
  json::Array items;
  const std::int64_t most = std::min<std::int64_t>(param.max, all ? 3 : 1);
  const std::int64_t size = std::max({least(param), most, std::int64_t{0}});
  for (std::int64_t i = 0; i < size; ++i) {
    if (param.type == Type::kStringList) {
      items.emplace_back(valid_text(param));
    } else {
      items.emplace_back(valid_members(param.members, all));
    }
  }
  return items;
}

void OperationArguments::add(const Operation& operation, json::Object& arguments,
                             std::string_view name) {
  const Param* param = find(operation, name);
  if (param == nullptr || arguments.find(name) != nullptr) return;
  arguments.set(std::string(name), valid(*param, false));
}

void OperationArguments::keep_bond(const Operation& operation, const cloud::Constraint& bond,
                                   json::Object& arguments, std::string_view kept) {
  const auto stands = [&](std::string_view name) { return arguments.find(name) != nullptr; };
  const bool any = std::any_of(bond.these.begin(), bond.these.end(), stands);
  const auto remove = [&](std::string_view name) {
    if (name != kept) arguments = without(arguments, name);
  };
  switch (bond.bond) {
    case Bond::kAtLeastOne:
      if (!any) add(operation, arguments, bond.these.front());
      break;
    case Bond::kAtMostOne: {
      std::string_view chosen;
      for (const std::string_view name : bond.these) {
        if (stands(name) && (chosen.empty() || name == kept)) chosen = name;
      }
      for (const std::string_view name : bond.these) {
        if (name != chosen) remove(name);
      }
      break;
    }
    case Bond::kNeeds:
      for (const std::string_view name : bond.those) {
        if (any) add(operation, arguments, name);
      }
      break;
    case Bond::kNeedsValue:
      if (any) arguments.set(std::string(bond.those.front()), bond.value);
      break;
    case Bond::kValueNeeds: {
      const json::Value* value = arguments.find(bond.these.front());
      if (value == nullptr || !(*value == json::Value(bond.value))) break;
      for (const std::string_view name : bond.those) add(operation, arguments, name);
      break;
    }
    case Bond::kBeats:
      for (const std::string_view name : bond.those) {
        const bool winner =
            std::find(bond.these.begin(), bond.these.end(), kept) != bond.these.end();
        if (any && (kept.empty() || winner)) remove(name);
      }
      break;
    case Bond::kRises: {
      std::optional<std::int64_t> last;
      for (const std::string_view name : bond.these) {
        const auto number = integer_of(arguments, name);
        if (number && last && *number < *last) arguments.set(std::string(name), *last);
        last = number && last ? std::max(*number, *last) : number ? number : last;
      }
      break;
    }
  }
}

void OperationArguments::keep_bonds(const Operation& operation, json::Object& arguments,
                                    std::string_view kept) {
  // Twice, as one bond may add what another is about.
  for (int round = 0; round < 2; ++round) {
    for (const cloud::Constraint& bond : operation.constraints) {
      keep_bond(operation, bond, arguments, kept);
    }
  }
}

json::Object OperationArguments::minimal(const Operation& operation) {
  json::Object arguments = valid_members(operation.params, false);
  keep_bonds(operation, arguments, {});
  return arguments;
}

json::Object OperationArguments::full(const Operation& operation) {
  json::Object arguments;
  for (const Param& param : operation.params) {
    if (param.constant.empty()) arguments.set(std::string(param.name), valid(param, true));
  }
  keep_bonds(operation, arguments, {});
  return arguments;
}

}  // namespace neap::test
