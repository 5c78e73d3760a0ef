#include "show/line.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"

namespace neap::show {
namespace {

struct Glyph {
  std::string_view bytes;
  std::size_t columns;
  Style style;
};

void take_glyphs(std::string_view text, Style style, std::vector<Glyph>& glyphs) {
  while (!text.empty()) {
    const std::string_view before = text;
    const std::optional<char32_t> point = take_code_point(text);
    if (!point) text.remove_prefix(1);
    const std::string_view bytes = before.substr(0, before.size() - text.size());
    glyphs.push_back({bytes, point ? columns_of(*point) : 1, style});
  }
}

// How many of them go on a line of so many columns: up to a blank, if one stands in its second
// half.
std::size_t count_on_line(const std::vector<Glyph>& glyphs, std::size_t from, std::size_t room) {
  std::size_t end = from;
  std::size_t columns = 0;
  while (end < glyphs.size() && columns + glyphs[end].columns <= room) {
    columns += glyphs[end++].columns;
  }
  if (end == from) return 1;  // a wide character on a line of one column
  if (end == glyphs.size() || glyphs[end].bytes == " ") return end - from;
  for (std::size_t at = end; at > from + (end - from) / 2; --at) {
    if (glyphs[at - 1].bytes == " ") return at - from;
  }
  return end - from;
}

void put_glyphs(std::string& out, const std::vector<Glyph>& glyphs, std::size_t from,
                std::size_t to, bool color) {
  while (from < to) {
    const Style style = glyphs[from].style;
    std::string text;
    while (from < to && glyphs[from].style == style) text += glyphs[from++].bytes;
    out += styled(color, style, text);
  }
}

}  // namespace

Line& Line::add(std::string_view text, Style style) {
  if (!text.empty()) spans_.push_back({style, std::string(text)});
  return *this;
}

Line& Line::add(const Line& other) {
  spans_.insert(spans_.end(), other.spans_.begin(), other.spans_.end());
  return *this;
}

std::size_t Line::width() const {
  std::size_t width = 0;
  for (const Span& span : spans_) width += display_width(span.text);
  return width;
}

std::string Line::text(bool color) const {
  std::string out;
  for (const Span& span : spans_) out += styled(color, span.style, span.text);
  return out;
}

void Line::put(std::string& out, const Look& look, std::size_t hang) const {
  const std::size_t width = std::max(look.width, kNarrowest);
  if (look.width == kNoLimit || this->width() <= width) {
    out += text(look.color) + "\n";
    return;
  }
  std::vector<Glyph> glyphs;
  for (const Span& span : spans_) take_glyphs(span.text, span.style, glyphs);
  const std::size_t indent = std::min(hang, width / 2);
  for (std::size_t at = 0; at < glyphs.size();) {
    const std::size_t room = at == 0 ? width : width - indent;
    const std::size_t count = count_on_line(glyphs, at, room);
    if (at > 0) out.append(indent, ' ');
    std::size_t end = at + count;
    const std::size_t next = end < glyphs.size() && glyphs[end].bytes == " " ? end + 1 : end;
    while (end > at + 1 && glyphs[end - 1].bytes == " ") --end;  // none at the end of a line
    put_glyphs(out, glyphs, at, end, look.color);
    out += "\n";
    at = next;
  }
}

}  // namespace neap::show
