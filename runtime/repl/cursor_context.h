// Where in a statement the cursor stands: what could be written there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace neap::repl {

struct CursorContext {
  enum class Kind {
    kNothing,    // a number, a comment, a string that is no argument
    kCommand,    // ":ar"
    kMember,     // "sdrs.gr", "g:fail"; of `path`, which is empty for a global
    kParameter,  // "{ na" in the table that `path` is called with
    kChoice,     // "{ dr_type = "mi": a value of `parameter` there
    kName,       // find("de": text that `path` is called with
  };
  Kind kind = Kind::kNothing;
  std::size_t start = 0;  // of the word that is being written, in bytes
  std::string word;       // up to the cursor
  // "sdrs", "groups", "create". A call in between ends the name before it with "()": "find()".
  std::vector<std::string> path;
  bool method = false;             // a colon stands before the word
  std::string parameter;           // of kChoice
  std::vector<std::string> given;  // of kParameter: those that stand in the table already
};

// `text` is the statement from its first line up to the cursor.
CursorContext context_at(std::string_view text);

}  // namespace neap::repl
