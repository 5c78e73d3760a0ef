#include "app/usage.h"

#include <charconv>

#include <fmt/format.h>

#include "base/random.h"
#include "base/text.h"

namespace neap::app {
namespace {

std::string flag_text(const json::Object& param) {
  std::string name = printable(param.text("name"));
  for (char& c : name) c = c == '_' ? '-' : c;
  const std::string type = printable(param.text("type"));
  return type == "boolean" ? "--" + name : "--" + name + " " + type;
}

std::string param_line(const json::Object& param) {
  std::string help = printable(param.text("help"));
  if (param.flag("required")) help += " (required)";
  const std::string fallback = printable(param.text("default"));
  if (!fallback.empty() && fallback != "false") help += " (" + fallback + " if not given)";
  return fmt::format("  {:<24} {}\n", flag_text(param), help);
}

}  // namespace

std::string runbook_usage(const std::string& name, const json::Object& description) {
  std::string usage = "neap run " + name;
  std::string lines;
  for (const json::Value& row : description.list("params")) {
    const auto& param = *row.as<json::Object>();
    usage += param.flag("required") ? " " + flag_text(param) : " [" + flag_text(param) + "]";
    lines += param_line(param);
  }
  std::string out = fmt::format("{}\n\n{}\n", printable(description.text("summary")), usage);
  if (!lines.empty()) out += "\n" + lines;
  const std::string rto = printable(description.text("rto"));
  if (!rto.empty()) out += "\nRecovery time objective: " + rto + "\n";
  out += "\nIt may call:\n";
  for (const json::Value& need : description.list("needs")) {
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
