// Lines typed at a terminal, with libedit, and with the loop turning while somebody types.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/function.h"
#include "loop/loop.h"
#include "repl/candidates.h"

namespace neap::repl {

class LineEditor {
 public:
  enum class End { kEntered, kInterrupted, kClosed };
  struct Line {
    End end = End::kClosed;
    std::string text;
    bool more = false;  // the next line of a paste follows
  };
  using Complete = Function<Completion(std::string_view line, std::size_t cursor)>;

  // Reads standard input, and draws on standard output.
  LineEditor(Loop& loop, Complete complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // Runs the loop until a line is entered. `prompt` may hold colours.
  Line read(const std::string& prompt);
  // The line can be called back with the arrow keys and searched for with ^R.
  void remember(const std::string& text);
  // Writes lines above the one that is being typed, if there is one.
  void above(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace neap::repl
