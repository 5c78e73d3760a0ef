#include "repl/statement.h"

#include <cctype>

#include "base/text.h"

namespace neap::repl {
namespace {

// Lua ends such a message with what it stumbled over, and that is the end of the text. A string in
// quotes does not go on in the next line.
bool wants_more(const std::optional<Error>& error) {
  return error && error->message.find("near '<eof>'") != std::string::npos &&
         error->message.find("unfinished string") == std::string::npos;
}

bool is_name(std::string_view text) {
  const auto part = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0])) != 0) return false;
  for (const char c : text) {
    if (!part(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

// "a, b": what `local` may be followed by without giving it a value.
bool is_name_list(std::string_view text) {
  for (const std::string_view name : split(text, ',')) {
    if (!is_name(trim(name))) return false;
  }
  return true;
}

std::string without_local(std::string_view text) {
  constexpr std::string_view kLocal = "local";
  if (!text.starts_with(kLocal) || text.size() == kLocal.size()) return std::string(text);
  if (std::isspace(static_cast<unsigned char>(text[kLocal.size()])) == 0) return std::string(text);
  const std::string_view rest = trim(text.substr(kLocal.size()));
  if (is_name_list(rest)) return std::string(rest) + " = nil";
  return std::string(rest);
}

// Blanks and a comment up to the end of the line are nothing to run.
bool is_nothing(std::string_view text) {
  return text.empty() ||
         (text.starts_with("--") && !text.starts_with("--[") && text.find('\n') == text.npos);
}

}  // namespace

Typed read_typed(std::string_view text, const Compile& compile) {
  Typed typed;
  text = trim(text);
  if (is_nothing(text)) return typed;
  typed.text = text;
  typed.reading = text[0] == ':' ? Reading::kCommand : Reading::kCode;
  if (typed.reading == Reading::kCommand) return typed;
  if (text.ends_with('&')) {
    typed.background = true;
    text = trim(text.substr(0, text.size() - 1));
    typed.text = text;
  }
  const bool marked = text.starts_with('=');
  if (marked) text = trim(text.substr(1));
  const std::string expression = "return " + std::string(text);
  const std::optional<Error> no_expression = compile(expression);
  if (marked || !no_expression) {
    typed.shown = true;
    typed.source = expression;
    if (wants_more(no_expression) || text.empty()) typed.reading = Reading::kMore;
    return typed;
  }
  typed.source = without_local(text);
  const std::optional<Error> no_statement = compile(typed.source);
  typed.shown = !no_statement && text.starts_with("return");
  const bool half = wants_more(no_statement) || wants_more(no_expression);
  if (no_statement && half) typed.reading = Reading::kMore;
  return typed;
}

}  // namespace neap::repl
