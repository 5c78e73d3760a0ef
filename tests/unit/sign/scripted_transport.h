// A transport that answers from a script, from the loop, and keeps what it was sent.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/transport.h"
#include "loop/loop.h"

namespace neap::test {

class ScriptedTransport final : public http::Transport {
 public:
  explicit ScriptedTransport(Loop& loop) : loop_(loop) {}

  // The next request gets this answer; without one it gets no answer.
  void answer(int status, std::string body = {}, http::Headers headers = {}) {
    script_.push_back(
        {http::Delivery::kAnswered, {status, std::move(headers), std::move(body)}, {}});
  }
  void no_answer(std::string why = "connection refused") {
    script_.push_back({http::Delivery::kNotSent, {}, Error{ErrorKind::kNetwork, std::move(why)}});
  }

  Owner send(http::Request request, http::Options options,
             Function<void(http::Outcome)> done) override {
    sent.push_back(std::move(request));
    timeouts.push_back(options.timeout);
    if (script_.empty()) no_answer();
    http::Outcome outcome = std::move(script_.front());
    script_.pop_front();
    return Owner(loop_.after(std::chrono::milliseconds{1},
                             [outcome = std::move(outcome), done = std::move(done)]() mutable {
                               done(std::move(outcome));
                             }));
  }

  std::vector<http::Request> sent;
  std::vector<Duration> timeouts;

 private:
  Loop& loop_;
  std::deque<http::Outcome> script_;
};

}  // namespace neap::test
