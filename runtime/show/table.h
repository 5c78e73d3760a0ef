// Tables: the one way in which the program draws them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "show/look.h"

namespace neap::show {

struct Cell {
  std::string text;   // printable, of one line
  std::string brief;  // in its place where room is short; empty: there is no shorter form
  Style style = Style::kPlain;
};

struct Column {
  std::string title;
  std::size_t least = 12;  // so many columns it keeps, unless the terminal is narrower
};

// Columns stand in the order of what they matter: the last ones go first.
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // each as long as the columns

  explicit Table(std::vector<Column> all) : columns(std::move(all)) {}
  void add(std::vector<Cell> row) { rows.push_back(std::move(row)); }
};

// A heading and a line for each row. Where the width does not do, cells take their brief form, the
// widest are cut, the last columns left out and named below; on a terminal too narrow for that,
// each row becomes a block of lines. Of no rows: nothing.
std::string draw(const Table& table, const Look& look);

// The same for programs and for `--output table`: no colours, nothing cut, two blanks or more
// between cells, "-" in empty ones, the heading even of no rows.
std::string plain(const Table& table);

}  // namespace neap::show
