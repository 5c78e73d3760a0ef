// The simulated platform: stdlib/sim in a Lua state of its own, asked from C++.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "http/message.h"
#include "loop/clock.h"

namespace neap::simulator {

// The one key pair that a simulator knows; `neap sim env` prints it. Not a secret.
inline constexpr std::string_view kAccessKey = "SIMULATORACCESSKEY";
inline constexpr std::string_view kSecretKey = "simulator-secret-key-known-to-everyone";
inline constexpr std::string_view kProjectId = "5147d0000000400080000000000000a1";

struct Options {
  std::uint64_t seed = 1;
  double time_scale = 1;  // simulated seconds per second of the clock
};

struct Answer {
  enum class Drop { kNone, kBefore, kAfter };  // before or after it took effect
  http::Response response;
  Drop drop = Drop::kNone;  // close without an answer
  Duration delay{};         // of the clock: hold the answer that long
};

// A message of SMN that is to be sent now (smn.md section 3).
struct Delivery {
  std::string id;   // of this delivery; duplicates of a message differ in it
  std::string url;  // the subscriber's endpoint
  std::string subscription_urn;
  std::map<std::string, std::string> headers;  // that the subscriber asked for
  std::map<std::string, std::string> members;  // of the body, without signature and certificate
};

// Resources live in scaled time; the gateway's clock, by which signatures are judged, is never
// scaled. The same seed and the same requests at the same times give the same bytes.
class Simulator {
 public:
  // Throws Failure when the simulator's own Lua is broken.
  Simulator(const Clock& clock, Options options);
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  // `target` is path and query as they stand on the wire. An Error is a bug in the simulator.
  Result<Answer> answer(const http::Request& request, std::string_view target);

  // How long the clock may run until something happens by itself; nothing when nothing will.
  Result<std::optional<Duration>> next_due();
  // Lets what is due happen and hands over the deliveries that are ready, each for one attempt.
  // `console` is the origin that the links in them lead to.
  Result<std::vector<Delivery>> take_deliveries(std::string_view console);
  // What became of an attempt: the endpoint's status, nothing when no answer came in time.
  Result<void> delivered(const std::string& id, std::optional<int> status);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace neap::simulator
