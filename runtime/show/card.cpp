#include "show/card.h"

#include <algorithm>

#include "base/text.h"
#include "show/fields.h"
#include "show/line.h"
#include "show/records.h"
#include "show/scalar.h"
#include "show/thing.h"
#include "show/tree.h"

namespace neap::show {
namespace {

using lua::Snapshot;
using Kind = Snapshot::Kind;

constexpr std::size_t kIndent = 2;
constexpr std::size_t kBeside = 60;  // columns of a table that stands beside its name

bool stands_beside(const Snapshot& value) {
  if (value.kind != Kind::kTable || is_thing(value)) return true;
  return !is_records(value) && display_width(one_line(value, kBeside)) <= kBeside;
}

Line line_of(const Snapshot& value, bool status, std::string_view resource) {
  const Cell cell = cell_of(value, status, resource);
  return Line(cell.text, cell.style);
}

void put_below(std::string& out, const Snapshot::Field& field, const Look& look,
               std::size_t indent) {
  Line(std::string(indent, ' ') + printable(field.name) + ":").put(out, look, indent);
  const std::size_t inner = indent + (indent == 0 ? 0 : kIndent);
  if (is_records(field.value)) return put_records(out, field.value, look, inner);
  // Where not all is shown, what is nested in a card is folded at once: the card is what matters.
  Look folded = look;
  if (look.depth != kNoLimit) folded.depth = 1;
  put_tree(out, field.value, folded, inner);
}

const Snapshot::Field* find_field(const Snapshot& table, const std::string& name) {
  for (const Snapshot::Field& field : table.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

// Those that are shown.
std::vector<const Snapshot::Field*> choose(const Snapshot& table, const Look& look) {
  std::vector<const Snapshot::Field*> fields;
  if (is_thing(table)) {
    std::vector<std::string> names;
    for (const Snapshot::Field& field : table.fields) names.push_back(field.name);
    FieldOrder(table.shape).sort(names);
    for (const std::string& name : names) fields.push_back(find_field(table, name));
  } else {
    for (const Snapshot::Field& field : table.fields) fields.push_back(&field);
  }
  const std::size_t from = std::min(look.from, fields.size());
  fields.erase(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(from));
  if (look.rows < fields.size()) fields.resize(look.rows);
  return fields;
}

void put_error(std::string& out, const Snapshot& error, const Look& look) {
  const auto text = [&](const char* name) {
    const Snapshot* value = error.find(name);
    return value != nullptr ? printable(value->text) : std::string();
  };
  Line line("error ", Style::kBad);
  line.add(text("kind"), Style::kBold).add(": " + text("message")).put(out, look, kIndent);
  std::vector<Field> fields;
  for (const Snapshot::Field& field : error.fields) {
    if (field.name == "kind" || field.name == "message") continue;
    fields.push_back({printable(field.name), line_of(field.value, false, {})});
  }
  put_fields(out, fields, look, kIndent);
}

}  // namespace

void put_members(std::string& out, const Snapshot& table, const Look& look, std::size_t indent) {
  const std::vector<const Snapshot::Field*> chosen = choose(table, look);
  Look inner = look;
  inner.from = 0;
  std::vector<Field> fields;
  for (const Snapshot::Field* field : chosen) {
    if (!stands_beside(field->value)) continue;
    const bool status = is_status(table.shape, field->name);
    fields.push_back({printable(field->name), line_of(field->value, status, table.shape.resource)});
  }
  put_fields(out, fields, look, indent);
  for (const Snapshot::Field* field : chosen) {
    if (stands_beside(field->value)) continue;
    if (!out.empty() && indent == 0) out += "\n";
    put_below(out, *field, inner, indent);
  }
  const std::size_t seen = std::min(look.from, table.fields.size()) + chosen.size();
  const std::size_t left = table.fields.size() - seen + table.more_fields;
  if (left > 0) {
    Line mark(std::string(indent, ' '));
    mark.add(more_mark(left, table.more_than_that, look), Style::kDim).put(out, look, indent);
  }
}

void put_card(std::string& out, const Snapshot& thing, const Look& look) {
  if (thing.type == "Error") return put_error(out, thing, look);
  Line title(printable(thing.type), Style::kDim);
  const std::string label = label_of(thing);
  if (!label.empty()) title.add(" ").add(label, Style::kBold);
  title.put(out, look, kIndent);
  put_members(out, thing, look, kIndent);
}

}  // namespace neap::show
