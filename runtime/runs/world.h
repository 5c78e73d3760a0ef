// A world: a clock, a transport, a source of randomness, and the client that they make up.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/function.h"
#include "base/log.h"
#include "base/random.h"
#include "cloud/client.h"
#include "cloud/poller.h"
#include "config/settings.h"
#include "http/transport.h"
#include "loop/loop.h"
#include "sign/credentials.h"

namespace neap::simulator {
class Simulator;
struct Options;
}  // namespace neap::simulator

namespace neap::runs {

class World {
 public:
  // The system's clock, libcurl, and the credentials of the chain.
  static std::unique_ptr<World> real(const config::Settings& settings, Log& log);
  // Virtual time, the simulator in process, randomness from the seed.
  static std::unique_ptr<World> rehearsal(std::uint64_t seed, Log& log);
  // The system's clock and the simulator in process, in which time runs so many times as fast: for
  // trying things out.
  static std::unique_ptr<World> sandbox(std::uint64_t seed, double time_scale, Log& log);
  // Virtual time, credentials that a simulator takes, and the transport that `make_transport`
  // gives: for tests whose simulator is in another process.
  static std::unique_ptr<World> against(
      std::unique_ptr<VirtualClock> clock,
      Function<std::unique_ptr<http::Transport>(Loop&)> make_transport, std::uint64_t seed,
      Log& log);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Loop& loop() { return *loop_; }
  Random& random() { return random_; }
  http::Transport& transport() { return *transport_; }
  cloud::Client& client() { return *client_; }
  cloud::JobPoller& jobs() { return *jobs_; }
  // The simulator of a rehearsal or a sandbox; nullptr in the real world.
  simulator::Simulator* simulator() { return simulator_.get(); }

 private:
  World(std::unique_ptr<Clock> clock, std::uint64_t seed);
  void connect(cloud::ClientSettings settings, Log& log);
  void connect_to_simulator(Log& log);
  static std::unique_ptr<World> simulated(std::unique_ptr<Clock> clock,
                                          const simulator::Options& options, Log& log);

  std::unique_ptr<Clock> clock_;
  std::unique_ptr<Loop> loop_;
  Random random_;
  std::unique_ptr<simulator::Simulator> simulator_;
  std::unique_ptr<http::Transport> transport_;
  std::unique_ptr<sign::CredentialSource> credentials_;
  std::unique_ptr<cloud::Client> client_;
  std::unique_ptr<cloud::JobPoller> jobs_;
};

}  // namespace neap::runs
