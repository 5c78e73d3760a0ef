#include "http/curl_multi.h"

#include <new>
#include <system_error>

#include <sys/socket.h>
#include <unistd.h>

namespace neap::http {
namespace {

// Busy and idle ones together: libcurl's MAXCONNECTS, too, counts both, and a lower value would
// close each connection as soon as it rests. Further transfers wait, within their deadline.
constexpr long kMaxConnections = 256;

bool covers(Loop::Ready whole, Loop::Ready part) {
  return (whole.readable || !part.readable) && (whole.writable || !part.writable);
}

}  // namespace

CurlMulti::CurlMulti(const CurlLibrary& curl, Loop& loop, Function<void(CURL*, CURLcode)> finished)
    : curl_(curl), loop_(loop), finished_(std::move(finished)), multi_(curl.multi_init()) {
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_.multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl_.multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_.multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_.multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_.multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kMaxConnections);
  curl_.multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, kMaxConnections);
}

void CurlMulti::close() {
  if (multi_ == nullptr) return;
  curl_.multi_cleanup(std::exchange(multi_, nullptr));
  sockets_.clear();
  timer_.cancel();
}

void CurlMulti::adopt(CURL* easy) {
  curl_.easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &on_close);
  curl_.easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

bool CurlMulti::add(CURL* easy) {
  if (curl_.multi_add_handle(multi_, easy) != CURLM_OK) return false;
  ++in_flight_;
  return true;
}

void CurlMulti::remove(CURL* easy) {
  curl_.multi_remove_handle(multi_, easy);
  --in_flight_;
  settle();
}

// A throw must not cross libcurl; -1 makes it end the transfers with an error.
int CurlMulti::on_socket(CURL*, curl_socket_t descriptor, int what, void* self, void*) noexcept {
  auto& multi = *static_cast<CurlMulti*>(self);
  try {
    if (what == CURL_POLL_REMOVE) {
      multi.unwant(descriptor);
    } else {
      multi.want(descriptor, {(what & CURL_POLL_IN) != 0, (what & CURL_POLL_OUT) != 0});
    }
    return 0;
  } catch (const std::system_error&) {
    return -1;
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

int CurlMulti::on_timer(CURLM*, long milliseconds, void* self) noexcept {
  auto& multi = *static_cast<CurlMulti*>(self);
  if (milliseconds < 0) {
    multi.due_ = Instant::max();
    return 0;
  }
  multi.due_ = multi.loop_.now() + std::chrono::milliseconds{milliseconds};
  if (multi.due_ >= multi.armed_) return 0;
  try {
    multi.arm(multi.due_);
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

curl_socket_t CurlMulti::open(const curl_sockaddr& address) noexcept {
  const int descriptor =
      ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
  if (descriptor < 0) return CURL_SOCKET_BAD;
  try {
    Socket socket;
    socket.ours = true;
    sockets_.insert_or_assign(descriptor, std::move(socket));
    return descriptor;
  } catch (const std::bad_alloc&) {
    ::close(descriptor);
    return CURL_SOCKET_BAD;
  }
}

int CurlMulti::on_close(void* self, curl_socket_t descriptor) noexcept {
  static_cast<CurlMulti*>(self)->sockets_.erase(descriptor);
  return ::close(descriptor);
}

void CurlMulti::want(int descriptor, Loop::Ready wanted) {
  Socket& socket = sockets_[descriptor];
  socket.wanted = wanted;
  if (socket.watch && covers(socket.registered, wanted)) return;
  if (socket.watch) {
    socket.watch->want(wanted);
  } else {
    socket.watch.emplace(loop_.watch(descriptor, wanted, [this, descriptor](Loop::Ready ready) {
      on_ready(descriptor, ready);
    }));
  }
  socket.registered = wanted;
}

void CurlMulti::unwant(int descriptor) {
  const auto found = sockets_.find(descriptor);
  if (found == sockets_.end()) return;
  found->second.wanted = {};
  // The pipe of a resolver thread is closed without telling us.
  if (!found->second.ours) sockets_.erase(found);
}

void CurlMulti::on_ready(int descriptor, Loop::Ready ready) {
  Socket& socket = sockets_.at(descriptor);
  const Loop::Ready wanted = socket.wanted;
  if (!wanted.readable && !wanted.writable) {
    // The server closed a connection that rests: libcurl will notice before it uses it again.
    socket.watch.reset();
    return;
  }
  const Loop::Ready useful{ready.readable && wanted.readable, ready.writable && wanted.writable};
  if (!covers(wanted, ready) && !covers(wanted, socket.registered)) {
    socket.watch->want(wanted);
    socket.registered = wanted;
  }
  const int events =
      (useful.readable ? CURL_CSELECT_IN : 0) | (useful.writable ? CURL_CSELECT_OUT : 0);
  if (events != 0) act(descriptor, events);
}

void CurlMulti::arm(Instant due) {
  armed_ = due;
  timer_ = loop_.after(due - loop_.now(), [this] { on_due(); });
}

void CurlMulti::on_due() {
  armed_ = Instant::max();
  if (due_ == Instant::max()) return;
  if (loop_.now() < due_) {
    arm(due_);
    return;
  }
  due_ = Instant::max();
  act(CURL_SOCKET_TIMEOUT, 0);
}

void CurlMulti::act(curl_socket_t descriptor, int events) {
  const auto self = shared_from_this();  // `finished_` may drop the owner
  int running = 0;
  curl_.multi_socket_action(multi_, descriptor, events, &running);
  int waiting = 0;
  while (multi_ != nullptr) {
    const CURLMsg* const message = curl_.multi_info_read(multi_, &waiting);
    if (message == nullptr) break;
    if (message->msg == CURLMSG_DONE) finished_(message->easy_handle, message->data.result);
  }
  settle();
}

// A watch on a connection that rests would keep the loop from ending.
void CurlMulti::settle() {
  if (in_flight_ > 0 || multi_ == nullptr) return;
  for (auto& [descriptor, socket] : sockets_) {
    if (!socket.wanted.readable && !socket.wanted.writable) socket.watch.reset();
  }
  timer_.cancel();
  armed_ = Instant::max();
}

}  // namespace neap::http
