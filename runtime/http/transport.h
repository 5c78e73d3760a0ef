// The seam between everything that sends requests and what carries them: libcurl in the real
// world, the simulator in process in the rehearsal world, a script of answers in tests.
#pragma once

#include "base/error.h"
#include "base/function.h"
#include "base/owner.h"
#include "base/time.h"
#include "http/message.h"

namespace neap::http {

// How a request may be carried.
enum class Profile {
  kRead,    // keep-alive, HTTP/2 where offered; the caller may send it again
  kEffect,  // fresh connection, HTTP/1.1, sent once: no retry of any kind (reliability.md 5h)
};

struct Options {
  Profile profile = Profile::kRead;
  Duration timeout = std::chrono::seconds{30};  // absolute, from send() to the last byte
  std::size_t body_limit = 4u << 20;            // bytes; a longer answer is an error
  // No connection to an address of a private network (address_range.h): for requests that a
  // stranger has brought about. Through a proxy the proxy decides.
  bool public_only = false;
};

// What is known about a request (reliability.md 2.2). A refusal is an answer; whether it proves
// that nothing happened is for the room that knows the platform to say.
enum class Delivery {
  kNotSent,   // no byte of the request left this machine (proof P1)
  kUnknown,   // some of it left, and no complete answer came back
  kAnswered,  // a complete, well-formed response
};

struct Outcome {
  Delivery delivery = Delivery::kNotSent;
  Response response;  // when answered
  Error error;        // otherwise; kind network or timeout, the message names host and cause
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Calls `done` once, from the loop and never from inside send(), unless the Owner is dropped
  // first: that cancels the transfer and releases its connection. Redirects are not followed.
  virtual Owner send(Request request, Options options, Function<void(Outcome)> done) = 0;
};

}  // namespace neap::http
