#include "repl/saved_runbook.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::repl {
namespace {

constexpr std::size_t kLongestStepName = 60;  // bytes

bool is_part_of_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Whether the text speaks of `_`, the last value. Errs towards yes, in comments and strings.
bool names_last(std::string_view text) {
  for (std::size_t at = text.find('_'); at != text.npos; at = text.find('_', at + 1)) {
    const bool begins = at == 0 || !is_part_of_name(text[at - 1]);
    const bool ends = at + 1 == text.size() || !is_part_of_name(text[at + 1]);
    if (begins && ends) return true;
  }
  return false;
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    if (!trim(line).empty()) out += std::string(indent) + std::string(line);
    out += "\n";
  }
  return out;
}

std::string comment(std::string_view text, std::string_view indent) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    out += std::string(indent) + "-- " + std::string(trim(line)) + "\n";
  }
  return out;
}

// As a Lua literal.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return out + "\"";
}

std::string short_name(std::string_view text) {
  std::string name(text.substr(0, text.find('\n')));
  if (name.size() <= kLongestStepName) return name;
  std::size_t end = kLongestStepName;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end) + "…";
}

// What runs of a statement: a `return` at its end must not end the runbook, and the value of an
// expression may be wanted.
std::string code_of(const Typed& typed) {
  constexpr std::string_view kReturn = "return";
  if (!typed.shown && typed.source.find(kReturn) == std::string::npos) return typed.source;
  if (!typed.shown) return fmt::format("_ = (function()\n  {}\nend)()", typed.source);
  return "_ = " + std::string(trim(std::string_view(typed.source).substr(kReturn.size())));
}

struct Writer {
  std::string body;
  std::string code;  // of it, without comments
  std::set<std::string> needs;

  void add(const Lived& lived, bool wanted) {
    const bool interrupted = lived.error && lived.error->kind == ErrorKind::kCancelled;
    if (lived.error && (!interrupted || lived.changed.empty())) {
      body += comment("failed: " + lived.typed.text, "    ") +
              comment(printable(lived.error->message), "    ");
      return;
    }
    if (lived.changed.empty() && lived.typed.shown && !wanted) {
      body += comment("looked at: " + lived.typed.text, "    ");
      return;
    }
    needs.insert(lived.used.begin(), lived.used.end());
    const std::string text = code_of(lived.typed);
    code += text + "\n";
    if (lived.changed.empty()) {
      body += indented(text, "    ");
      return;
    }
    const std::string name = quoted(short_name(lived.typed.text));
    body += fmt::format("    ctx:confirm({})\n", quoted("Send " + join(lived.changed, ", ") + "?"));
    body +=
        fmt::format("    ctx:step({}, function()\n{}    end)\n", name, indented(text, "      "));
  }
};

std::string list_of(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += fmt::format("    {},\n", quoted(word));
  return out.empty() ? "{}" : "{\n" + out + "  }";
}

}  // namespace

std::string runbook_of(const SavedSession& session) {
  const std::vector<Lived>& all = session.statements;
  Writer writer;
  for (auto at = all.begin(); at != all.end(); ++at) {
    // Until another expression takes its place, what follows may speak of this one's value.
    const auto successor =
        std::find_if(at + 1, all.end(), [](const Lived& next) { return next.typed.shown; });
    const auto end = successor == all.end() ? all.end() : successor + 1;
    const bool wanted = at->typed.shown && std::any_of(at + 1, end, [](const Lived& next) {
                          return names_last(next.typed.text);
                        });
    writer.add(*at, wanted);
  }
  std::vector<std::string> names = session.globals;
  std::erase(names, "_");
  if (names_last(writer.code)) names.emplace_back("_");
  std::string out = fmt::format(
      "-- Saved from a session of neap repl, {}; tried in {}.\n"
      "-- Rehearse it before you trust it: neap rehearse FILE; write params for what may differ.\n",
      session.when, session.place);
  if (!names.empty()) out += fmt::format("local {}\n", join(names, ", "));
  out += fmt::format(
      "\nreturn {{\n  name = {},\n  summary = {},\n  params = {{}},\n  needs = {},\n"
      "  run = function(ctx) -- luacheck: ignore\n{}  end,\n}}\n",
      quoted(session.name), quoted("Saved from a session on " + session.when),
      list_of(writer.needs), writer.body);
  return out;
}

}  // namespace neap::repl
