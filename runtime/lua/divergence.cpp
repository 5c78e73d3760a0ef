// The words for a script that does not do again what its run did.
#include <fmt/format.h>

#include "lua/replay_state.h"

namespace neap::lua {

Error divergence(const journal::Logged& record, const Asked* now, bool ended) {
  const std::string then = describe_call(record.name, record.body.text("request"), record.where);
  std::string instead = "does not get there";
  if (ended) {
    instead = "ends without it";
  } else if (now != nullptr) {
    instead = "calls " + describe_call(now->name, now->request, now->at.where);
    if (key_of(now->at.step) != key_of(record.step)) {
      instead += fmt::format(" (step {})", to_text(now->at.step));
    }
  }
  Error error{ErrorKind::kConflict,
              fmt::format("the script does not match its run: at step {} the log holds {}; the "
                          "script now {}; nothing was sent",
                          to_text(record.step), then, instead),
              "resume without --with to run the recorded script, or give the run up: neap cancel"};
  if (now != nullptr) error.where = now->at.where;
  return error;
}

}  // namespace neap::lua
