#include "show/terminal.h"

#include <algorithm>
#include <cstdlib>

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace neap::show {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::string_view(value) : std::string_view();
}

// A terminal that is not dumb.
bool is_live(int descriptor) {
  const std::string_view type = variable("TERM");
  return isatty(descriptor) == 1 && !type.empty() && type != "dumb";
}

bool wants_color(config::Color color, bool live) {
  return color == config::Color::kAlways ||
         (color == config::Color::kAuto && live && variable("NO_COLOR").empty());
}

bool writes_utf8() {
  return std::string_view(nl_langinfo(CODESET)) == "UTF-8";
}

std::size_t width_of(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::max<std::size_t>(size.ws_col, kNarrowest);
}

}  // namespace

Terminal look_at_terminal(config::Color color) {
  Terminal terminal;
  terminal.live = is_live(STDERR_FILENO);
  terminal.asks = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  terminal.color = wants_color(color, terminal.live);
  terminal.unicode = writes_utf8();
  return terminal;
}

std::size_t terminal_width() {
  return width_of(STDERR_FILENO);
}

std::size_t terminal_height() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return 24;
  return size.ws_row;
}

Look output_look(config::Color color) {
  Look look;
  look.width = isatty(STDOUT_FILENO) == 1 ? width_of(STDOUT_FILENO) : kNoLimit;
  look.color = wants_color(color, is_live(STDOUT_FILENO));
  look.unicode = writes_utf8();
  return look;
}

}  // namespace neap::show
