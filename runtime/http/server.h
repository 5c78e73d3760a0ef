// An HTTP/1.1 server on the loop: one request, one answer, and limits on everything a stranger may
// send (reliability.md T8, T9).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/function.h"
#include "base/time.h"
#include "http/listen_address.h"
#include "http/message.h"
#include "http/request_reader.h"
#include "http/request_rules.h"
#include "loop/loop.h"

namespace neap::http {

// The deadlines are absolute: a peer that sends a byte now and then gains nothing by it. They run
// on real time whatever clock the loop has, because the peers do.
struct ServerLimits {
  RequestLimits request;
  Duration header_deadline = std::chrono::seconds{5};     // first byte (or connect) to blank line
  Duration request_deadline = std::chrono::seconds{10};   // first byte to the end of the body
  Duration response_deadline = std::chrono::seconds{30};  // end of the request to the last byte out
  Duration idle_deadline = std::chrono::seconds{15};      // between two requests
  std::size_t connections_per_peer = 16;                  // by IP address
  std::size_t connections = 512;
};

// PEM files; the certificate's may hold the chain.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

// Where an Exchange's answer goes.
class Answerer {
 public:
  virtual ~Answerer() = default;
  // Called once, with a response that check_response() accepts.
  virtual void answer(Response response) = 0;
  // Called instead of answer(): closes without one.
  virtual void abort() noexcept = 0;
};

// One request that waits for its one answer. May outlive its connection and the server: the answer
// then goes nowhere. Dropped unanswered it answers 500, so that no client waits in vain.
class Exchange {
 public:
  Exchange(IncomingRequest request, std::weak_ptr<Answerer> answerer);
  Exchange(Exchange&& other) noexcept;
  Exchange& operator=(Exchange&& other) noexcept;
  ~Exchange();

  const IncomingRequest& request() const { return request_; }

  // Sends the answer. Content-Length and connection headers are the server's and are replaced.
  // Fails with kind argument, still unanswered, when the response cannot be sent as it is
  // (response_text.h), and with kind usage when there has been an answer.
  Result<void> respond(Response response);
  // Closes the connection without an answer: what the simulator does for a lost one.
  void abort() noexcept;

 private:
  void drop() noexcept;

  IncomingRequest request_;
  std::weak_ptr<Answerer> answerer_;
  bool open_ = true;
};

class Server {
 public:
  // Gets each request, from the loop and never from inside open(). May destroy the server.
  using Handler = Function<void(Exchange)>;

  // Listens at once and keeps the loop running until close() is through or the server destroyed.
  // Fails with kind conflict (the port is taken) or config (address or TLS files unusable).
  static Result<std::unique_ptr<Server>> open(Loop& loop, const ListenAddress& address,
                                              ServerLimits limits, Handler handler,
                                              const std::optional<TlsFiles>& tls = std::nullopt);
  // Closes every connection, answered or not.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Stops accepting, lets the requests that have arrived or are arriving be answered, and calls
  // `done` from the loop when the last connection is gone; the deadlines bound how long that takes.
  void close(Function<void()> done);

  std::uint16_t port() const;
  std::size_t connections() const;
  // How often a request or connection was refused, by reason: those of request_rules.h, and
  // connections, connections_per_peer, slow_header, slow_body, slow_handler, tls.
  const std::map<std::string_view, std::uint64_t>& rejections() const;

 private:
  class Core;
  class Connection;
  explicit Server(std::shared_ptr<Core> core);

  std::shared_ptr<Core> core_;
};

}  // namespace neap::http
