// The transport of a process under test: every request goes to the process that plays the platform,
// which answers at once; the time that the answer takes passes here, on the virtual clock.
#pragma once

#include "http/transport.h"
#include "loop/loop.h"

namespace neap::test {

class RemoteTransport final : public http::Transport {
 public:
  // `started`: the moment at which the loop's clock stands at 0.
  RemoteTransport(Loop& loop, int descriptor, UtcTime started)
      : loop_(loop), descriptor_(descriptor), since_(started - VirtualClock::kStart) {}

  Owner send(http::Request request, http::Options options,
             Function<void(http::Outcome)> done) override;

 private:
  Loop& loop_;
  int descriptor_;
  Duration since_;  // the platform's clock began
};

}  // namespace neap::test
