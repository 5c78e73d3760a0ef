// CPU per GET, 64 in flight on keep-alive: our transport, and the whole client (checked, signed,
// its status read), against a bare libcurl multi loop. Exits 1 when a bar is missed.
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

#include "base/random.h"
#include "cloud/client.h"
#include "http/curl_transport.h"
#include "json/document.h"

namespace {

using namespace neap;
using namespace neap::http;

constexpr int kInFlight = 64;
constexpr int kCalls = 20'000;
constexpr int kRounds = 5;
constexpr double kBar = 1.25;

// What the platform says of a running job, 404 bytes.
std::string job_answer() {
  std::string text =
      R"({"status":"RUNNING","entities":{"server_group_id":"decf224c-ad86-437f-b76e-c2aee2c4e1d7"},)"
      R"("job_id":"0000000062db92d70162db9d200f000a","job_type":"failoverProtectionGroupNoCG",)"
      R"("begin_time":"2026-11-21T10:00:00.123Z","end_time":"","error_code":null,"fail_reason":null})";
  text.resize(404, ' ');
  return text;
}

// Answers every request with the same job, one thread, no parsing worth the name.
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
    origin_ = fmt::format("http://127.0.0.1:{}", ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~TinyServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  const std::string& origin() const { return origin_; }
  std::string url() const { return origin_ + "/v1/p/jobs/1"; }

 private:
  void serve() {
    const std::string answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: 1\r\n"
        "Content-Length: 404\r\n\r\n" +
        job_answer();
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
  std::string origin_;
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

class FixedCredentials final : public sign::CredentialSource {
 public:
  FixedCredentials() {
    known_.access_key = "AKBENCH";
    known_.secret_key = Secret(std::string("bench-secret"));
    known_.project_id = "0123456789abcdef0123456789abcdef";
  }
  Owner get(Function<void(Result<sign::Credentials>)> done) override {
    done(known_);
    return {};
  }
  void refused(const sign::Credentials&) override {}

 private:
  sign::Credentials known_;
};

// What the job poller does for each poll.
double signed_calls(const std::string& origin) {
  SystemClock clock;
  Loop loop(clock);
  CurlTransport transport(loop);
  FixedCredentials credentials;
  Random random(1);
  cloud::ClientSettings settings;
  settings.endpoint = [&](std::string_view) -> Result<std::string> { return origin; };
  cloud::Client client(loop, transport, credentials, random, std::move(settings));
  const cloud::Operation& show_job = *cloud::find_operation("sdrs", "show_job_status");
  json::Parser parser;
  std::vector<Owner> calls(kInFlight);
  int started = 0;
  int answered = 0;
  Function<void(Owner&)> start = [&](Owner& slot) {
    ++started;
    json::Object arguments;
    arguments.set("job_id", "0000000062db92d70162db9d200f000a");
    slot = client.call(show_job, std::move(arguments), [&](Result<Response> response) {
      if (!response) give_up(response.error().message);
      const auto document = parser.parse(response->body);
      if (!document || document->text("/status") != "RUNNING") give_up("a wrong answer");
      if (++answered == kCalls) loop.stop();
      if (started < kCalls) start(slot);
    });
  };
  const double before = cpu_used();
  for (Owner& slot : calls) start(slot);
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

// One of the contestants against bare libcurl in the same rounds.
struct Contestant {
  const char* name;
  std::vector<double> times;
  std::vector<double> ratios;

  void add(double time, double bare_time) {
    times.push_back(time);
    ratios.push_back(time / bare_time);
  }
  bool report() const {
    const double ratio = median(ratios);
    const bool met = ratio <= kBar;
    fmt::print("  {:<38} {:6.1f} us, x{:.2f} (bar <= {}): bar {}\n", name, median(times), ratio,
               kBar, met ? "met" : "not met");
    return met;
  }
};

bool compare() {
  const TinyServer server;
  std::vector<double> bare_times;
  Contestant plain{"neap transport on the loop", {}, {}};
  Contestant whole{"neap client, signed, status read", {}, {}};
  for (int round = 0; round < kRounds; ++round) {
    bare_times.push_back(bare(server.url()));
    plain.add(ours(server.url()), bare_times.back());
    whole.add(signed_calls(server.origin()), bare_times.back());
  }
  fmt::print("GET, keep-alive, {} in flight, 404 B, CPU of the client, median of {} x {} calls\n",
             kInFlight, kRounds, kCalls);
  fmt::print("  {:<38} {:6.1f} us\n", "bare libcurl multi + curl_multi_poll", median(bare_times));
  const bool plain_met = plain.report();
  return whole.report() && plain_met;
}

}  // namespace

int main() {
  return compare() ? 0 : 1;
}
