// A session as a runbook: what was typed and went well, with a header, to be rehearsed and kept.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "repl/statement.h"

namespace neap::repl {

// A statement that has ended.
struct Lived {
  Typed typed;
  std::set<std::string> used;        // permissions
  std::vector<std::string> changed;  // changing calls
  std::optional<Error> error;        // of one that failed
};

struct SavedSession {
  std::string name;                  // of the runbook: the file's name without its ending
  std::string when;                  // "2026-11-30 03:41 UTC"
  std::string place;                 // where it was tried: "cn-north-4, the simulator"
  std::vector<Lived> statements;     // in order
  std::vector<std::string> globals;  // names that the session gave values to
};

// The text of the runbook. Statements that changed something become steps that ask first, those
// whose wait was interrupted too: what they sent has happened. Expressions that only showed
// something stay as comments, unless a later one needs them as `_`; so do statements that failed.
std::string runbook_of(const SavedSession& session);

}  // namespace neap::repl
