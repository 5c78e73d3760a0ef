#include "crash/bugs.h"

namespace neap::test {

const std::vector<std::string>& planted_bugs() {
  static const std::vector<std::string> kBugs = {
      "ask.answer_not_written",
      "ask.ignore_deadline",
      "effect.adopt_nothing",
      "effect.bad_json_as_failed",
      "effect.done_without_evidence",
      "effect.ignore_accepted_on_resume",
      "effect.ignore_fence",
      "effect.ignore_station",
      "effect.ignore_updated_at",
      "effect.new_arguments_on_retry",
      "effect.no_intent_before_send",
      "effect.no_lock",
      "effect.one_read",
      "effect.other_actor_as_ours",
      "effect.resend_on_unknown",
      "effect.reuse_connection",
      "effect.status_proves_nothing_happened",
      "effect.timeout_as_not_sent",
      "effect.treat_5xx_as_refused",
      "journal.gap",
      "journal.skip_sent",
      "journal.unlinked_hash",
      "replay.forget_now",
      "replay.fresh_sequence",
      "replay.lose_interrupt",
  };
  return kBugs;
}

}  // namespace neap::test
