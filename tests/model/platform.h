// The simulated platform as a client sees it: signed requests on a virtual clock, and a place to
// tamper with them, so that the model's watchfulness can itself be tested.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "cloud/catalog.h"
#include "json/document.h"
#include "json/value.h"
#include "loop/clock.h"
#include "simulator/simulator.h"

namespace neap::model {

// What came back of one call.
struct Seen {
  int status = 0;
  std::string body;
  json::Value value;     // of the body; null where that is no JSON
  std::string code;      // of a refusal
  bool dropped = false;  // the connection was closed without an answer

  bool accepted() const { return !dropped && status >= 200 && status < 300; }
  const json::Object& object() const;
};

class Platform;

// Changes arguments before they are sent, or what came back. Empty functions change nothing.
struct Tampering {
  std::function<void(const cloud::Operation&, json::Object&)> before;
  std::function<void(Platform&, const cloud::Operation&, const json::Object&, Seen&)> after;
};

class Platform {
 public:
  Platform(std::uint64_t seed, const Tampering& tampering);

  // A call as neap would send it; `stranger` signs with a key that the platform does not know.
  Seen call(const cloud::Operation& operation, json::Object arguments, bool stranger = false);
  // A call of docs/guide/simulator.md; throws when it is refused.
  json::Value admin(http::Method method, const std::string& path, const std::string& body = "");

  void advance(Duration span) { clock_.advance_to(clock_.now() + span); }
  std::uint64_t requests() const { return requests_; }

 private:
  Seen ask(http::Request& request);

  VirtualClock clock_;
  simulator::Simulator simulator_;
  json::Parser parser_;
  const Tampering& tampering_;
  std::uint64_t requests_ = 0;
};

// The operation of the catalogue; throws when there is none.
const cloud::Operation& operation_of(std::string_view service, std::string_view name);

}  // namespace neap::model
