// One line of text in several styles, which breaks where the terminal ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "show/look.h"

namespace neap::show {

class Line {
 public:
  Line() = default;
  explicit Line(std::string_view text, Style style = Style::kPlain) { add(text, style); }

  // The text must be printable, and of one line.
  Line& add(std::string_view text, Style style = Style::kPlain);
  Line& add(const Line& other);
  std::size_t width() const;

  // Writes it with its line breaks, no line wider than the look allows; the second and later ones
  // begin with `hang` blanks, as far as there is room for those.
  void put(std::string& out, const Look& look, std::size_t hang = 0) const;
  // Without breaks, and without a line break at its end.
  std::string text(bool color) const;

 private:
  struct Span {
    Style style;
    std::string text;
  };
  std::vector<Span> spans_;
};

}  // namespace neap::show
