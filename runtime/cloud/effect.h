// One changing call, from its intent to what came of it (reliability.md 2.2): at most one
// transmission without proof that the one before had no effect.
#pragma once

#include <string>
#include <vector>

#include "base/function.h"
#include "base/owner.h"
#include "cloud/client.h"
#include "journal/run_log.h"
#include "loop/loop.h"

namespace neap::cloud {

// What a person should know of a call that is in doubt.
struct Doubt {
  std::string_view operation;
  std::string why;   // "the answer was lost (…)"
  std::string seen;  // what the last read said: "group demo is protected, production is source"
  UtcTime sent_at{};
  std::optional<UtcTime> open_until;  // until then it may still take effect; nothing: no limit
};

struct EffectParts {
  Loop& loop;
  Client& client;
  Function<void()> sent;                 // the call has left
  Function<void(const Doubt&)> doubted;  // in doubt; again after each look at the cloud
  bool force_send = false;               // sent although preflight (preflight.h) would refuse it
};

// Carries the call on from wherever its log says that it stands, and calls `done` once: with what
// the platform answered; with such an answer made up from what was seen in the cloud when its own
// was lost, whose job_id then names what to watch (observed_job.h); with the error of a refusal; or
// with kind in_doubt when only a person can say, which the log holds as `operator`, or when looking
// is refused for good, which the log does not hold: whoever carries it on looks again. An error of
// kind precondition (preflight.h) or of the log itself (a lock is held, the journal cannot be
// written) means that nothing was sent.
// Dropping the Owner leaves the log as it stands.
Owner perform(EffectParts parts, const Operation& operation, json::Object arguments,
              journal::EffectLog log, Client::Done done);
// Class X: after an answer that was lost nothing but a person can tell.
Owner perform(EffectParts parts, RawCall call, journal::EffectLog log, Client::Done done);

// What a changing call of these arguments must hold: "server_group 5c6d…", one for each thing that
// it names. Empty for creations.
std::vector<std::string> locks_of(const Operation& operation, const json::Object& arguments);

}  // namespace neap::cloud
