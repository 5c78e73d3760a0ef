// Gives the answer to one hold: decided durably, sent, and held to be given only once the platform
// shows that it was (reliability.md 2.2, F19).
#pragma once

#include <string>

#include "serve/callback.h"

namespace neap::serve {

// A repeated answer does no harm: only a HANGING hold takes one (as.md section 8). So what was lost
// is looked for, and sent again while the hold still hangs.
class Answerer {
 public:
  struct Hooks {
    Function<void(InboxWriter::Written)> save;
    // It is over: kAnswered, or kGone and why.
    Function<void(journal::EventStatus, std::string why)> done;
  };

  Answerer(Desk& desk, journal::HookEvent& event, Hooks hooks);

  // Decides; may be called again with another result as long as nothing was sent.
  void answer(const std::string& result);
  // The event says that an earlier process had decided, and may have sent.
  void take_up();
  // A listing that began at `began`; nullptr: it does not show the hold.
  void listed(const HeldInstance* held, Instant began);
  // It has failed: the group is gone.
  void group_gone();

  // Why the platform has not taken it yet; empty when nothing is known.
  const std::string& trouble() const { return trouble_; }

 private:
  void send();
  void heard(const CallbackAnswer& answer);
  void count();
  void look();
  void again();
  void over();
  void settle(journal::EventStatus status, const std::string& why);

  Desk& desk_;
  journal::HookEvent& event_;
  Hooks hooks_;
  bool sent_ = false;         // nothing else may be decided any more
  bool maybe_taken_ = false;  // an answer of ours was accepted, or lost on its way
  bool accepted_ = false;
  bool looking_ = false;
  Instant look_since_{};
  int tries_ = 0;
  std::string trouble_;
  Owner call_;
  Loop::Timer timer_;
};

}  // namespace neap::serve
