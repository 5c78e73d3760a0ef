#include "show/question.h"

#include <cstdio>
#include <string>
#include <utility>

#include <termios.h>
#include <unistd.h>

#include "base/text.h"

namespace neap::show {
namespace {

void write_to_terminal(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

class TypedLine {
 public:
  TypedLine(Loop& loop, Function<void(std::optional<bool>)> done)
      : done_(std::move(done)),
        watch_(loop.watch(STDIN_FILENO, {.readable = true}, [this](Loop::Ready) { read_some(); })) {
  }
  TypedLine(const TypedLine&) = delete;
  TypedLine& operator=(const TypedLine&) = delete;

 private:
  void read_some() {
    char buffer[256];
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count > 0) text_.append(buffer, static_cast<std::size_t>(count));
    const std::size_t end = text_.find('\n');
    if (count > 0 && end == std::string::npos) return;
    watch_.want({});
    auto done = std::exchange(done_, nullptr);
    if (count <= 0) return done(std::nullopt);
    const std::string word = to_lower(trim(std::string_view(text_).substr(0, end)));
    done(word == "y" || word == "yes");
  }

  Function<void(std::optional<bool>)> done_;
  std::string text_;
  Loop::Watch watch_;
};

}  // namespace

Owner ask_on_terminal(Loop& loop, std::string_view question,
                      Function<void(std::optional<bool> yes)> done) {
  write_to_terminal(question);
  tcflush(STDIN_FILENO, TCIFLUSH);
  // Only now is it asked: what comes from here on is an answer, however quick.
  write_to_terminal(" [y/N] ");
  return Owner::make<TypedLine>(loop, std::move(done));
}

}  // namespace neap::show
