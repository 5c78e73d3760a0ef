// Turns the bytes of one connection into requests, one at a time, or into the reason why not.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "http/message.h"
#include "http/request_rules.h"

namespace neap::http {

// A request as a server got it.
struct IncomingRequest {
  std::string method;  // as sent, "GET"
  std::string target;  // path and query as sent, still percent-encoded
  Headers headers;
  std::string body;
  std::string peer;  // IP address of the other end
};

// Boost.Beast parses; the rules of request_rules.h decide on the header before a byte of the body
// is read. Knows nothing of sockets: put bytes into room(), say how many with received().
class RequestReader {
 public:
  enum class Stage {
    kHead,     // waiting for (the rest of) a header
    kBody,     // the header is accepted, (some of) the body is missing
    kDone,     // take() has the request
    kRefused,  // refusal() says why; nothing further can be read from this connection
  };

  explicit RequestReader(const RequestLimits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Where the next bytes go; never empty before kDone or kRefused.
  std::span<char> room();
  // The first `count` bytes of room() are filled.
  void received(std::size_t count);

  Stage stage() const { return stage_; }
  const Refusal& refusal() const { return refusal_; }
  // Bytes of the current request have arrived.
  bool begun() const { return stage_ != Stage::kHead || filled_ > 0; }
  // The client waits for "100 Continue" before it sends the body.
  bool waits_for_continue() const;
  // The client allows another request on this connection.
  bool keep_alive() const;
  bool head_request() const;

  // At kDone, once: the request, its peer left empty.
  IncomingRequest take();
  // Goes on to the next request with the bytes that came after this one.
  void next();

 private:
  class Parser;

  void read();  // as far as the buffered bytes go
  void read_head();
  void read_body();
  void refuse(Refusal refusal);
  void consume(std::size_t count);

  RequestLimits limits_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;  // bytes at the front of the buffer that are not consumed
  HeadScanner scanner_;
  std::size_t scanned_ = 0;
  bool in_chunk_header_ = false;  // the body goes on with an incomplete chunk header
  std::unique_ptr<Parser> parser_;
  Stage stage_ = Stage::kHead;
  Refusal refusal_;
};

}  // namespace neap::http
