// A transport without sockets: requests for an origin that is served here reach its handler in the
// same process, others go on to another transport.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "http/server.h"
#include "http/transport.h"
#include "loop/loop.h"

namespace neap::test {

class LoopbackTransport final : public http::Transport {
 public:
  // Without `others` nobody listens anywhere else.
  explicit LoopbackTransport(Loop& loop, http::Transport* others = nullptr);
  ~LoopbackTransport() override;

  // From here on a request for `origin`, "http://127.0.0.1:8080", reaches the handler as one that
  // came over the wire reaches that of a http::Server; how it may answer is the same too.
  void serve(const std::string& origin, http::Server::Handler handler);
  // What becomes visible of a process that ended: nobody listens on its port (kNotSent), and the
  // requests that it has not answered are lost (kUnknown). To be called before what the handler
  // works on is destroyed.
  void stop(const std::string& origin);

  Owner send(http::Request request, http::Options options,
             Function<void(http::Outcome)> done) override;

  // Each way; of a refused connection there and back.
  Duration latency = std::chrono::milliseconds{1};
  std::size_t most_under_way = 0;  // requests that some handler had not answered, at most

 private:
  class Flight;
  struct Place;

  Loop& loop_;
  http::Transport* others_;
  std::map<std::string, std::shared_ptr<Place>> places_;
};

}  // namespace neap::test
