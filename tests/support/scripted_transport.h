// A transport that answers from a script, and credentials that are what a test says.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "http/transport.h"
#include "loop/loop.h"
#include "sign/credentials.h"

namespace neap::test {

inline http::Outcome answered(int status, std::string body, http::Headers headers = {}) {
  return {http::Delivery::kAnswered, {status, std::move(headers), std::move(body)}, {}};
}
inline http::Outcome not_sent(std::string cause) {
  return {http::Delivery::kNotSent, {}, Error{ErrorKind::kNetwork, std::move(cause)}};
}
inline http::Outcome lost(std::string cause) {
  return {http::Delivery::kUnknown, {}, Error{ErrorKind::kNetwork, std::move(cause)}};
}

// Answers each request, a little later, with the next outcome of the script; after that with what
// `otherwise` makes. Remembers every request it was given.
class ScriptedTransport final : public http::Transport {
 public:
  struct Sent {
    http::Request request;
    http::Options options;
    Instant at;
  };

  explicit ScriptedTransport(Loop& loop) : loop_(loop) {}

  void then(http::Outcome outcome) { script_.push_back(std::move(outcome)); }

  Owner send(http::Request request, http::Options options,
             Function<void(http::Outcome)> done) override {
    sent.push_back({request, options, loop_.now()});
    http::Outcome outcome = next_outcome(request);
    auto flight = std::make_unique<Flight>(under_way, std::move(done));
    most_under_way = std::max(most_under_way, under_way);
    flight->timer =
        loop_.after(latency, [flight = flight.get(), outcome = std::move(outcome)]() mutable {
          flight->finish(std::move(outcome));
        });
    return Owner{std::move(flight)};
  }

  std::vector<Sent> sent;
  Function<http::Outcome(const http::Request&)> otherwise;
  Duration latency = std::chrono::milliseconds{5};
  std::size_t under_way = 0;
  std::size_t most_under_way = 0;

 private:
  struct Flight {
    Flight(std::size_t& counter, Function<void(http::Outcome)> fn)
        : under_way(counter), done(std::move(fn)) {
      ++under_way;
    }
    ~Flight() {
      if (done) --under_way;
    }
    void finish(http::Outcome outcome) {
      --under_way;
      Function<void(http::Outcome)> last = std::move(done);
      last(std::move(outcome));
    }

    std::size_t& under_way;
    Function<void(http::Outcome)> done;
    Loop::Timer timer;
  };

  http::Outcome next_outcome(const http::Request& request) {
    if (!script_.empty()) {
      http::Outcome outcome = std::move(script_.front());
      script_.pop_front();
      return outcome;
    }
    if (otherwise) return otherwise(request);
    return not_sent("the script has no more answers");
  }

  Loop& loop_;
  std::deque<http::Outcome> script_;
};

inline sign::Credentials fake_credentials(std::string access_key = "AKFAKE",
                                          std::string secret = "fake-secret") {
  sign::Credentials credentials;
  credentials.access_key = std::move(access_key);
  credentials.secret_key = Secret(std::move(secret));
  credentials.project_id = "0123456789abcdef0123456789abcdef";
  credentials.source = "the test";
  return credentials;
}

// Gives the first of `known`; each refusal moves on to the next, the last one stays.
class ScriptedCredentials final : public sign::CredentialSource {
 public:
  explicit ScriptedCredentials(std::vector<sign::Credentials> credentials = {fake_credentials()})
      : known(std::move(credentials)) {}

  Owner get(Function<void(Result<sign::Credentials>)> done) override {
    ++looked_up;
    if (known.empty()) {
      done(fail(ErrorKind::kAuth, "no credentials were found"));
    } else {
      done(known.front());
    }
    return {};
  }
  void refused(const sign::Credentials&) override {
    ++refusals;
    if (known.size() > 1) known.erase(known.begin());
  }

  std::vector<sign::Credentials> known;
  int looked_up = 0;
  int refusals = 0;
};

}  // namespace neap::test
