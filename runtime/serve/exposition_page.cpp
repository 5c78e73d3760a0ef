#include "serve/exposition_page.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace neap::serve {
namespace {

// Control characters and bytes that are no UTF-8 are spelt out before, so no line break is left.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : printable(value)) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string ExpositionPage::text_of(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

void ExpositionPage::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void ExpositionPage::number(std::string_view suffix, Labels labels, const std::string& value) {
  text_ += name_;
  text_ += suffix;
  char before = '{';
  for (const Label& label : labels) {
    text_ += fmt::format("{}{}=\"{}\"", before, label.name, escaped(label.value));
    before = ',';
  }
  if (labels.size() > 0) text_ += '}';
  text_ += ' ' + value + '\n';
}

}  // namespace neap::serve
