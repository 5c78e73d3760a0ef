#include "show/table.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/text.h"
#include "show/fields.h"
#include "show/line.h"

namespace neap::show {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastWidth = 40;  // of a terminal on which a table makes sense

const std::string& shown(const Cell& cell, bool brief) {
  return brief && !cell.brief.empty() ? cell.brief : cell.text;
}

std::vector<std::size_t> measure(const Table& table, bool brief) {
  std::vector<std::size_t> widths;
  for (const Column& column : table.columns) widths.push_back(display_width(column.title));
  for (const std::vector<Cell>& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(shown(row[i], brief)));
    }
  }
  return widths;
}

std::size_t total(const std::vector<std::size_t>& widths) {
  const std::size_t gaps = widths.empty() ? 0 : (widths.size() - 1) * kGap;
  return std::accumulate(widths.begin(), widths.end(), gaps);
}

// Drops the last columns until the others can be made to fit.
void drop_columns(const Table& table, std::vector<std::size_t>& widths, std::size_t room) {
  const auto least_total = [&] {
    std::vector<std::size_t> least;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      least.push_back(std::min(widths[i], table.columns[i].least));
    }
    return total(least);
  };
  while (widths.size() > 1 && least_total() > room) widths.pop_back();
}

// Takes from the widest, column by column of the terminal.
void shrink(const Table& table, std::vector<std::size_t>& widths, std::size_t room) {
  while (total(widths) > room) {
    std::size_t widest = 0;
    std::size_t most = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::size_t least = std::min(widths[i], table.columns[i].least);
      const std::size_t spare = widths[i] - least;
      if (spare > 0 && widths[i] > most) {
        widest = i;
        most = widths[i];
      }
    }
    if (most == 0) {  // one column that is wider than the terminal
      widths.back() = std::min(widths.back(), room);
      return;
    }
    --widths[widest];
  }
}

void put_row(std::string& out, const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
             bool brief, const Look& look) {
  Line line;
  std::string blanks;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string text = fit(shown(row[i], brief), widths[i], look.ellipsis());
    if (!text.empty()) {
      line.add(std::exchange(blanks, {}));
      line.add(text, row[i].style);
    }
    blanks.append(widths[i] + kGap - display_width(text), ' ');
  }
  out += line.text(look.color) + "\n";
}

std::vector<Cell> heading(const Table& table, Style style) {
  std::vector<Cell> cells;
  for (const Column& column : table.columns) cells.push_back({column.title, {}, style});
  return cells;
}

void name_dropped(std::string& out, const Table& table, std::size_t kept, const Look& look) {
  if (kept == table.columns.size()) return;
  std::vector<std::string> names;
  for (std::size_t i = kept; i < table.columns.size(); ++i) names.push_back(table.columns[i].title);
  Line("not shown: " + join(names, ", "), Style::kDim).put(out, look);
}

// For terminals too narrow for a table: the first cell as a heading, the others below it.
std::string blocks(const Table& table, const Look& look) {
  std::string out;
  for (const std::vector<Cell>& row : table.rows) {
    Line(row.front().text, Style::kBold).put(out, look);
    std::vector<Field> fields;
    for (std::size_t i = 1; i < row.size(); ++i) {
      if (row[i].text.empty() || row[i].text == "-") continue;
      fields.push_back({table.columns[i].title, Line(row[i].text, row[i].style)});
    }
    put_fields(out, fields, look, kGap);
  }
  return out;
}

}  // namespace

std::string draw(const Table& table, const Look& look) {
  if (table.rows.empty() || table.columns.empty()) return {};
  if (look.width < kLeastWidth && total(measure(table, false)) > look.width) {
    return blocks(table, look);
  }
  const bool brief = total(measure(table, false)) > look.width;
  std::vector<std::size_t> widths = measure(table, brief);
  if (total(widths) > look.width) {
    drop_columns(table, widths, look.width);
    shrink(table, widths, look.width);
  }
  std::string out;
  put_row(out, heading(table, Style::kBold), widths, false, look);
  for (const std::vector<Cell>& row : table.rows) put_row(out, row, widths, brief, look);
  name_dropped(out, table, widths.size(), look);
  return out;
}

std::string plain(const Table& table) {
  Look look;
  look.width = kNoLimit;
  Table filled = table;
  for (std::vector<Cell>& row : filled.rows) {
    for (Cell& cell : row) {
      if (cell.text.empty()) cell.text = "-";
    }
  }
  const std::vector<std::size_t> widths = measure(filled, false);
  std::string out;
  put_row(out, heading(filled, Style::kPlain), widths, false, look);
  for (const std::vector<Cell>& row : filled.rows) put_row(out, row, widths, false, look);
  return out;
}

}  // namespace neap::show
