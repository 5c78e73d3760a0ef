#include "repl/terminal_console.h"

#include <cstdio>
#include <utility>

#include "base/text.h"
#include "show/question.h"

namespace neap::repl {
namespace {

void write_to(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

std::string with_break(std::string_view text) {
  return text.ends_with('\n') ? std::string(text) : std::string(text) + "\n";
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
    Standing standing;
    Owner line;
  };
  return Owner(
      Asking{Standing(asking_),
             show::ask_on_terminal(loop_, "? " + question,
                                   [this, done = std::move(done)](std::optional<bool> yes) mutable {
                                     asking_ = false;
                                     if (!yes)
                                       return done(fail(ErrorKind::kCancelled, "nobody answered"));
                                     done(Answer{.yes = *yes, .by = by_, .comment = {}});
                                   })});
}

}  // namespace neap::repl
