// What may be written at the cursor: from the session's values, the bindings and the catalogue.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/catalog.h"
#include "manual/surface.h"
#include "repl/candidates.h"
#include "repl/cursor_context.h"
#include "repl/session.h"

namespace neap::repl {

class Completer {
 public:
  // `surface` gives what scripts can call, once it is asked for; `budget` is how long a name may be
  // looked up on the platform while somebody waits.
  Completer(Session& session, Function<const manual::Surface*()> surface,
            std::vector<Candidate> commands, Duration budget);

  // `before` is what stands in the statement's lines above, each with its line break.
  Completion complete(const std::string& before, std::string_view line, std::size_t cursor);
  // The name or id of such a thing came by: of a "protection group".
  void saw(const std::string& what, const std::string& name, const std::string& help);

 private:
  std::vector<Candidate> candidates(const CursorContext& context);
  std::vector<Candidate> members(const CursorContext& context);
  std::vector<Candidate> parameters(const CursorContext& context);
  std::vector<Candidate> choices(const CursorContext& context);
  std::vector<Candidate> names(const CursorContext& context);
  // Where the manual tells of what stands at the path, "sdrs.groups"; empty: nowhere.
  std::string place_of(const std::vector<std::string>& path);
  // What the manual tells of the function at the path.
  std::vector<const manual::Member*> called(const std::vector<std::string>& path);
  std::string summary_of(const std::string& place, const std::string& name);
  // The operations that calling the path sends.
  std::vector<const cloud::Operation*> operations(const std::vector<std::string>& path);
  std::optional<json::Value> ask(const char* function, const std::vector<std::string>& path);

  Session& session_;
  Function<const manual::Surface*()> surface_;
  std::vector<Candidate> commands_;
  Duration budget_;
  std::map<std::string, std::map<std::string, std::string>> seen_;  // what -> name -> help
};

}  // namespace neap::repl
