// The inside of the server: what its connections share, and one connection. For server.cpp and
// server_connection.cpp only.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <variant>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "http/server.h"

namespace neap::http {
namespace asio = boost::asio;
using boost::system::error_code;

using RealTime = std::chrono::steady_clock;
// On the concrete executor: the type-erased default costs an allocation and two virtual calls per
// operation.
using Executor = asio::io_context::executor_type;
using Timer = asio::basic_waitable_timer<RealTime, asio::wait_traits<RealTime>, Executor>;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TlsSocket = asio::ssl::stream<Socket>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

// What the connections share. Held by the Server, and by a connection while it calls the handler.
class Server::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(Loop& l, ServerLimits lim, Handler h)
      : loop(l), limits(lim), handler(std::move(h)), acceptor(l.io()), accept_pause(l.io()) {}

  Result<void> listen(const ListenAddress& address, const std::optional<TlsFiles>& tls);
  void accept();
  void shut_down();
  void close(Function<void()> done);
  void forget(Connection& connection);
  void reject(std::string_view reason) { ++rejections[reason]; }
  std::string_view date();

  Loop& loop;
  const ServerLimits limits;
  Handler handler;
  Acceptor acceptor;
  Timer accept_pause;
  std::optional<asio::ssl::context> tls;
  std::set<std::shared_ptr<Connection>> connections;
  std::map<std::string, std::size_t> peers;
  std::map<std::string_view, std::uint64_t> rejections;
  bool closing = false;

 private:
  Result<void> use_certificate(const TlsFiles& files);
  void admit(Socket socket);
  void finish_close();

  Owner hold_ = loop.keep_alive();
  Function<void()> closed_;
  std::string date_;
  std::int64_t date_second_ = -1;
};

// One client. Its own pending operations keep it in memory; once closed it only waits for them to
// be cancelled, and no longer knows the server.
class Server::Connection final : public Answerer, public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& core, Socket socket, std::string peer)
      : core_(&core),
        peer_(std::move(peer)),
        stream_(make_stream(core, std::move(socket))),
        timer_(core.loop.io()),
        reader_(core.limits.request),
        started_(RealTime::now()) {}

  void start();
  void close();
  void close_if_idle();
  void abort() noexcept override;
  void answer(Response response) override;
  const std::string& peer() const { return peer_; }

 private:
  enum class Phase { kHandshake, kReading, kContinuing, kHandling, kWriting, kLingering, kClosed };
  using Stream = std::variant<Socket, TlsSocket>;

  static Stream make_stream(Core& core, Socket socket) {
    if (core.tls) return Stream(std::in_place_type<TlsSocket>, std::move(socket), *core.tls);
    return socket;
  }
  Socket& socket() {
    if (auto* tls = std::get_if<TlsSocket>(&stream_)) return tls->next_layer();
    return std::get<Socket>(stream_);
  }
  bool idle() const { return phase_ == Phase::kReading && !reader_.begun(); }

  void read();
  void proceed();
  void expect_more();
  void send_continue();
  void dispatch();
  void refuse(const Refusal& refusal);
  void send(Response response, bool keep_alive);
  void sent();
  void linger();
  void drain();
  void set_deadline(RealTime::time_point deadline);
  void arm();
  void expire();

  Core* core_;  // null once closed
  std::string peer_;
  Stream stream_;
  Timer timer_;
  RequestReader reader_;
  Phase phase_ = Phase::kHandshake;
  RealTime::time_point started_;   // of the current request
  RealTime::time_point deadline_;  // of the current phase
  RealTime::time_point armed_ = RealTime::time_point::max();
  bool served_ = false;  // has answered a request
  bool keep_alive_ = false;
  std::string out_head_;
  std::string out_body_;
};

}  // namespace neap::http
