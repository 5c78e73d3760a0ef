// What an operator may say to a run: an answer, what became of a call in doubt, that it shall end.
#pragma once

#include <optional>
#include <string>

#include "journal/store.h"

namespace neap::app {

// Who says it, and when.
struct Signature {
  std::string by;  // "anna@bastion"
  UtcTime at{};
};

struct Decided {
  journal::Run run;      // as it was before
  std::string text;      // "approved: Fail demo over?"
  std::string executor;  // the process that executes the run and sees it by itself; empty: nobody
};

struct AnswerRequest {
  std::string run;
  std::optional<journal::Step> step;  // of the question; may be left out when there is but one
  bool yes = false;
  std::string comment;
};

struct ResolveRequest {
  std::string run;
  std::optional<journal::Step> step;  // likewise, of the call in doubt
  bool happened = false;
  std::string why;
  bool force = false;  // "did not", although it may still take effect
};

// Each writes one entry, and only while what it rests on still holds: of two who answer the same
// question one is told that the other was first. Errors: conflict when the run has ended or there
// is nothing of the kind to decide, precondition when it is too late or too early, usage when it is
// not clear which step is meant, those of the store.
Result<Decided> answer_question(journal::Store& store, const AnswerRequest& request,
                                const Signature& signature);
Result<Decided> resolve_effect(journal::Store& store, const ResolveRequest& request,
                               const Signature& signature);
Result<Decided> ask_to_cancel(journal::Store& store, const std::string& run, const std::string& why,
                              const Signature& signature);

}  // namespace neap::app
