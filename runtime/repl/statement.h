// How text at the prompt is understood: a command, code, or the beginning of more.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace neap::repl {

enum class Reading {
  kNothing,  // blanks and comments
  kCommand,  // ":jobs"
  kMore,     // code that goes on in the next line
  kCode,
};

struct Typed {
  Reading reading = Reading::kNothing;
  std::string text;         // without blanks around it and without the & behind it
  std::string source;       // what is compiled of kCode
  bool shown = false;       // its value is shown: an expression
  bool background = false;  // an & stood behind it
};

// Nothing when the source compiles, else the error.
using Compile = std::function<std::optional<Error>(const std::string& source)>;

// An expression is code too, with or without = before it. A `local` at the beginning is dropped:
// what is named at the prompt stays for the session. Code that cannot be compiled is kCode, and the
// error is that of running it.
Typed read_typed(std::string_view text, const Compile& compile);

}  // namespace neap::repl
