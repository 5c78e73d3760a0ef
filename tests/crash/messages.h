// What the messages of wire.h say: a request as it leaves, and what its sender gets to see of it.
#pragma once

#include <string>

#include "base/error.h"
#include "base/time.h"
#include "crash/wire.h"
#include "http/transport.h"
#include "simulator/simulator.h"

namespace neap::test {

// The first part of each kind of message.
inline constexpr const char* kRequest = "request";
inline constexpr const char* kReport = "report";

struct Sent {
  Instant now{};  // the sender's
  http::Request request;
  std::string target;
};

Message write_request(const Sent& sent);
Sent read_request(const Message& message);

Message write_answer(const Result<simulator::Answer>& answer);
Message write_not_sent();  // no connection was made
Message write_lost();      // nothing comes back, ever

bool is_closed(const Message& answer);  // by the platform, without a word

// What a sender hears of its request, and when.
struct Heard {
  http::Outcome outcome;
  Duration after{};
};
Heard read_answer(const Message& message, const http::Options& options);

}  // namespace neap::test
