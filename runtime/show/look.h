// How something is to look: how wide, with or without colours, and how much of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace neap::show {

inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);
// A terminal that is narrower is taken for one of so many columns.
inline constexpr std::size_t kNarrowest = 10;

enum class Style { kPlain, kBold, kDim, kGood, kBad, kWarn };

struct Look {
  std::size_t width = 80;  // columns; kNoLimit: nothing is cut or wrapped
  bool color = false;
  bool unicode = true;           // what is drawn may leave ASCII
  std::size_t rows = kNoLimit;   // of a list, or fields of a table, that are shown
  std::size_t depth = kNoLimit;  // of tables within tables
  std::size_t from = 0;          // so many rows of the outermost list have been seen
  std::string more;              // what shows the rest, ":more"; empty: nobody can be told

  std::string_view ellipsis() const { return unicode ? "…" : "~"; }
};

// The text between the escape sequences of its style.
std::string styled(bool color, Style style, std::string_view text);
// Cuts the text to that many columns, at a character; what was cut ends with the mark, which takes
// one column.
std::string fit(std::string_view text, std::size_t columns, std::string_view mark = "~");
// Blanks behind it, up to that many columns.
std::string padded(std::string text, std::size_t columns);

}  // namespace neap::show
