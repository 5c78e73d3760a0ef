// Carries the simulator's messages to their subscribers, signed as SMN signs them, and lets the
// simulated world go on while nobody asks it anything (smn.md sections 2 to 5).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function.h"
#include "base/owner.h"
#include "http/transport.h"
#include "loop/loop.h"
#include "sign/message_key.h"
#include "simulator/simulator.h"

namespace neap::simulator {

class Deliveries {
 public:
  // `origin`, "http://127.0.0.1:4370", is where certificate and links of the messages lead.
  // `broken` hears of a bug in the simulator. Without a key one is made, which takes a while.
  Deliveries(Loop& loop, Simulator& simulator, http::Transport& transport, std::string origin,
             Function<void(Error)> broken, std::shared_ptr<const sign::MessageKey> key = nullptr);

  // Carries what is due and waits for what comes next. To be called after every request that the
  // simulator has answered.
  void look();

  // The answer to a GET of the signing certificate, by its file or by its id (smn.md section 4, 3);
  // nothing for any other path.
  std::optional<http::Response> certificate(std::string_view path) const;

 private:
  void carry(const Delivery& delivery);
  void start_waiting();
  void finished(std::uint64_t serial, const std::string& id, const http::Outcome& outcome);
  http::Request signed_request(const Delivery& delivery);

  Loop& loop_;
  Simulator& simulator_;
  http::Transport& transport_;
  std::string origin_;
  Function<void(Error)> broken_;
  std::shared_ptr<const sign::MessageKey> key_;
  std::uint64_t serial_ = 0;
  std::deque<Delivery> waiting_;
  std::map<std::uint64_t, Owner> under_way_;
  std::vector<std::uint64_t> over_;  // of those the ones to release
  Loop::Timer sweep_;
  Loop::Timer timer_;
};

}  // namespace neap::simulator
