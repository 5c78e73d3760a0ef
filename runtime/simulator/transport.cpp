#include "simulator/transport.h"

#include "http/url.h"

namespace neap::simulator {
namespace {

constexpr Duration kLatency = std::chrono::milliseconds{20};

http::Outcome lost(const char* message, ErrorKind kind = ErrorKind::kNetwork) {
  http::Outcome outcome;
  outcome.delivery = http::Delivery::kUnknown;
  outcome.error = Error{kind, message};
  return outcome;
}

std::string target_of(const http::Url& url) {
  return url.query.empty() ? url.path : url.path + "?" + url.query;
}

// What a real transport would make of the simulator's answer.
http::Outcome carry(Result<Answer> answer) {
  if (!answer) {
    http::Outcome broken = lost("the simulator failed");
    broken.error = answer.error();
    return broken;
  }
  if (answer->drop != Answer::Drop::kNone) {
    return lost("the connection was closed without an answer");
  }
  http::Outcome outcome;
  outcome.delivery = http::Delivery::kAnswered;
  outcome.response = std::move(answer->response);
  return outcome;
}

}  // namespace

Owner SimulatorTransport::send(http::Request request, http::Options options,
                               Function<void(http::Outcome)> done) {
  const Result<http::Url> url = http::parse_url(request.url);
  Result<Answer> answer = !url ? Result<Answer>(tl::unexpected(url.error()))
                               : simulator_.answer(request, target_of(*url));
  const Duration wait = kLatency + (answer ? answer->delay : Duration::zero());
  const bool late = wait > options.timeout;
  auto outcome =
      late ? lost("no answer came in time", ErrorKind::kTimeout) : carry(std::move(answer));
  return Owner{loop_.after(late ? options.timeout : wait,
                           [done = std::move(done), outcome = std::move(outcome)]() mutable {
                             done(std::move(outcome));
                           })};
}

}  // namespace neap::simulator
