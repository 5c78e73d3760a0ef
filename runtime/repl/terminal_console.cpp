#include "repl/terminal_console.h"

#include <cstdio>
#include <utility>

#include <termios.h>
#include <unistd.h>

#include "base/text.h"

namespace neap::repl {
namespace {

void write_to(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

std::string with_break(std::string_view text) {
  return text.ends_with('\n') ? std::string(text) : std::string(text) + "\n";
}

// A line of the keyboard, typed after it was asked for.
class TypedAnswer {
 public:
  TypedAnswer(Loop& loop, Function<void(std::optional<std::string>)> done)
      : done_(std::move(done)),
        watch_(loop.watch(STDIN_FILENO, {.readable = true}, [this](Loop::Ready) { read_some(); })) {
    // What was typed before the question could be read is no answer to it.
    tcflush(STDIN_FILENO, TCIFLUSH);
  }
  TypedAnswer(const TypedAnswer&) = delete;
  TypedAnswer& operator=(const TypedAnswer&) = delete;

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
    done(text_.substr(0, end));
  }

  Function<void(std::optional<std::string>)> done_;
  std::string text_;
  Loop::Watch watch_;
};

Result<Answer> answer_of(const std::optional<std::string>& text, const std::string& by) {
  if (!text) return fail(ErrorKind::kCancelled, "nobody answered");
  const std::string word = to_lower(trim(*text));
  return Answer{.yes = word == "y" || word == "yes", .by = by, .comment = {}};
}

}  // namespace

TerminalConsole::TerminalConsole(Loop& loop, show::Terminal terminal, std::string by)
    : loop_(loop), terminal_(terminal), by_(std::move(by)) {}

void TerminalConsole::clear() {
  if (std::exchange(moving_, false)) write_to(stderr, "\r\x1b[K");
}

void TerminalConsole::print(std::string_view text) {
  clear();
  if (editor_ != nullptr) return editor_->above(with_break(text));
  write_to(stdout, with_break(text));
}

void TerminalConsole::notice(std::string_view text) {
  clear();
  const std::string line = with_break(show::styled(terminal_.color, show::Style::kDim, text));
  if (editor_ != nullptr) return editor_->above(line);
  write_to(stderr, line);
}

void TerminalConsole::progress(std::string_view text) {
  if (!terminal_.live || editor_ != nullptr || asking_) return;
  if (text.empty()) return clear();
  // Room for the ^C that the terminal writes behind it.
  constexpr std::size_t kRoom = 4;
  const std::size_t width = show::terminal_width();
  write_to(stderr, "\r\x1b[K" + show::fit(text, width > 2 * kRoom ? width - kRoom : width));
  moving_ = true;
}

Owner TerminalConsole::ask(std::string question, Function<void(Result<Answer>)> done) {
  if (!terminal_.asks) {
    return Owner{loop_.after(Duration::zero(), [done = std::move(done)]() mutable {
      done(fail(ErrorKind::kCancelled, "nobody can be asked here"));
    })};
  }
  clear();
  write_to(stderr, "? " + question + " [y/N] ");
  asking_ = true;
  // However it ends, the question stands on the screen no more.
  struct Standing {
    explicit Standing(bool& flag) : asking(&flag) {}
    Standing(Standing&& other) noexcept : asking(std::exchange(other.asking, nullptr)) {}
    Standing& operator=(Standing&&) = delete;
    ~Standing() {
      if (asking != nullptr) *asking = false;
    }
    bool* asking;
  };
  struct Asking {
    Asking(Loop& loop, bool& flag, Function<void(std::optional<std::string>)> heard)
        : standing(flag), answer(loop, std::move(heard)) {}
    Standing standing;
    TypedAnswer answer;
  };
  return Owner::make<Asking>(
      loop_, asking_,
      [this, done = std::move(done)](const std::optional<std::string>& text) mutable {
        asking_ = false;
        done(answer_of(text, by_));
      });
}

}  // namespace neap::repl
