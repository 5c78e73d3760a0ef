// A TCP client on the loop that sends bytes as they are and keeps what comes back.
#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/loop.h"

namespace neap::test {

// Runs the loop until `done` holds; false when it did not within the time. Looks once a
// millisecond, because what `done` reads may change without an event of its own.
template <class Condition>
bool run_until(Loop& loop, Condition done, Duration most = std::chrono::seconds{10}) {
  bool late = false;
  auto end = loop.after(most, [&] { late = true; });
  while (!done() && !late) {
    auto look = loop.after(std::chrono::milliseconds{1}, [&] { loop.stop(); });
    loop.run();
  }
  return done();
}

class RawClient {
 public:
  RawClient(Loop& loop, std::uint16_t port)
      : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // To a listening socket of this machine, connect() completes without the loop.
    if (connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::system_error(errno, std::generic_category(), "connect");
    }
    watch_ = loop.watch(descriptor_, {.readable = true}, [this](Loop::Ready) { receive(); });
  }
  ~RawClient() {
    watch_ = Loop::Watch();
    ::close(descriptor_);
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the other end no longer takes bytes.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void finish_sending() { shutdown(descriptor_, SHUT_WR); }

  const std::string& received() const { return received_; }
  bool closed() const { return closed_; }
  std::size_t answers() const {
    std::size_t count = 0;
    for (std::size_t at = received_.find("HTTP/1.1 "); at != std::string::npos;
         at = received_.find("HTTP/1.1 ", at + 1)) {
      ++count;
    }
    return count;
  }
  // The status of the first answer; 0 when there is none.
  int status() const {
    return received_.starts_with("HTTP/1.1 ") ? std::stoi(received_.substr(9, 3)) : 0;
  }

 private:
  void receive() {
    std::array<char, 16384> bytes{};
    const ssize_t count = recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count > 0) {
      received_.append(bytes.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EAGAIN) {
      closed_ = true;
      watch_.want({});
    }
  }

  int descriptor_;
  std::string received_;
  bool closed_ = false;
  Loop::Watch watch_;
};

}  // namespace neap::test
