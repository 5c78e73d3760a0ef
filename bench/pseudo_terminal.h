// A program at a terminal that a benchmark types at and reads from.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace neap::bench {

class PseudoTerminal {
 public:
  // Starts the program, found by its path; `environment` is all that it has. Throws when it cannot.
  PseudoTerminal(const std::vector<std::string>& command,
                 const std::vector<std::string>& environment);
  // Hangs up and waits for the program to end.
  ~PseudoTerminal();
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  void type(std::string_view keys);
  // Milliseconds until the text shows up in what the program writes from now on; throws after ten
  // seconds, with what it wrote.
  double wait_for(std::string_view text);
  // Forgets what the program has written, once it is silent for a moment.
  void settle();

 private:
  int terminal_ = -1;
  pid_t process_ = -1;
  std::string unread_;
};

}  // namespace neap::bench
