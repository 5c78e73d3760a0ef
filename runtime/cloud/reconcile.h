// Deciding what became of a call whose answer was lost, from what was seen before it and now
// (reliability.md 2.2). Nothing here looks, waits or writes.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "cloud/catalog.h"
#include "cloud/view.h"
#include "json/value.h"

namespace neap::cloud {

enum class Verdict {
  kUnchanged,  // nothing shows that it happened, which proves nothing yet
  kUnderWay,   // it happened, and its work goes on
  kHappened,   // it happened, and its work is done
  kFailed,     // it happened, and its work failed
  kUnclear,    // somebody else was at work, or it does not fit together
};
std::string_view to_text(Verdict verdict);

struct Finding {
  Verdict verdict = Verdict::kUnclear;
  std::string why;       // for people: "the group is stopping, which this call does not do"
  std::string id;        // creations: the new thing
  bool touched = false;  // unchanged in all that tells, but changed by somebody or something since
};

// By the operation's class, transitions and Lookup. `marked`: the creation carried a mark.
Finding judge(const Operation& operation, const json::Object& arguments, const View& before,
              const View& now, bool marked);

// An attempt in doubt, as far as the decision goes.
struct Standing {
  Effect effect = Effect::kOpaque;
  UtcTime sent_at{};
  std::optional<UtcTime> valid_until;   // nothing: it may take effect at any time
  int proved = 0;                       // attempts before this one that looks have proved empty
  UtcTime read_at{};                    // of this look
  std::optional<UtcTime> found_before;  // the first look since valid_until, if all found the same
  bool touched = false;                 // see Finding
};

enum class Next {
  kAdopt,      // it happened: take what was seen for its answer
  kLookAgain,  // it may still happen
  kSendAgain,  // it is proved that it did not and will not, or that it does no harm
  kAsk,        // a person must say
};
Next decide(Verdict verdict, const Standing& standing);

// Whether a look at that time is one of those that P3 rests on.
bool past_fence(const Standing& standing);

}  // namespace neap::cloud
