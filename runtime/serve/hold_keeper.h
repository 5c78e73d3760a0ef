// Keeps a hold from running out while its event is worked on.
#pragma once

#include <optional>

#include "serve/callback.h"

namespace neap::serve {

// EXTEND at about half of what is left, jittered, as long as the hold does not last longer in all
// than it may. The intent is durable before each (reliability.md I2); one that was lost is sent
// again, for it only makes the hold longer.
class HoldKeeper {
 public:
  struct Hooks {
    Function<void(InboxWriter::Written)> save;  // makes the event durable as it is now
    Function<void()> last_call;                 // the hold ends soon, and nothing can be done
    Function<void()> lost;                      // the platform says that there is no hold
  };

  // `event` is the owner's; its `extends` is counted here.
  HoldKeeper(Desk& desk, journal::HookEvent& event, Hooks hooks);

  // The hold as it was read: from now on it is kept, up to so long after the event was heard of.
  void follow(UtcTime deadline, Duration up_to);
  // Extends at once when less than this is left, then calls back; right away when there is more.
  void extend_below(Duration left, Function<void()> done);
  // Lets it run out, or somebody answers.
  void rest();

  UtcTime deadline() const { return deadline_; }
  Duration remaining() const { return deadline_ - desk_.utc(); }

 private:
  bool may_extend() const;
  void arm();
  void extend();
  void heard(const CallbackAnswer& answer);

  Desk& desk_;
  journal::HookEvent& event_;
  Hooks hooks_;
  UtcTime deadline_{};
  Duration up_to_{};
  bool following_ = false;
  bool extending_ = false;
  int failures_ = 0;
  Function<void()> first_;  // waits for an extension that comes before everything else
  Owner call_;
  Loop::Timer alarm_;
};

}  // namespace neap::serve
