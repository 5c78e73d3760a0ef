#include "support/loopback_transport.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "http/url.h"

namespace neap::test {
namespace {

http::Outcome without_answer(http::Delivery delivery, const char* message,
                             ErrorKind kind = ErrorKind::kNetwork) {
  return {delivery, {}, Error{kind, message}};
}

http::IncomingRequest arrived(http::Request request, const http::Url& url) {
  http::IncomingRequest incoming{
      .method = std::string(to_text(request.method)),
      .target = url.query.empty() ? url.path : url.path + "?" + url.query,
      .headers = std::move(request.headers),
      .body = std::move(request.body),
      .peer = "127.0.0.1"};
  incoming.headers.set("Host", http::authority(url));
  if (!incoming.body.empty()) {
    incoming.headers.set("Content-Length", std::to_string(incoming.body.size()));
  }
  return incoming;
}

}  // namespace

// One request from send() to its outcome; the Owner that send() gives keeps it.
class LoopbackTransport::Flight final : public http::Answerer,
                                        public std::enable_shared_from_this<Flight> {
 public:
  Flight(Loop& loop, Duration latency, http::Options options, Function<void(http::Outcome)> done)
      : loop_(loop), latency_(latency), options_(options), done_(std::move(done)) {}

  void refuse() {
    step_ = loop_.after(2 * latency_, [this] {
      finish(without_answer(http::Delivery::kNotSent, "the connection was refused"));
    });
  }

  // Hands the request over once it has arrived, unless the place is closed by then.
  void travel(std::shared_ptr<Place> place, http::IncomingRequest request);

  void answer(http::Response response) override {
    if (response.body.size() > options_.body_limit) return lose("the answer is too long");
    bring({http::Delivery::kAnswered, std::move(response), {}});
  }
  void abort() noexcept override { lose("the connection was closed without an answer"); }

  void lose(const char* why) { bring(without_answer(http::Delivery::kUnknown, why)); }

 private:
  // The first word counts: a process that ends drops what it has not answered, which would be a
  // 500.
  void bring(http::Outcome outcome) {
    if (std::exchange(decided_, true)) return;
    leave();
    step_ = loop_.after(
        latency_, [this, outcome = std::move(outcome)]() mutable { finish(std::move(outcome)); });
  }

  void leave();

  void finish(http::Outcome outcome) {
    const auto self = shared_from_this();  // `done` may drop the Owner
    step_.cancel();
    deadline_.cancel();
    leave();
    Function<void(http::Outcome)> done = std::move(done_);
    done(std::move(outcome));
  }

  Loop& loop_;
  Duration latency_;
  http::Options options_;
  Function<void(http::Outcome)> done_;
  Loop::Timer step_;
  Loop::Timer deadline_;
  std::shared_ptr<Place> place_;  // while it waits there for an answer
  bool decided_ = false;
};

// Who listens at an origin, and what waits there for an answer.
struct LoopbackTransport::Place {
  http::Server::Handler handler;
  bool open = true;
  std::vector<std::weak_ptr<Flight>> waiting;
  std::size_t* most = nullptr;
};

void LoopbackTransport::Flight::travel(std::shared_ptr<Place> place,
                                       http::IncomingRequest request) {
  deadline_ = loop_.after(options_.timeout, [this] {
    finish(without_answer(http::Delivery::kUnknown, "no answer came in time", ErrorKind::kTimeout));
  });
  step_ = loop_.after(latency_,
                      [this, place = std::move(place), request = std::move(request)]() mutable {
                        const auto self = shared_from_this();
                        if (!place->open)
                          return lose("the connection was closed without an answer");
                        place_ = place;
                        place->waiting.push_back(self);
                        *place->most = std::max(*place->most, place->waiting.size());
                        place->handler(http::Exchange(std::move(request), self));
                      });
}

void LoopbackTransport::Flight::leave() {
  const auto place = std::exchange(place_, nullptr);
  if (!place) return;
  std::erase_if(place->waiting, [this](const std::weak_ptr<Flight>& flight) {
    return flight.expired() || flight.lock().get() == this;
  });
}

LoopbackTransport::LoopbackTransport(Loop& loop, http::Transport* others)
    : loop_(loop), others_(others) {}

LoopbackTransport::~LoopbackTransport() = default;

void LoopbackTransport::serve(const std::string& origin, http::Server::Handler handler) {
  stop(origin);
  auto place = std::make_shared<Place>();
  place->handler = std::move(handler);
  place->most = &most_under_way;
  places_[origin] = std::move(place);
}

void LoopbackTransport::stop(const std::string& origin) {
  std::shared_ptr<Place>& place = places_[origin];
  if (!place) return;
  place->open = false;
  for (const std::weak_ptr<Flight>& waiting : std::exchange(place->waiting, {})) {
    if (const auto flight = waiting.lock()) flight->abort();
  }
  place = nullptr;
}

Owner LoopbackTransport::send(http::Request request, http::Options options,
                              Function<void(http::Outcome)> done) {
  const Result<http::Url> url = http::parse_url(request.url);
  const auto place = url ? places_.find(http::origin(*url)) : places_.end();
  if (place == places_.end() && others_ != nullptr) {
    return others_->send(std::move(request), options, std::move(done));
  }
  auto flight = std::make_shared<Flight>(loop_, latency, options, std::move(done));
  if (place != places_.end() && place->second) {
    flight->travel(place->second, arrived(std::move(request), *url));
  } else {
    flight->refuse();
  }
  return Owner{std::move(flight)};
}

}  // namespace neap::test
