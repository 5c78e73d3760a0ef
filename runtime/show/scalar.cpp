#include "show/scalar.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "show/health.h"
#include "show/thing.h"
#include "show/times.h"

namespace neap::show {
namespace {

using lua::Snapshot;
using Kind = Snapshot::Kind;

constexpr std::size_t kCellColumns = 120;  // of a table within a cell

bool is_identifier(std::string_view name) {
  const auto word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), word);
}

std::string function_text(const Snapshot& value) {
  return value.text.empty() ? "function" : "function " + printable(value.text);
}

std::string methods_text(const Snapshot& value) {
  std::vector<std::string> names;
  for (const Snapshot::Field& field : value.fields) names.push_back(":" + printable(field.name));
  const std::string what = value.text.empty() ? "" : " of " + printable(value.text) + "s";
  return printable(value.type) + what + ": " + join(names, " ");
}

// Writes until there is more than fits.
class OneLine {
 public:
  explicit OneLine(std::size_t columns) : columns_(columns) {}

  std::string take() { return std::move(out_); }

  void put(const Snapshot& value, std::size_t depth) {
    if (value.kind != Kind::kTable) {
      out_ += value.kind == Kind::kText ? quoted(value.text) : plain_scalar(value);
    } else if (is_thing(value) && depth > 0) {
      out_ += "<" + brief(value) + ">";
    } else {
      put_table(value, depth);
    }
  }

  static std::string plain_scalar(const Snapshot& value) {
    switch (value.kind) {
      case Kind::kNil:
        return "nil";
      case Kind::kNull:
        return "null";
      case Kind::kBoolean:
        return value.truth ? "true" : "false";
      case Kind::kNumber:
        return number_text(value);
      case Kind::kFunction:
        return "<" + function_text(value) + ">";
      case Kind::kMethods:
        return methods_text(value);
      case Kind::kOpaque:
        return "<" + printable(value.type) + ">";
      case Kind::kAgain:
        return value.text.empty() ? "<the whole again>" : "<" + value.text + " again>";
      default:
        return printable(value.text);
    }
  }

 private:
  bool full() const { return out_.size() > columns_ && display_width(out_) > columns_; }

  void put_table(const Snapshot& table, std::size_t depth) {
    const std::size_t more = table.more_items + table.more_fields;
    if (table.items.empty() && table.fields.empty()) {
      out_ += more == 0 ? (table.is_list ? "[]" : "{}") : fmt::format("{{ {} more }}", more);
      return;
    }
    const char* separator = "{ ";
    for (const Snapshot& item : table.items) {
      if (full()) return;
      out_ += std::exchange(separator, ", ");
      put(item, depth + 1);
    }
    for (const Snapshot::Field& field : table.fields) {
      if (full()) return;
      out_ += std::exchange(separator, ", ");
      out_ += key_text(field) + " = ";
      put(field.value, depth + 1);
    }
    if (more > 0) out_ += fmt::format(", {} more", more);
    out_ += " }";
  }

  std::size_t columns_;
  std::string out_;
};

bool is_plain_list(const Snapshot& value) {
  return value.kind == Kind::kTable && !value.items.empty() && value.fields.empty() &&
         value.type.empty() &&
         std::all_of(value.items.begin(), value.items.end(), [](const Snapshot& item) {
           return item.kind == Kind::kText || item.kind == Kind::kNumber ||
                  item.kind == Kind::kBoolean;
         });
}

std::string with_commas(const Snapshot& list) {
  std::vector<std::string> texts;
  for (const Snapshot& item : list.items) texts.push_back(OneLine::plain_scalar(item));
  if (list.more_items > 0) texts.push_back(fmt::format("{} more", list.more_items));
  return join(texts, ", ");
}

Cell text_cell(const Snapshot& value, bool status, std::string_view resource) {
  Cell cell{printable(value.text)};
  if (value.cut > 0) cell.text += fmt::format("… {} bytes more", value.cut);
  if (status) {
    cell.style = style_of(health_of(resource, value.text));
  } else if (const std::optional<ShownTime> time = shown_time(value.text)) {
    cell.text = time->both;
    cell.brief = time->local;
  }
  return cell;
}

}  // namespace

std::string quoted(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return "\"" + printable(escaped) + "\"";
}

std::string key_text(const Snapshot::Field& field) {
  if (!field.is_name) return field.name;
  return is_identifier(field.name) ? field.name : "[" + quoted(field.name) + "]";
}

std::string number_text(const Snapshot& number) {
  if (!number.text.empty()) return number.text;
  const double n = number.number;
  if (std::isnan(n)) return "nan";
  if (n == std::trunc(n) && std::abs(n) < 1e15) return fmt::format("{:.0f}", n + 0.0);
  return fmt::format("{}", n);
}

std::string one_line(const Snapshot& value, std::size_t columns) {
  OneLine line(columns);
  line.put(value, 0);
  return line.take();
}

Cell cell_of(const Snapshot& value, bool status, std::string_view resource) {
  if (value.kind == Kind::kText) return text_cell(value, status, resource);
  if (value.kind == Kind::kNil || value.kind == Kind::kNull) return {"-", {}, Style::kDim};
  if (is_thing(value)) return {brief(value)};
  if (is_plain_list(value)) return {with_commas(value)};
  if (value.kind == Kind::kTable) {
    return {fit(one_line(value, kCellColumns), kCellColumns, "…")};
  }
  return {OneLine::plain_scalar(value)};
}

std::string more_mark(std::size_t count, bool and_others, const Look& look) {
  std::string text = look.unicode ? "… " : "... ";
  text += and_others ? fmt::format("more than {} more", count) : fmt::format("{} more", count);
  return look.more.empty() ? text : text + " (" + look.more + ")";
}

}  // namespace neap::show
