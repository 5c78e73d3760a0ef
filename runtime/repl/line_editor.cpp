#include "repl/line_editor.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>
#include <histedit.h>
#include <unistd.h>

#include "base/text.h"
#include "repl/candidates.h"
#include "repl/key_reader.h"
#include "show/terminal.h"

namespace neap::repl {
namespace {

constexpr char kNoWidth = '\1';  // stands around what takes no room in the prompt
constexpr char32_t kCtrlC = 3;
constexpr int kHistorySize = 10'000;
// A lone ESC is the key; ESC and more at once is what a terminal sends for other keys.
constexpr Duration kEscapePause = std::chrono::milliseconds{30};

// The escape sequences of the text marked for libedit as taking no room.
std::string marked(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t escape = std::min(text.find('\x1b', at), text.size());
    out += text.substr(at, escape - at);
    if (escape == text.size()) break;
    const std::size_t end = std::min(text.find('m', escape), text.size() - 1);
    out += kNoWidth + std::string(text.substr(escape, end + 1 - escape)) + kNoWidth;
    at = end + 1;
  }
  return out;
}

std::string without_colors(std::string_view text) {
  std::string out;
  bool inside = false;
  for (const char c : text) {
    if (c == '\x1b') inside = true;
    if (!inside) out += c;
    if (c == 'm') inside = false;
  }
  return out;
}

void write_out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

struct LineEditor::State {
  State(Loop& the_loop, Complete how) : loop(the_loop), complete(std::move(how)) {}

  static State& of(EditLine* line) {
    State* state = nullptr;
    el_get(line, EL_CLIENTDATA, &state);
    return *state;
  }
  static char* prompt_text(EditLine* line) { return of(line).prompt.data(); }
  static int read_key(EditLine* line, wchar_t* key) { return of(line).next_key(*key); }
  static unsigned char complete_word(EditLine*, int);

  int next_key(wchar_t& key);
  // More bytes of the keyboard, waiting for them at most that long; false: there will be none.
  bool wait_for_bytes(std::optional<Duration> limit);
  bool paste_goes_on();
  // Rows of the screen between the prompt's first and the one with the cursor.
  std::size_t rows_above_cursor();

