// The console of a person at a terminal; and of a program that feeds the session through a pipe.
#pragma once

#include <memory>
#include <string>

#include "loop/loop.h"
#include "repl/console.h"
#include "repl/line_editor.h"
#include "show/terminal.h"

namespace neap::repl {

class TerminalConsole final : public Console {
 public:
  // `by`: who answers questions. The loop must outlive it.
  TerminalConsole(Loop& loop, show::Terminal terminal, std::string by);
  // Lines go above what is typed there, while something is; nullptr: nowhere.
  void beside(LineEditor* editor) { editor_ = editor; }

  void print(std::string_view text) override;
  void notice(std::string_view text) override;
  void progress(std::string_view text) override;
  Owner ask(std::string question, Function<void(Result<Answer>)> done) override;

 private:
  void clear();

  Loop& loop_;
  show::Terminal terminal_;
  std::string by_;
  LineEditor* editor_ = nullptr;
  bool moving_ = false;  // a line that moves stands on the screen
  bool asking_ = false;
};

}  // namespace neap::repl
