#include "http/server.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <fmt/format.h>

#include "http/server_core.h"

namespace neap::http {
namespace {

// Pause before accepting again when the process has no descriptor left.
constexpr std::chrono::milliseconds kAcceptPause{100};

constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

}  // namespace

Result<void> Server::Core::listen(const ListenAddress& address,
                                  const std::optional<TlsFiles>& files) {
  const auto refuse = [&](ErrorKind kind, const error_code& error, std::string hint) {
    return fail(kind, fmt::format("cannot listen on {}: {}", to_text(address), error.message()),
                std::move(hint));
  };
  if (files) {
    if (auto used = use_certificate(*files); !used) return used;
  }
  error_code error;
  const auto ip = asio::ip::make_address(address.host, error);
  if (error) return refuse(ErrorKind::kConfig, error, "the host must be an IP address");
  const asio::ip::tcp::endpoint endpoint(ip, address.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(Acceptor::max_listen_connections, error);
  if (!error) return {};
  if (error == asio::error::address_in_use) {
    return refuse(ErrorKind::kConflict, error,
                  "stop the program that holds the port, or choose another one (0: any free port)");
  }
  if (error == asio::error::access_denied) {
    return refuse(ErrorKind::kConfig, error,
                  "ports below 1024 need a privilege; choose a higher one");
  }
  return refuse(ErrorKind::kConfig, error, "choose an address of this machine (see: ip address)");
}

Result<void> Server::Core::use_certificate(const TlsFiles& files) {
  const auto refuse = [](std::string_view what, const std::string& path, const error_code& error) {
    return fail(ErrorKind::kConfig, fmt::format("TLS {} {}: {}", what, path, error.message()),
                "give readable PEM files, the key without a passphrase and of that certificate");
  };
  tls.emplace(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION);
  // Otherwise OpenSSL would ask for it on the terminal.
  tls->set_password_callback([](std::size_t, auto) { return std::string(); });
  error_code error;
  tls->use_certificate_chain_file(files.certificate, error);
  if (error) return refuse("certificate", files.certificate, error);
  tls->use_private_key_file(files.key, asio::ssl::context::pem, error);
  if (error) return refuse("key", files.key, error);
  return {};
}

void Server::Core::accept() {
  acceptor.async_accept([weak = weak_from_this()](const error_code& error, Socket socket) {
    const auto self = weak.lock();
    if (!self || !self->acceptor.is_open()) return;
    if (!error) {
      self->admit(std::move(socket));
      return self->accept();
    }
    self->accept_pause.expires_after(kAcceptPause);
    self->accept_pause.async_wait([weak](const error_code& cancelled) {
      const auto core = weak.lock();
      if (core && !cancelled) core->accept();
    });
  });
}

void Server::Core::admit(Socket socket) {
  error_code error;
  auto address = socket.remote_endpoint(error).address();
  if (error) return;  // gone already
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  const std::string peer = address.to_string();
  const auto known = peers.find(peer);
  const bool peer_full = known != peers.end() && known->second >= limits.connections_per_peer;
  if (peer_full || connections.size() >= limits.connections) {
    reject(peer_full ? "connections_per_peer" : "connections");
    // A courtesy that must not cost more than the refusal: whatever does not fit now is not sent.
    socket.non_blocking(true, error);
    if (!tls) socket.write_some(asio::buffer(kBusy), error);
    return;
  }
  ++peers[peer];
  const auto connection = std::make_shared<Connection>(*this, std::move(socket), peer);
  connections.insert(connection);
  connection->start();
}

void Server::Core::forget(Connection& connection) {
  const auto peer = peers.find(connection.peer());
  if (--peer->second == 0) peers.erase(peer);
  connections.erase(connection.shared_from_this());
  if (closing) finish_close();
}

void Server::Core::close(Function<void()> done) {
  closed_ = std::move(done);
  closing = true;
  error_code ignored;
  acceptor.close(ignored);
  const auto open = connections;
  for (const auto& connection : open) connection->close_if_idle();
  if (open.empty()) finish_close();
}

void Server::Core::finish_close() {
  if (!connections.empty() || !closed_) return;
  loop.post([weak = weak_from_this(), done = std::move(closed_)]() mutable {
    if (const auto core = weak.lock()) done();
  });
  closed_ = nullptr;
  hold_.reset();
}

void Server::Core::shut_down() {
  closed_ = nullptr;
  closing = true;
  error_code ignored;
  acceptor.close(ignored);
  const auto open = connections;
  for (const auto& connection : open) connection->close();
  hold_.reset();
}

std::string_view Server::Core::date() {
  const UtcTime now = loop.utc();
  const auto second = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (second != date_second_) {
    date_second_ = second;
    date_ = format_http_date(now);
  }
  return date_;
}

Result<std::unique_ptr<Server>> Server::open(Loop& loop, const ListenAddress& address,
                                             ServerLimits limits, Handler handler,
                                             const std::optional<TlsFiles>& tls) {
  auto core = std::make_shared<Core>(loop, limits, std::move(handler));
  if (auto listening = core->listen(address, tls); !listening) {
    return tl::unexpected<Error>(std::move(listening.error()));
  }
  core->accept();
  return std::unique_ptr<Server>(new Server(std::move(core)));
}

Server::Server(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Server::~Server() {
  core_->shut_down();
}

void Server::close(Function<void()> done) {
  core_->close(std::move(done));
}

std::uint16_t Server::port() const {
  error_code ignored;
  return core_->acceptor.local_endpoint(ignored).port();
}

std::size_t Server::connections() const {
  return core_->connections.size();
}

const std::map<std::string_view, std::uint64_t>& Server::rejections() const {
  return core_->rejections;
}

}  // namespace neap::http
