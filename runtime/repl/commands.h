// The commands of the prompt, ":help" and the others.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "repl/candidates.h"
#include "repl/repl.h"

namespace neap::repl {

class Commands {
 public:
  explicit Commands(Repl& repl) : repl_(repl) {}

  // Carries out ":name arguments"; false when it failed.
  bool run(std::string_view text);
  static std::vector<Candidate> names();

 private:
  struct Row;
  static std::span<const Row> rows();
  static const Row* find(std::string_view name);

  bool help(std::string_view topic);
  bool apropos(std::string_view word);
  bool arm(std::string_view time);
  bool disarm(std::string_view rest);
  bool jobs(std::string_view rest);
  bool foreground(std::string_view number);
  bool cancel(std::string_view number);
  bool json(std::string_view code);
  bool table(std::string_view code);
  bool pager(std::string_view code);
  bool more(std::string_view rest);
  bool save(std::string_view file);
  bool load(std::string_view file);
  bool history(std::string_view word);
  bool quit(std::string_view rest);

  template <class Find>
  bool show_help(Find find);
  bool show_as(Repl::Form form, std::string_view code);
  const Statement* statement_of(std::string_view number);
  bool refuse(const std::string& what, const std::string& hint = {});

  Repl& repl_;
};

}  // namespace neap::repl
