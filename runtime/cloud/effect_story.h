// A changing call as its log tells it: the transitions that were written (journal/entry.h), and
// where they leave the call.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cloud/look.h"
#include "http/message.h"
#include "journal/entry.h"

namespace neap::cloud {

// Where a call stands, which is what the last transition says.
enum class Phase {
  kNew,       // nothing was sent
  kSent,      // sent, and the process that sent it did not see an answer
  kAccepted,  // answered, or found to have happened
  kRefused,   // refused: the error is the call's answer
  kDoubt,     // sent, and the answer was lost
  kFree,      // proved to have had no effect: may be sent again
  kAsked,     // a person was asked
  kHappened,  // and said that it happened
  kDidNot,    // or that it did not
};

struct Story {
  Phase phase = Phase::kNew;
  bool intended = false;  // the intent is written
  View before;            // the snapshot
  bool marked = false;    // the request carries the call's mark
  int attempt = 0;        // the last that was sent
  int proved = 0;         // attempts that looks have proved to have had no effect (P3, I)
  std::string license;    // the proof that allows the next attempt
  UtcTime sent_at{};      // of the last attempt
  std::optional<UtcTime> valid_until;
  std::string why;             // of the doubt
  std::string question;        // that a person was asked
  std::optional<View> seen;    // what was observed last of this attempt
  std::string job_id;          // of the answer
  http::Response answer;       // when accepted
  std::optional<Error> error;  // when refused

  // A later attempt may go out on this proof of the last one. What is repeated because that does no
  // harm stays so: an attempt before may still arrive.
  void allow(std::string_view proof) {
    phase = Phase::kFree;
    if (license != "I") license = proof;
  }
};

Story read_story(const std::vector<const journal::Entry*>& history);

// A time as the log holds it, written by format_iso.
std::optional<UtcTime> parse_time(std::string_view text);

}  // namespace neap::cloud
