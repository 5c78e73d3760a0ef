// One connection of the server: reads a request, hands it on, writes the answer, and ends in time.
#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "base/text.h"
#include "http/response_text.h"
#include "http/server_core.h"

namespace neap::http {
namespace {

// How long a closing connection goes on taking bytes that nobody reads. Closing at once would reset
// it, and the reset would overtake the answer.
constexpr std::chrono::seconds kLinger{1};

RealTime::time_point at(RealTime::time_point start, Duration span) {
  return start + std::chrono::duration_cast<RealTime::duration>(span);
}

}  // namespace

void Server::Connection::start() {
  error_code ignored;
  socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  set_deadline(at(started_, core_->limits.header_deadline));
  auto* tls = std::get_if<TlsSocket>(&stream_);
  if (tls == nullptr) {
    phase_ = Phase::kReading;
    return read();
  }
  tls->async_handshake(TlsSocket::server, [self = shared_from_this()](const error_code& error) {
    if (self->phase_ != Phase::kHandshake) return;
    if (error) {
      self->core_->reject("tls");
      return self->close();
    }
    self->phase_ = Phase::kReading;
    self->read();
  });
}

void Server::Connection::read() {
  const auto room = reader_.room();
  std::visit(
      [&](auto& stream) {
        stream.async_read_some(
            asio::buffer(room.data(), room.size()),
            [self = shared_from_this()](const error_code& error, std::size_t count) {
              if (self->phase_ != Phase::kReading) return;
              if (error) return self->close();
              if (self->idle() && self->served_) self->started_ = RealTime::now();
              self->reader_.received(count);
              self->proceed();
            });
      },
      stream_);
}

void Server::Connection::proceed() {
  switch (reader_.stage()) {
    case RequestReader::Stage::kHead:
    case RequestReader::Stage::kBody:
      return expect_more();
    case RequestReader::Stage::kDone:
      return dispatch();
    case RequestReader::Stage::kRefused:
      return refuse(reader_.refusal());
  }
}

void Server::Connection::expect_more() {
  const ServerLimits& limits = core_->limits;
  if (reader_.stage() == RequestReader::Stage::kBody) {
    set_deadline(at(started_, limits.request_deadline));
    if (reader_.waits_for_continue()) return send_continue();
  } else if (reader_.begun() || !served_) {
    set_deadline(at(started_, std::min(limits.header_deadline, limits.request_deadline)));
  } else {
    set_deadline(at(started_, limits.idle_deadline));
  }
  read();
}

void Server::Connection::send_continue() {
  phase_ = Phase::kContinuing;
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  std::visit(
      [&](auto& stream) {
        asio::async_write(stream, asio::buffer(kContinue),
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                            if (self->phase_ != Phase::kContinuing) return;
                            if (error) return self->close();
                            self->phase_ = Phase::kReading;
                            self->read();
                          });
      },
      stream_);
}

void Server::Connection::dispatch() {
  phase_ = Phase::kHandling;
  keep_alive_ = reader_.keep_alive();
  set_deadline(at(RealTime::now(), core_->limits.response_deadline));
  IncomingRequest request = reader_.take();
  request.peer = peer_;
  // The handler may destroy the server, and with it this connection and the handler itself.
  const auto core = core_->shared_from_this();
  const auto self = shared_from_this();
  core->handler(Exchange(std::move(request), self));
}

void Server::Connection::answer(Response response) {
  if (phase_ != Phase::kHandling) return;
  const bool asked_to_close = equals_ignoring_case(response.headers.get("Connection"), "close");
  send(std::move(response), keep_alive_ && !core_->closing && !asked_to_close);
}

void Server::Connection::abort() noexcept {
  if (phase_ == Phase::kHandling) close();
}

// Whatever follows a refused request cannot be trusted to be a request.
void Server::Connection::refuse(const Refusal& refusal) {
  core_->reject(refusal.reason);
  set_deadline(at(RealTime::now(), kLinger));
  send({refusal.status, {{"Content-Type", "text/plain"}}, std::string(refusal.message) + "\n"},
       false);
}

void Server::Connection::send(Response response, bool keep_alive) {
  phase_ = Phase::kWriting;
  keep_alive_ = keep_alive;
  out_head_ = response_head(response, keep_alive, core_->date());
  out_body_.clear();
  if (may_have_body(response.status) && !reader_.head_request()) {
    out_body_ = std::move(response.body);
  }
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(out_head_), asio::buffer(out_body_)};
  std::visit(
      [&](auto& stream) {
        asio::async_write(stream, buffers,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                            if (self->phase_ != Phase::kWriting) return;
                            if (error) return self->close();
                            self->sent();
                          });
      },
      stream_);
}

void Server::Connection::sent() {
  if (!keep_alive_) return linger();
  phase_ = Phase::kReading;
  served_ = true;
  started_ = RealTime::now();
  reader_.next();
  if (core_->closing && idle()) return linger();
  proceed();
}

void Server::Connection::linger() {
  phase_ = Phase::kLingering;
  set_deadline(at(RealTime::now(), kLinger));
  if (auto* tls = std::get_if<TlsSocket>(&stream_)) {
    return tls->async_shutdown([self = shared_from_this()](const error_code&) { self->close(); });
  }
  error_code ignored;
  socket().shutdown(Socket::shutdown_send, ignored);
  drain();
}

void Server::Connection::drain() {
  out_body_.resize(4096);
  socket().async_read_some(asio::buffer(out_body_),
                           [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (self->phase_ != Phase::kLingering) return;
                             if (error) return self->close();
                             self->drain();
                           });
}

void Server::Connection::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  const auto self = shared_from_this();
  error_code ignored;
  socket().close(ignored);
  timer_.cancel();
  std::exchange(core_, nullptr)->forget(*this);
}

void Server::Connection::close_if_idle() {
  if (idle()) close();
}

// Later deadlines leave the armed timer alone: it notices when it fires. A busy connection thus
// touches the timer queue once in seconds, not twice per request.
void Server::Connection::set_deadline(RealTime::time_point deadline) {
  deadline_ = deadline;
  if (deadline < armed_) arm();
}

void Server::Connection::arm() {
  armed_ = deadline_;
  timer_.expires_at(armed_);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (error || self->phase_ == Phase::kClosed) return;
    if (RealTime::now() < self->deadline_) return self->arm();
    self->armed_ = RealTime::time_point::max();
    self->expire();
  });
}

void Server::Connection::expire() {
  if (phase_ == Phase::kHandling) {
    return refuse({503, "slow_handler", "the answer took too long"});
  }
  if (phase_ != Phase::kReading || !reader_.begun()) return close();
  if (reader_.stage() == RequestReader::Stage::kHead) {
    return refuse({408, "slow_header", "the request header took too long"});
  }
  refuse({408, "slow_body", "the request body took too long"});
}

}  // namespace neap::http
