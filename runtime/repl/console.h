// The face of a session: where its lines go, and who is asked.
#pragma once

#include <string>
#include <string_view>

#include "base/function.h"
#include "base/owner.h"
#include "host.h"

namespace neap::repl {

class Console {
 public:
  virtual ~Console() = default;
  // What was asked for: values, and lines that a script prints. Standard output.
  virtual void print(std::string_view text) = 0;
  // What the session has to say by itself. Standard error, never in the middle of a typed line.
  virtual void notice(std::string_view text) = 0;
  // One line that moves while something is waited for; empty takes it away.
  virtual void progress(std::string_view text) = 0;
  // Asks yes or no; calls back once, from the loop. Kind cancelled when nobody can be asked.
  virtual Owner ask(std::string question, Function<void(Result<Answer>)> done) = 0;
};

}  // namespace neap::repl
