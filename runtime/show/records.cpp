#include "show/records.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "show/line.h"
#include "show/scalar.h"
#include "show/thing.h"

namespace neap::show {
namespace {

using lua::Snapshot;
using Kind = Snapshot::Kind;

constexpr std::size_t kColumns = 64;   // of a table; what is beyond, :json shows
constexpr std::size_t kWideLook = 80;  // a terminal on which ids stay whole

bool is_record(const Snapshot& item) {
  return item.kind == Kind::kTable && item.items.empty() && !item.fields.empty() &&
         std::any_of(item.fields.begin(), item.fields.end(),
                     [](const Snapshot::Field& field) { return field.value.is_scalar(); });
}

// The rows that are shown.
std::pair<std::size_t, std::size_t> range(const Snapshot& list, const Look& look) {
  const std::size_t from = std::min(look.from, list.items.size());
  const std::size_t left = list.items.size() - from;
  return {from, from + std::min(left, look.rows)};
}

bool is_nested(const Snapshot& value) {
  return value.kind == Kind::kTable && !is_thing(value);
}

// Plain values before tables; id, name and status first, the others in the order that the kind of
// thing has, or the rows name them.
std::vector<std::string> column_names(const Snapshot& list, Form form) {
  std::vector<std::string> all;
  std::map<std::string, bool, std::less<>> nested;
  for (const Snapshot& item : list.items) {
    for (const Snapshot::Field& field : item.fields) {
      const auto [seen, fresh] = nested.emplace(field.name, false);
      if (fresh) all.push_back(field.name);
      seen->second = seen->second || is_nested(field.value);
    }
  }
  if (form == Form::kAsWritten) return all;
  FieldOrder(list.items.front().shape).sort(all);
  std::stable_partition(all.begin(), all.end(),
                        [&](const std::string& name) { return !nested.find(name)->second; });
  all.resize(std::min(all.size(), kColumns));
  return all;
}

std::size_t least_of(const std::string& name, const Snapshot::Shape& shape, const Look& look) {
  const bool id = name == (shape.id.empty() ? "id" : shape.id);
  const bool label = name == (shape.label.empty() ? "name" : shape.label);
  if (id && look.width >= kWideLook) return 36;
  if (label) return 16;
  return is_status(shape, name) ? 14 : 12;
}

// Below other lines, by so many blanks.
std::string indented(const std::string& text, std::size_t indent) {
  if (indent == 0) return text;
  std::string out;
  const std::string blanks(indent, ' ');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    out += blanks + text.substr(at, end - at);
    at = end;
  }
  return out;
}

}  // namespace

Cell plain_cell(const Snapshot& value) {
  if (value.kind == Kind::kText) return {printable(value.text)};
  if (value.kind == Kind::kTable) return {one_line(value, kNoLimit)};
  return cell_of(value);
}

bool is_records(const Snapshot& value) {
  return value.kind == Kind::kTable && value.fields.empty() && value.type.empty() &&
         !value.items.empty() && std::all_of(value.items.begin(), value.items.end(), is_record);
}

Table records_table(const Snapshot& list, const Look& look, Form form) {
  const std::vector<std::string> names = column_names(list, form);
  std::vector<Column> columns;
  columns.reserve(names.size());
  for (const std::string& name : names) {
    columns.push_back({printable(name), least_of(name, list.items.front().shape, look)});
  }
  Table table(std::move(columns));
  const auto [from, to] = range(list, look);
  for (std::size_t i = from; i < to; ++i) {
    const Snapshot& item = list.items[i];
    std::vector<Cell> row;
    for (const std::string& name : names) {
      const Snapshot* value = item.find(name);
      if (value == nullptr) {
        row.push_back({"-", {}, Style::kDim});
      } else if (form == Form::kAsWritten) {
        row.push_back(plain_cell(*value));
      } else {
        row.push_back(cell_of(*value, is_status(item.shape, name), item.shape.resource));
      }
    }
    table.add(std::move(row));
  }
  return table;
}

void put_records(std::string& out, const Snapshot& list, const Look& look, std::size_t indent) {
  Look inner = look;
  if (look.width != kNoLimit) {
    indent = std::min(indent, look.width - std::min(look.width, kNarrowest));
    inner.width = look.width - indent;
  }
  std::string text = draw(records_table(list, inner, Form::kForPeople), inner);
  const std::size_t left = list.items.size() - range(list, look).second + list.more_items;
  if (left > 0) {
    Line(more_mark(left, list.more_than_that, look), Style::kDim).put(text, inner);
  }
  out += indented(text, indent);
}

}  // namespace neap::show
