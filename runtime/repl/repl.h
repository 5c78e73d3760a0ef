// The conversation at the prompt: what is typed is read, run and shown, one statement after the
// other, with others in the background.
#pragma once

#include <functional>
#include <istream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "config/settings.h"
#include "manual/help.h"
#include "manual/surface.h"
#include "repl/completer.h"
#include "repl/history_file.h"
#include "repl/place.h"
#include "repl/saved_runbook.h"
#include "repl/session.h"
#include "repl/terminal_console.h"
#include "show/look.h"
#include "show/terminal.h"

namespace neap::repl {

class Repl {
 public:
  struct Parts {
    runs::World& world;
    Log& log;
    const config::Settings& settings;
    show::Terminal terminal;
    std::string by;                             // who sits here
    std::string folder;                         // where `require` finds files
    std::string history;                        // path of the file
    std::vector<Secret> secrets;                // texts that are never kept
    bool quiet = false;                         // no greeting
    bool traceback = false;                     // of errors
    std::vector<manual::CommandHelp> commands;  // of the program, for :help
  };
  explicit Repl(Parts parts);
  ~Repl();
  Repl(const Repl&) = delete;
  Repl& operator=(const Repl&) = delete;

  // A line from elsewhere: of the log.
  void note(std::string_view line) { console_.notice(line); }
  // Talks until the person leaves.
  void converse();
  // Runs what the stream holds, statement by statement, up to the first that fails; false then.
  bool follow(std::istream& input);
  // Runs code as one statement, in the foreground; false when it fails.
  bool run_now(std::string_view code);

 private:
  friend class Commands;
  enum class Form { kPeople, kJson, kTable, kPager };

  void greet();
  void load_history();
  void remember(const std::string& text);
  // Reads lines until they make up a statement; nothing when the person leaves.
  std::optional<Typed> read_statement();
  bool run(Typed typed, Form form = Form::kPeople);
  bool attend(int number, Form form);
  bool conclude(int number, Form form);
  void announce(int number);
  void follow_progress(int number);
  void show_error(const lua::Machine::Outcome& outcome);
  void show_results(const Statement& statement, Form form);
  void show(const lua::Ref& value, Form form, std::size_t from = 0);
  void page(const std::string& text);
  void learn_names(const lua::Snapshot& value, int depth);
  show::Look look() const;
  const manual::Surface* surface();
  bool may_leave();

  Parts parts_;
  Place place_;
  TerminalConsole console_;
  Session session_;
  HistoryFile history_;
  bool keeps_history_ = true;
  std::optional<manual::Surface> surface_;
  std::unique_ptr<Completer> completer_;
  std::unique_ptr<LineEditor> editor_;
  std::string typed_before_;  // the statement's lines above the one that is typed
  int attended_ = 0;
  bool put_aside_ = false;  // by ^Z
  lua::Ref last_;           // `_`
  std::size_t shown_ = 0;   // rows of it that were shown
  std::vector<Lived> lived_;
  Loop::Timer frame_;
  Loop::Timer disarming_;
  bool leaving_ = false;
  bool warned_ = false;  // that statements are still running
};

}  // namespace neap::repl
