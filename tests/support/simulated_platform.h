// The whole platform in one process and one virtual time: the simulator, its messages carried to
// handlers without sockets, and its signing certificate.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/server.h"
#include "http/transport.h"
#include "json/document.h"
#include "loop/loop.h"
#include "simulator/deliveries.h"
#include "simulator/simulator.h"
#include "simulator/transport.h"
#include "support/loopback_transport.h"

namespace neap::test {

// The transport of a world whose platform this is (runs::World::against): calls of the API and the
// certificate are answered by the simulator, requests for an origin that is served here by its
// handler; nobody listens anywhere else. It keeps the loop running for as long as something is due
// in the simulated world.
class SimulatedPlatform final : public http::Transport {
 public:
  // Where the platform answers; certificates and links of messages lead there too.
  static constexpr std::string_view kOrigin = "http://127.0.0.1:1";

  SimulatedPlatform(Loop& loop, std::uint64_t seed);

  // As of LoopbackTransport: who listens at the endpoint of a subscription.
  void serve(const std::string& origin, http::Server::Handler handler);
  void stop(const std::string& origin);

  Owner send(http::Request request, http::Options options,
             Function<void(http::Outcome)> done) override;

  // A call of docs/guide/simulator.md, "/as/held"; it must succeed. Happens at once.
  json::Document admin(http::Method method, const std::string& path, const std::string& body = "");
  // A topic whose messages `endpoint` gets, confirmed already when there is one; returns its URN.
  std::string topic(const std::string& name, const std::string& endpoint = "");

  simulator::Simulator& simulator() { return simulator_; }
  LoopbackTransport& loopback() { return loopback_; }

 private:
  Loop& loop_;
  simulator::Simulator simulator_;
  simulator::SimulatorTransport api_;
  LoopbackTransport loopback_;
  simulator::Deliveries deliveries_;
};

}  // namespace neap::test
