#include "app/usage.h"

#include <charconv>

#include <fmt/format.h>

#include "base/random.h"
#include "base/text.h"

namespace neap::app {
namespace {

std::string text_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const auto* text = value != nullptr ? value->as<std::string>() : nullptr;
  return text != nullptr ? printable(*text) : std::string();
}

json::Array list_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const auto* list = value != nullptr ? value->as<json::Array>() : nullptr;
  return list != nullptr ? *list : json::Array();
}

bool required(const json::Object& param) {
  const json::Value* value = param.find("required");
  const auto* flag = value != nullptr ? value->as<bool>() : nullptr;
  return flag != nullptr && *flag;
}

std::string flag_text(const json::Object& param) {
  std::string name = text_of(param, "name");
  for (char& c : name) c = c == '_' ? '-' : c;
  const std::string type = text_of(param, "type");
  return type == "boolean" ? "--" + name : "--" + name + " " + type;
}

std::string param_line(const json::Object& param) {
  std::string help = text_of(param, "help");
  if (required(param)) help += " (required)";
  const std::string fallback = text_of(param, "default");
  if (!fallback.empty() && fallback != "false") help += " (" + fallback + " if not given)";
  return fmt::format("  {:<24} {}\n", flag_text(param), help);
}

}  // namespace

std::string runbook_usage(const std::string& name, const json::Object& description) {
  std::string usage = "neap run " + name;
  std::string lines;
  for (const json::Value& row : list_of(description, "params")) {
    const auto& param = *row.as<json::Object>();
    usage += required(param) ? " " + flag_text(param) : " [" + flag_text(param) + "]";
    lines += param_line(param);
  }
  std::string out = fmt::format("{}\n\n{}\n", text_of(description, "summary"), usage);
  if (!lines.empty()) out += "\n" + lines;
  const std::string rto = text_of(description, "rto");
  if (!rto.empty()) out += "\nRecovery time objective: " + rto + "\n";
  out += "\nIt may call:\n";
  for (const json::Value& need : list_of(description, "needs")) {
    out += "  " + printable(*need.as<std::string>()) + "\n";
  }
  return out + "\nneap's own options: neap run --help\n";
}

Result<std::uint64_t> parse_seed(const std::string& text) {
  // Small enough to be exact as a Lua number.
  if (text.empty()) return Random::fresh_seed() & 0xFFFFFFFFu;
  std::uint64_t seed = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (problem != std::errc() || end != text.data() + text.size() || seed > (1ull << 53)) {
    return fail(ErrorKind::kUsage, "--seed: \"" + printable(text) + "\" is not a whole number",
                "give one from 0 to 2^53");
  }
  return seed;
}

}  // namespace neap::app
