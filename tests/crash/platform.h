// The platform as processes under test meet it: the simulator, in a process that outlives theirs,
// with a network between that loses and delays what it is told to.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "crash/wire.h"
#include "journal/check.h"
#include "json/document.h"
#include "loop/clock.h"
#include "simulator/simulator.h"

namespace neap::test {

// An administrator's call, below /_sim: what no call of the platform can do.
struct AdminCall {
  std::string path;
  std::string body;
};

class Platform {
 public:
  // What the network does to the changing calls that pass through it, by chance.
  struct Weather {
    double refused = 0;      // the connection is not made: nothing arrives
    double late = 0;         // nobody waits for the answer any more when the request arrives
    double bad_gateway = 0;  // a 502 of somebody in between takes the place of the answer
    Duration lateness = std::chrono::minutes{20};  // at most
  };

  explicit Platform(std::uint64_t seed);

  // An administrator's call below /_sim. Throws std::runtime_error when it is refused.
  json::Document admin(http::Method method, const std::string& path, const std::string& body = "");
  // Somebody else at work on the group `demo`, whatever it is called by then: before the request of
  // that number, from 1. Paths begin below the group.
  void meddle(std::map<std::size_t, AdminCall> calls);
  // From the request of that number on, from 1, the gateway's clock is wrong by so many seconds.
  void let_clock_jump(std::map<std::size_t, std::int64_t> skews) { skews_ = std::move(skews); }
  // Answers a request of a process under test, at the moment that it says it is.
  Message answer(const Message& request);
  // Lets time pass until nothing is under way any more.
  void let_everything_arrive();
  // Likewise, and until every job has ended.
  void settle();

  Instant now() const { return clock_.now(); }
  UtcTime utc() const { return clock_.utc(); }
  void pass(Duration time) { pass_until(now() + time); }
  void pass_until(Instant moment);

  // The changing requests that arrived, in that order.
  const std::vector<journal::Receipt>& receipts() const { return receipts_; }
  std::size_t requests() const { return requests_; }
  // What is left of the cloud's state when ids and times are taken out, as text to be compared.
  std::string state();
  // How often each kind of fault fired, the network's included.
  std::map<std::string, std::uint64_t> fired();

  Weather weather;

 private:
  struct Late {
    Instant due{};
    http::Request request;
    std::string target;
  };

  Result<simulator::Answer> arrive(const http::Request& request, const std::string& target);
  void arrive_until(Instant moment);
  void befall();

  std::map<std::size_t, AdminCall> meddling_;
  std::map<std::size_t, std::int64_t> skews_;
  VirtualClock clock_;
  simulator::Simulator simulator_;
  Random chance_;
  std::vector<journal::Receipt> receipts_;
  std::vector<Late> under_way_;
  std::map<std::string, std::uint64_t> fired_;
  std::size_t requests_ = 0;
  std::int64_t receipted_ = 0;  // the simulator's number of the last one
};

}  // namespace neap::test
