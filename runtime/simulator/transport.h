// The simulator in process: the transport of the rehearsal world.
#pragma once

#include "base/random.h"
#include "http/transport.h"
#include "loop/loop.h"
#include "simulator/simulator.h"

namespace neap::simulator {

// Hands requests straight to the simulator, which has the host name to itself. Answers take a
// little time, so that nothing depends on answers that come at once.
class SimulatorTransport final : public http::Transport {
 public:
  SimulatorTransport(Loop& loop, Simulator& simulator) : loop_(loop), simulator_(simulator) {}

  Owner send(http::Request request, http::Options options,
             Function<void(http::Outcome)> done) override;

 private:
  Loop& loop_;
  Simulator& simulator_;
};

}  // namespace neap::simulator