  Loop& loop;
  Complete complete;
  EditLine* editor = nullptr;
  History* history = nullptr;
  KeyReader keys;
  std::string prompt;
  bool typing = false;
  bool interrupted = false;
  bool closed = false;
};

bool LineEditor::State::wait_for_bytes(std::optional<Duration> limit) {
  bool readable = false;
  const Loop::Watch watch = loop.watch(STDIN_FILENO, {.readable = true}, [&](Loop::Ready) {
    readable = true;
    loop.stop();
  });
  Loop::Timer timer;
  if (limit) timer = loop.after(*limit, [&] { loop.stop(); });
  loop.run();
  if (!readable) return true;
  char bytes[512];
  const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
  if (count <= 0) return false;
  keys.feed(std::string_view(bytes, static_cast<std::size_t>(count)));
  return true;
}

// Called by libedit for each key: this is where the loop turns.
int LineEditor::State::next_key(wchar_t& key) {
  for (bool patient = true;;) {
    if (const std::optional<char32_t> next = keys.next(patient)) {
      if (*next == kCtrlC) {
        interrupted = true;
        // The rest of a paste goes with it; what was typed after it counts.
        if (keys.pasting()) keys.drop();
        return 0;
      }
      key = static_cast<wchar_t>(*next);
      return 1;
    }
    patient = true;
    const bool half = keys.holds_back();
    if (!wait_for_bytes(half ? std::optional(kEscapePause) : std::nullopt)) {
      closed = true;
      return 0;
    }
    // A pause in the middle of a sequence: it was none.
    if (half) patient = false;
  }
}

bool LineEditor::State::paste_goes_on() {
  if (!keys.pasting() || keys.paste_ends()) return false;
  // The mark of the end may be on its way still.
  static_cast<void>(wait_for_bytes(kEscapePause));
  return !keys.paste_ends();
}

std::size_t LineEditor::State::rows_above_cursor() {
  const LineInfo* line = el_line(editor);
  const std::string_view before(line->buffer,
                                static_cast<std::size_t>(line->cursor - line->buffer));
  return (display_width(without_colors(prompt)) + display_width(before)) / show::terminal_width();
}

unsigned char LineEditor::State::complete_word(EditLine* editor, int) {
  State& state = of(editor);
  const LineInfo* info = el_line(editor);
  const std::string line(info->buffer, info->lastchar);
  const auto cursor = static_cast<std::size_t>(info->cursor - info->buffer);
  const Completion found = state.complete(line, cursor);
  if (found.candidates.empty() || found.start > cursor) return CC_REFRESH_BEEP;
  const std::string word = line.substr(found.start, cursor - found.start);
  const std::string common = common_beginning(found.candidates);
  if (common.size() > word.size() || (common != word && found.candidates.size() == 1)) {
    el_deletestr(editor, static_cast<int>(characters_in(word)));
    el_insertstr(editor, common.c_str());
    return CC_REFRESH;
  }
  if (found.candidates.size() == 1) return CC_REFRESH;
  write_out("\n" + candidate_list(found.candidates, show::terminal_width()));
  return CC_REDISPLAY;
}

LineEditor::LineEditor(Loop& loop, Complete complete)
    : state_(std::make_unique<State>(loop, std::move(complete))) {
  State& s = *state_;
  HistEvent event;
  s.history = history_init();
  history(s.history, &event, H_SETSIZE, kHistorySize);
  history(s.history, &event, H_SETUNIQUE, 1);
  s.editor = el_init("neap", stdin, stdout, stderr);
  el_set(s.editor, EL_CLIENTDATA, &s);
  el_set(s.editor, EL_PROMPT_ESC, &State::prompt_text, kNoWidth);
  el_set(s.editor, EL_EDITOR, "emacs");
  el_set(s.editor, EL_HIST, history, s.history);
  el_set(s.editor, EL_GETCFN, &State::read_key);
  // ^C, ^Z and ^\ are keys while a line is typed.
  el_set(s.editor, EL_SETTY, "-d", "-isig", nullptr);
  el_set(s.editor, EL_ADDFN, "neap-complete", "complete the word", &State::complete_word);
  el_set(s.editor, EL_BIND, "^I", "neap-complete", nullptr);
  el_set(s.editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  el_set(s.editor, EL_BIND, "^W", "ed-delete-prev-word", nullptr);
  el_set(s.editor, EL_BIND, "\\e[1;5C", "em-next-word", nullptr);
  el_set(s.editor, EL_BIND, "\\e[1;5D", "ed-prev-word", nullptr);
  el_set(s.editor, EL_BIND, "\\e[3~", "ed-delete-next-char", nullptr);
  el_source(s.editor, nullptr);  // the user's own ~/.editrc
}

LineEditor::~LineEditor() {
  el_end(state_->editor);
  history_end(state_->history);
}

LineEditor::Line LineEditor::read(const std::string& prompt) {
  State& s = *state_;
  s.prompt = marked(prompt);
  s.interrupted = s.closed = false;
  const Owner resized = s.loop.on_signal(SIGWINCH, [&s] { el_resize(s.editor); });
  write_out("\x1b[?2004h");  // pasted text comes between marks
  s.typing = true;
  int count = 0;
  const char* text = el_gets(s.editor, &count);
  s.typing = false;
  write_out("\x1b[?2004l");
  Line line;
  if (s.interrupted) {
    write_out("^C\n");
    line.end = End::kInterrupted;
    el_reset(s.editor);
  } else if (text != nullptr && count > 0) {
    line.end = End::kEntered;
    line.text.assign(text, static_cast<std::size_t>(count));
    if (line.text.ends_with('\n')) line.text.pop_back();
    line.more = s.paste_goes_on();
  }
  return line;
}

void LineEditor::remember(const std::string& text) {
  HistEvent event;
  history(state_->history, &event, H_ENTER, text.c_str());
}

void LineEditor::above(std::string_view text) {
  State& s = *state_;
  if (!s.typing) return write_out(text);
  std::string moved = "\r";
  if (const std::size_t rows = s.rows_above_cursor(); rows > 0)
    moved += fmt::format("\x1b[{}A", rows);
  write_out(moved + "\x1b[J" + std::string(text));
  el_set(s.editor, EL_REFRESH);
}

}  // namespace neap::repl
