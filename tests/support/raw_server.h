// A loopback server that misbehaves on purpose: each connection runs a script of raw bytes.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

namespace neap::test {

using TlsContext = std::shared_ptr<SSL_CTX>;

// The server's side of one connection. Every wait ends after kPatience at the latest.
class RawConnection {
 public:
  static constexpr int kPatience = 20'000;  // milliseconds

  RawConnection(int descriptor, int number, SSL* tls)
      : descriptor_(descriptor), number_(number), tls_(tls) {}

  int number() const { return number_; }  // 1 for the server's first connection

  // The next request, head and body; nothing when the client is gone.
  std::optional<std::string> read_request() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill(kPatience)) return std::nullopt;
    }
    const std::size_t whole = end + 4 + body_length(buffer_.substr(0, end + 2));
    while (buffer_.size() < whole) {
      if (!fill(kPatience)) return std::nullopt;
    }
    std::string request = buffer_.substr(0, whole);
    buffer_.erase(0, whole);
    return request;
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = tls_ != nullptr
                            ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                            : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Sends byte by byte with a pause between, until all is sent or the client is gone.
  void drip(std::string_view bytes, int milliseconds) {
    for (const char& c : bytes) {
      if (client_left_within(milliseconds) || !send({&c, 1})) return;
    }
  }

  bool client_left_within(int milliseconds) {
    pollfd wait{descriptor_, POLLIN, 0};
    return poll(&wait, 1, milliseconds) > 0 && !fill(0);
  }
  void wait_for_client_to_leave() { client_left_within(kPatience); }

  // Closes with a reset instead of an orderly end.
  void reset() {
    const linger hard{1, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }

 private:
  static std::size_t body_length(std::string_view head) {
    const std::size_t at = head.find("Content-Length: ");
    return at == std::string_view::npos ? 0 : std::stoul(std::string(head.substr(at + 16)));
  }

  bool fill(int milliseconds) {
    std::array<char, 16384> block{};
    pollfd wait{descriptor_, POLLIN, 0};
    if ((tls_ == nullptr || SSL_pending(tls_) == 0) && poll(&wait, 1, milliseconds) <= 0) {
      return false;
    }
    const auto got = tls_ != nullptr ? SSL_read(tls_, block.data(), static_cast<int>(block.size()))
                                     : ::recv(descriptor_, block.data(), block.size(), 0);
    if (got <= 0) return false;
    buffer_.append(block.data(), static_cast<std::size_t>(got));
    return true;
  }

  int descriptor_;
  int number_;
  SSL* tls_;
  std::string buffer_;
};

// Each connection runs the script in a thread of its own and is closed when the script returns.
class RawServer {
 public:
  using Script = std::function<void(RawConnection&)>;

  explicit RawServer(Script script, TlsContext tls = nullptr)
      : script_(std::move(script)), tls_(std::move(tls)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, generic, size) != 0 || listen(listener_, 256) != 0 ||
        getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error("the raw server cannot listen");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~RawServer() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
      const std::lock_guard lock(mutex_);
      for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  int connections() const { return connections_; }
  std::string url(std::string_view path = "/") const {
    return (tls_ ? "https" : "http") + ("://127.0.0.1:" + std::to_string(port_)) +
           std::string(path);
  }

 private:
  void accept_all() {
    // SSL_write has no MSG_NOSIGNAL; the threads of the connections inherit this mask.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    int descriptor = -1;
    while ((descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
      const std::lock_guard lock(mutex_);
      open_.push_back(descriptor);
      const int number = ++connections_;
      threads_.emplace_back([this, descriptor, number] { serve(descriptor, number); });
    }
  }

  void serve(int descriptor, int number) {
    if (tls_) {
      const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(tls_.get()), &SSL_free);
      SSL_set_fd(tls.get(), descriptor);
      if (SSL_accept(tls.get()) == 1) {
        RawConnection connection(descriptor, number, tls.get());
        script_(connection);
        SSL_shutdown(tls.get());
      }
      ERR_clear_error();
    } else {
      RawConnection connection(descriptor, number, nullptr);
      script_(connection);
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_, descriptor);
    ::close(descriptor);
  }

  Script script_;
  TlsContext tls_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace neap::test
