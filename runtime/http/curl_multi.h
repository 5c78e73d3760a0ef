// Drives libcurl's multi interface from the loop: its sockets are watches, its timeout a timer.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>

#include "http/curl_library.h"
#include "loop/loop.h"

namespace neap::http {

// Keeps a socket registered between transfers, where libcurl removes and adds it each time: with
// keep-alive a transfer then costs no epoll_ctl. When nothing is in flight no watch is left.
class CurlMulti : public std::enable_shared_from_this<CurlMulti> {
 public:
  // `finished` gets each transfer that ended, from the loop. It may add and remove transfers, and
  // close this object.
  CurlMulti(const CurlLibrary& curl, Loop& loop, Function<void(CURL*, CURLcode)> finished);
  ~CurlMulti() { close(); }
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  // What libcurl is to open and close the handle's sockets with: known here, they can stay
  // registered. `adopt` once per handle, `open` from its CURLOPT_OPENSOCKETFUNCTION.
  void adopt(CURL* easy);
  curl_socket_t open(const curl_sockaddr& address) noexcept;
  bool add(CURL* easy);
  // A handle whose transfer has not ended loses its connection.
  void remove(CURL* easy);
  // Closes all connections, and with them all watches and the timer. Every handle must have been
  // removed.
  void close();

 private:
  struct Socket {
    Loop::Ready wanted;      // by libcurl, now
    Loop::Ready registered;  // with the loop
    std::optional<Loop::Watch> watch;
    bool ours = false;  // opened by us, so that we hear of its end before its number is reused
  };

  static int on_socket(CURL*, curl_socket_t descriptor, int what, void* self, void*) noexcept;
  static int on_timer(CURLM*, long milliseconds, void* self) noexcept;
  static int on_close(void* self, curl_socket_t descriptor) noexcept;

  void want(int descriptor, Loop::Ready wanted);
  void unwant(int descriptor);
  void on_ready(int descriptor, Loop::Ready ready);
  void on_due();
  void arm(Instant due);
  void act(curl_socket_t descriptor, int events);
  void settle();

  const CurlLibrary& curl_;
  Loop& loop_;
  Function<void(CURL*, CURLcode)> finished_;
  CURLM* multi_;
  std::unordered_map<int, Socket> sockets_;
  Loop::Timer timer_;
  Instant due_ = Instant::max();    // when libcurl wants to be called
  Instant armed_ = Instant::max();  // when the timer runs: earlier is harmless and saves arming
  std::size_t in_flight_ = 0;
};

}  // namespace neap::http
