#include "cloud/check_values.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/check.h"
#include "cloud/rules.h"
#include "json/masked.h"
#include "json/writer.h"

namespace neap::cloud {
namespace {

// The rule that a value breaks; nothing when it keeps all of them.
using Broken = std::optional<std::string>;

std::size_t characters_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

Broken check_words(const Param& param, const std::string& text) {
  const Words words = param.one_of;
  if (words.empty() || std::find(words.begin(), words.end(), text) != words.end()) return {};
  const std::vector<std::string> known(words.begin(), words.end());
  return "must be one of " + join(known, ", ") + did_you_mean(text, known);
}

Broken check_text(const Param& param, const std::string& text) {
  if (!valid_utf8(text)) return "must be UTF-8";
  // A needed text says something, but where its rule allows nothing: the value of a tag.
  const TextRule& rule = text_rule(param.rule);
  const bool may_be_empty = rule.rule != Rule::kAny && rule.min == 0;
  if (text.empty() && param.required && !may_be_empty) return "must not be empty";
  // Nothing encodes dots, and such a segment would lead the request elsewhere.
  if (param.place == Place::kPath && (text == "." || text == "..")) return "cannot stand in a path";
  if (Broken broken = check_words(param, text)) return broken;
  if (keeps(rule, text)) return {};
  const std::size_t size = rule.bytes ? text.size() : characters_of(text);
  const bool long_one = size > static_cast<std::size_t>(rule.max);
  return fmt::format(
      "must be {}{}", rule.text,
      long_one ? fmt::format(" ({} {})", size, rule.bytes ? "bytes" : "characters") : "");
}

template <class Number>
Broken check_range(const Param& param, Number number, std::string_view unit) {
  if (number >= static_cast<Number>(param.min) && number <= static_cast<Number>(param.max)) {
    return {};
  }
  if (param.max == INT64_MAX) return fmt::format("must be at least {}{}", param.min, unit);
  if (param.min == INT64_MIN) return fmt::format("must be at most {}{}", param.max, unit);
  return fmt::format("must be {} to {}{}", param.min, param.max, unit);
}

Broken check_integer(const Param& param, const json::Value& value) {
  std::int64_t integer = 0;
  if (const auto* exact = value.as<std::int64_t>()) {
    integer = *exact;
  } else {
    const auto* number = value.as<double>();
    // Lua's numbers are doubles; those beyond 2^53 have lost digits.
    if (number == nullptr || *number != std::floor(*number) || std::abs(*number) > 0x1.0p53) {
      return "must be an integer";
    }
    integer = static_cast<std::int64_t>(*number);
  }
  if (Broken broken = check_words(param, std::to_string(integer))) return broken;
  return check_range(param, integer, "");
}

Broken check_number(const Param& param, const json::Value& value) {
  if (const auto* integer = value.as<std::int64_t>()) return check_range(param, *integer, "");
  const auto* number = value.as<double>();
  if (number == nullptr || !std::isfinite(*number)) return "must be a number";
  return check_range(param, *number, "");
}

// Values that hold no others.
Broken check_plain(const Param& param, const json::Value& value) {
  switch (param.type) {
    case Type::kString:
      if (const auto* text = value.as<std::string>()) return check_text(param, *text);
      return "must be a string";
    case Type::kInteger:
      return check_integer(param, value);
    case Type::kNumber:
      return check_number(param, value);
    case Type::kBoolean:
      if (value.as<bool>() == nullptr) return "must be true or false";
      return {};
    default:
      return {};
  }
}

Complaint complaint(const std::string& path, const json::Value& value, std::string_view rule) {
  const bool secret = json::is_secret_name(path.substr(path.rfind('.') + 1));
  return {fmt::format("{} = {} {}", path, secret ? "***" : shown(value), rule), {}};
}

std::optional<Complaint> complain_of_object(const Param& param, const json::Value& value,
                                            const std::string& path) {
  const auto* object = value.as<json::Object>();
  if (object == nullptr) return complaint(path, value, "must be an object");
  if (param.members.empty()) return {};
  return complain_of_values(param.members, *object, path);
}

std::optional<Complaint> complain_of_list(const Param& param, const json::Value& value,
                                          const std::string& path) {
  const auto* object = value.as<json::Object>();
  const json::Array none;
  const json::Array* items = object != nullptr && object->empty() ? &none : value.as<json::Array>();
  if (items == nullptr) {
    return complaint(path, value, fmt::format("must be a {}", to_text(param.type)));
  }
  if (const Broken broken =
          check_range(param, static_cast<std::int64_t>(items->size()), " items")) {
    return complaint(path, value, *broken);
  }
  for (std::size_t i = 0; i < items->size(); ++i) {
    const json::Value& item = (*items)[i];
    const std::string place = fmt::format("{}[{}]", path, i + 1);
    if (param.type == Type::kObjectList) {
      if (auto wrong = complain_of_object(param, item, place)) return wrong;
      continue;
    }
    const auto* text = item.as<std::string>();
    const Broken broken = text != nullptr ? check_text(param, *text) : "must be a string";
    if (broken) return complaint(place, item, *broken);
  }
  return {};
}

std::optional<Complaint> complain_of_value(const Param& param, const json::Value& value,
                                           const std::string& path) {
  switch (param.type) {
    case Type::kObject:
      return complain_of_object(param, value, path);
    case Type::kStringList:
    case Type::kObjectList:
      return complain_of_list(param, value, path);
    default:
      if (const Broken broken = check_plain(param, value)) return complaint(path, value, *broken);
      return {};
  }
}

std::optional<Complaint> complain_of_unknown(std::span<const Param> params,
                                             const json::Object& values, const std::string& path) {
  for (const auto& [key, value] : values) {
    const auto has_name = [&name = key](const Param& param) { return param.name == name; };
    if (std::any_of(params.begin(), params.end(), has_name)) continue;
    std::vector<std::string> known;
    for (const Param& param : params) {
      if (param.constant.empty()) known.emplace_back(param.name);
    }
    const std::string inside = path.empty() ? "" : path + ".";
    return Complaint{
        fmt::format("unknown parameter \"{}{}\"{}", inside,
                    printable(std::string_view(key).substr(0, 64)), did_you_mean(key, known)),
        fmt::format("{} takes {}", path.empty() ? "it" : path,
                    known.empty() ? "none" : join(known, ", "))};
  }
  return {};
}

}  // namespace

std::optional<Complaint> complain_of_values(std::span<const Param> params,
                                            const json::Object& values, const std::string& path) {
  if (auto unknown = complain_of_unknown(params, values, path)) return unknown;
  for (const Param& param : params) {
    const json::Value* value = values.find(param.name);
    if (value == nullptr && (!param.required || !param.constant.empty())) continue;
    std::string name =
        path.empty() ? std::string(param.name) : fmt::format("{}.{}", path, param.name);
    if (value == nullptr) return Complaint{name + " is missing", std::string(param.help)};
    if (!param.constant.empty()) {
      return complaint(name, *value,
                       fmt::format("must be left out: it is always {}", param.constant));
    }
    if (auto wrong = complain_of_value(param, *value, name)) return wrong;
  }
  return {};
}

std::string shown(const json::Value& value) {
  constexpr std::size_t kMost = 60;
  std::string text = printable(json::write(json::masked(value)));
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace neap::cloud
