// What is known about the terminal the operator sits at.
#pragma once

#include "config/settings.h"
#include "show/look.h"

namespace neap::show {

struct Terminal {
  bool live = false;     // lines can be drawn over: a terminal that is not dumb
  bool asks = false;     // somebody can answer: standard input is a terminal too
  bool color = false;    // NO_COLOR, --no-color and the setting are honoured
  bool unicode = false;  // the locale writes UTF-8
};

// Standard error is where progress goes, so that is what is looked at.
Terminal look_at_terminal(config::Color color);
// Columns of the terminal behind standard error right now; 80 when there is none.
std::size_t terminal_width();
std::size_t terminal_height();  // its lines; 24 when there is none

// For what goes to standard output: as wide as the terminal there; where there is none, as wide as
// it gets, and without colours.
Look output_look(config::Color color);

}  // namespace neap::show
