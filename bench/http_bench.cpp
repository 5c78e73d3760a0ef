// CPU per GET: our transport against a bare libcurl multi loop, 64 in flight on keep-alive.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/curl_transport.h"

namespace {

using namespace neap;
using namespace neap::http;

constexpr int kInFlight = 64;
constexpr int kCalls = 20'000;
constexpr int kRounds = 5;
constexpr double kBar = 1.25;

// Answers every 4-line request with 404 bytes of JSON, one thread, no parsing worth the name.
class TinyServer {
 public:
  TinyServer() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, generic, size) != 0 || listen(listener_, 256) != 0 ||
        getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error("the server cannot listen");
    }
    url_ = fmt::format("http://127.0.0.1:{}/v1/p/jobs/1", ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~TinyServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  const std::string& url() const { return url_; }

 private:
  void serve() {
    const std::string answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: 1\r\n"
        "Content-Length: 404\r\n\r\n" +
        std::string(404, ' ');
    const int set = epoll_create1(EPOLL_CLOEXEC);
    watch(set, listener_);
    std::vector<int> clients;
    std::array<epoll_event, 64> events{};
    for (bool open = true; open;) {
      const int count = epoll_wait(set, events.data(), 64, -1);
      for (int i = 0; i < count; ++i) {
        const int ready = events.at(static_cast<std::size_t>(i)).data.fd;
        if (ready != listener_) {
          if (!reply(ready, answer)) epoll_ctl(set, EPOLL_CTL_DEL, ready, nullptr);
          continue;
        }
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        open = client >= 0;
        if (!open) break;
        clients.push_back(client);
        watch(set, client);
      }
    }
    for (const int client : clients) ::close(client);
    ::close(set);
  }

  static void watch(int set, int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
  }

  // One read holds one whole request: clients send nothing before they have the answer.
  static bool reply(int client, const std::string& answer) {
    std::array<char, 4096> request{};
    if (::recv(client, request.data(), request.size(), 0) <= 0) return false;
    return ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL) > 0;
  }

  int listener_ = -1;
  std::string url_;
  std::thread thread_;
};

// User and system time of this thread, in microseconds.
double cpu_used() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  const auto micros = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

[[noreturn]] void give_up(std::string_view why) {
  fmt::print(stderr, "bench_http: {}\n", why);
  std::exit(1);
}

double ours(const std::string& url) {
  SystemClock clock;
  Loop loop(clock);
  CurlTransport transport(loop);
  std::vector<Owner> transfers(kInFlight);
  int started = 0;
  int answered = 0;
  Function<void(Owner&)> start = [&](Owner& slot) {
    ++started;
    slot = transport.send({Method::kGet, url, {}, {}}, {}, [&](const Outcome& outcome) {
      if (outcome.response.body.size() != 404) give_up("a wrong answer: " + outcome.error.message);
      if (++answered == kCalls) loop.stop();
      if (started < kCalls) start(slot);
    });
  };
  const double before = cpu_used();
  for (Owner& slot : transfers) start(slot);
  loop.run();
  return (cpu_used() - before) / kCalls;
}

std::size_t append_body(char* data, std::size_t, std::size_t size, void* body) {
  static_cast<std::string*>(body)->append(data, size);
  return size;
}

double bare(const std::string& url) {
  CURLM* const multi = curl_multi_init();
  std::vector<std::string> bodies(kInFlight);
  std::vector<CURL*> handles;
  const double before = cpu_used();
  for (std::string& body : bodies) {
    CURL* const easy = handles.emplace_back(curl_easy_init());
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &append_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &body);
    curl_multi_add_handle(multi, easy);
  }
  int started = kInFlight;
  for (int answered = 0; answered < kCalls;) {
    int count = 0;
    curl_multi_perform(multi, &count);
    while (const CURLMsg* const message = curl_multi_info_read(multi, &count)) {
      CURL* const easy = message->easy_handle;
      std::string* body = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &body);
      if (body->size() != 404) give_up("a wrong answer to bare libcurl");
      body->clear();
      curl_multi_remove_handle(multi, easy);
      ++answered;
      if (started++ < kCalls) curl_multi_add_handle(multi, easy);
    }
    if (answered < kCalls) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  const double used = (cpu_used() - before) / kCalls;
  for (CURL* const easy : handles) {
    curl_multi_remove_handle(multi, easy);
    curl_easy_cleanup(easy);
  }
  curl_multi_cleanup(multi);
  return used;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.at(values.size() / 2);
}

}  // namespace

int main() {
  const TinyServer server;
  std::vector<double> bare_times;
  std::vector<double> our_times;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    bare_times.push_back(bare(server.url()));
    our_times.push_back(ours(server.url()));
    ratios.push_back(our_times.back() / bare_times.back());
  }
  const double ratio = median(ratios);
  fmt::print("GET, keep-alive, {} in flight, 404 B, CPU of the client, median of {} x {} calls\n",
             kInFlight, kRounds, kCalls);
  fmt::print("  bare libcurl multi + curl_multi_poll   {:6.1f} us\n", median(bare_times));
  fmt::print("  neap transport on the loop             {:6.1f} us\n", median(our_times));
  fmt::print("  ratio {:.2f}, bar <= {:.2f}: {}\n", ratio, kBar, ratio <= kBar ? "met" : "MISSED");
  return ratio <= kBar ? 0 : 1;
}
