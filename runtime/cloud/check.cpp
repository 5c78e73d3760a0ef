#include "cloud/check.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "json/writer.h"

namespace neap::cloud {
namespace {

constexpr std::size_t kMostBytes = 64;  // names, descriptions and ids alike

// The value as an operator may see it: printable, and short enough for one line.
std::string shown(const json::Value& value) {
  constexpr std::size_t kMost = 60;
  std::string text = printable(json::write(value));
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

bool is_ascii_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_chinese(char32_t point) {
  return (point >= 0x3400 && point <= 0x4DBF) || (point >= 0x4E00 && point <= 0x9FFF) ||
         (point >= 0xF900 && point <= 0xFAFF) || (point >= 0x20000 && point <= 0x323AF);
}

// The text must be valid UTF-8.
bool is_name(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      if (!is_ascii_alphanumeric(text[i]) &&
          std::string_view("._-").find(text[i]) == std::string_view::npos) {
        return false;
      }
      ++i;
      continue;
    }
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    }
    if (!is_chinese(point)) return false;
    i += length;
  }
  return true;
}

bool keeps(Rule rule, std::string_view text) {
  if (rule != Rule::kAny && text.size() > kMostBytes) return false;
  switch (rule) {
    case Rule::kAny:
      return true;
    case Rule::kName:
      return !text.empty() && is_name(text);
    case Rule::kDescription:
      return text.find_first_of("<>") == std::string_view::npos;
    case Rule::kId:
      return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_ascii_alphanumeric(c) || c == '-' || c == '_';
      });
  }
  return false;
}

std::string alternatives(Words words) {
  return fmt::format("{}", fmt::join(words.begin(), words.end(), ", "));
}

// Each of these answers the rule that the value breaks; nothing when it keeps all of them.
using Broken = std::optional<std::string>;

Broken check_text(const Param& param, const std::string& text) {
  if (!valid_utf8(text)) return "must be UTF-8";
  if (text.empty() && param.required) return "must not be empty";
  if (!param.one_of.empty() &&
      std::find(param.one_of.begin(), param.one_of.end(), text) == param.one_of.end()) {
    const std::vector<std::string> known(param.one_of.begin(), param.one_of.end());
    return "must be one of " + alternatives(param.one_of) + did_you_mean(text, known);
  }
  if (keeps(param.rule, text)) return {};
  const std::string size =
      text.size() > kMostBytes ? fmt::format(" ({} bytes)", text.size()) : std::string();
  return fmt::format("must be {}{}", rule_text(param.rule), size);
}

Broken check_range(const Param& param, std::int64_t number, std::string_view unit) {
  if (number >= param.min && number <= param.max) return {};
  if (param.max == INT64_MAX) return fmt::format("must be at least {}{}", param.min, unit);
  return fmt::format("must be {} to {}{}", param.min, param.max, unit);
}

Broken check_integer(const Param& param, const json::Value& value) {
  if (const auto* integer = value.as<std::int64_t>()) return check_range(param, *integer, "");
  const auto* number = value.as<double>();
  // Lua's numbers are doubles; those beyond 2^53 have lost digits.
  if (number == nullptr || *number != std::floor(*number) || std::abs(*number) > 0x1.0p53) {
    return "must be an integer";
  }
  return check_range(param, static_cast<std::int64_t>(*number), "");
}

Broken check_list(const Param& param, const json::Value& value) {
  const auto* items = value.as<json::Array>();
  if (items == nullptr) return fmt::format("must be a {}", to_text(param.type));
  for (const json::Value& item : *items) {
    if (param.type == Type::kObjectList) {
      if (item.as<json::Object>() == nullptr) return "must hold objects only";
      continue;
    }
    const auto* text = item.as<std::string>();
    if (text == nullptr) return "must hold strings only";
    if (Broken broken = check_text(param, *text)) return "items " + *broken;
  }
  return check_range(param, static_cast<std::int64_t>(items->size()), " items");
}

Broken check_value(const Param& param, const json::Value& value) {
  switch (param.type) {
    case Type::kString:
      if (const auto* text = value.as<std::string>()) return check_text(param, *text);
      return "must be a string";
    case Type::kInteger:
      return check_integer(param, value);
    case Type::kBoolean:
      if (value.as<bool>() != nullptr) return {};
      return "must be true or false";
    case Type::kObject:
      if (value.as<json::Object>() != nullptr) return {};
      return "must be an object";
    case Type::kStringList:
    case Type::kObjectList:
      return check_list(param, value);
  }
  return {};
}

tl::unexpected<Error> refuse(const Operation& operation, std::string rest, std::string hint = {}) {
  Error error{ErrorKind::kArgument, fmt::format("{}: {}", operation.name, rest), std::move(hint)};
  error.operation = operation.name;
  return tl::unexpected<Error>(std::move(error));
}

Result<void> refuse_unknown(const Operation& operation, const json::Object& arguments) {
  std::vector<std::string> known;
  for (const Param& param : operation.params) known.emplace_back(param.name);
  for (const auto& [key, value] : arguments) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string all = known.empty() ? "it takes none" : "it takes " + join(known, ", ");
    return refuse(
        operation,
        fmt::format("unknown parameter \"{}\"{}", printable(std::string_view(key).substr(0, 64)),
                    did_you_mean(key, known)),
        all);
  }
  return {};
}

}  // namespace

Result<void> check_arguments(const Operation& operation, const json::Object& arguments) {
  if (Result<void> known = refuse_unknown(operation, arguments); !known) return known;
  for (const Param& param : operation.params) {
    const json::Value* value = arguments.find(param.name);
    if (value == nullptr) {
      if (!param.required) continue;
      return refuse(operation, fmt::format("{} is missing", param.name), std::string(param.help));
    }
    if (const Broken broken = check_value(param, *value)) {
      return refuse(operation, fmt::format("{} = {} {}", param.name, shown(*value), *broken));
    }
  }
  return {};
}

std::string_view rule_text(Rule rule) {
  switch (rule) {
    case Rule::kAny:
      return {};
    case Rule::kName:
      return "1 to 64 bytes of Chinese or English letters, digits, \".\", \"_\" and \"-\"";
    case Rule::kDescription:
      return "at most 64 bytes without \"<\" and \">\"";
    case Rule::kId:
      return "an id: 1 to 64 letters, digits, \"-\" and \"_\"";
  }
  return {};
}

std::string_view to_text(Type type) {
  switch (type) {
    case Type::kString:
      return "string";
    case Type::kInteger:
      return "integer";
    case Type::kBoolean:
      return "boolean";
    case Type::kObject:
      return "object";
    case Type::kStringList:
      return "list of strings";
    case Type::kObjectList:
      return "list of objects";
  }
  return {};
}

}  // namespace neap::cloud
