// What is known about the terminal the operator sits at.
#pragma once

#include <string>
#include <string_view>

#include "config/settings.h"

namespace neap::app {

struct Terminal {
  bool live = false;     // lines can be drawn over: a terminal that is not dumb
  bool asks = false;     // somebody can answer: standard input is a terminal too
  bool color = false;    // NO_COLOR, --no-color and the setting are honoured
  bool unicode = false;  // the locale writes UTF-8
};

// Standard error is where progress goes, so that is what is looked at.
Terminal look_at_terminal(config::Color color);
// Columns of the terminal right now; 80 when there is none.
std::size_t terminal_width();

enum class Style { kPlain, kBold, kDim, kGood, kBad, kWarn };
std::string styled(const Terminal& terminal, Style style, std::string_view text);
// Cuts the text to that many columns, at a character.
std::string fit(std::string_view text, std::size_t columns);

}  // namespace neap::app
