#include "app/terminal.h"

#include <array>
#include <cstdlib>

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

namespace neap::app {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::string_view(value) : std::string_view();
}

}  // namespace

Terminal look_at_terminal(config::Color color) {
  Terminal terminal;
  const std::string_view type = variable("TERM");
  terminal.live = isatty(STDERR_FILENO) == 1 && !type.empty() && type != "dumb";
  terminal.asks = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  terminal.color = color == config::Color::kAlways ||
                   (color == config::Color::kAuto && terminal.live && variable("NO_COLOR").empty());
  terminal.unicode = std::string_view(nl_langinfo(CODESET)) == "UTF-8";
  return terminal;
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string styled(const Terminal& terminal, Style style, std::string_view text) {
  constexpr std::array<std::string_view, 6> kCodes = {"", "1", "2", "32", "31", "33"};
  const std::string_view code = kCodes.at(static_cast<std::size_t>(style));
  if (!terminal.color || code.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string fit(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t length = 1;
    while (at + length < text.size() &&
           (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80) {
      ++length;
    }
    const std::string_view next = text.substr(at, length);
    if (display_width(out) + display_width(next) + 1 > columns) break;
    out += next;
    at += length;
  }
  return out + "~";
}

}  // namespace neap::app
