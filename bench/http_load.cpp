#include "bench/http_load.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/commits.h"

namespace neap::bench {
namespace {

struct Connection {
  int socket = -1;
  std::string answer;
  Timer::time_point sent;
};

// The size of the whole answer at the front of `text`; 0 while that is not known.
std::size_t answer_size(std::string_view text) {
  const std::size_t head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  constexpr std::string_view kLength = "content-length:";
  const auto equal = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  const auto found = std::search(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(head),
                                 kLength.begin(), kLength.end(), equal);
  if (found == text.begin() + static_cast<std::ptrdiff_t>(head)) _exit(3);  // chunked: not for us
  const char* const digits = &*found + kLength.size();
  return head + 4 + static_cast<std::size_t>(std::strtoul(digits, nullptr, 10));
}

// Lives in the process of the load.
class Loader {
 public:
  Loader(const LoadPlan& plan, const std::vector<std::string>& texts)
      : plan_(plan), texts_(texts), set_(epoll_create1(EPOLL_CLOEXEC)) {
    times_.reserve(plan.requests);
    connections_.resize(static_cast<std::size_t>(plan.connections));
  }

  LoadResult run() {
    for (Connection& each : connections_) connect(each);
    const auto start = Timer::now();
    for (Connection& each : connections_) send_next(each);
    std::array<epoll_event, 64> events{};
    while (times_.size() < plan_.requests) {
      const int count = epoll_wait(set_, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        receive(*static_cast<Connection*>(events.at(static_cast<std::size_t>(i)).data.ptr));
      }
    }
    result_.seconds = seconds_since(start);
    std::sort(times_.begin(), times_.end());
    const auto at = [this](double share) {
      return times_[static_cast<std::size_t>(share * static_cast<double>(times_.size() - 1))] * 1e3;
    };
    result_.p50_ms = at(0.5);
    result_.p99_ms = at(0.99);
    result_.p999_ms = at(0.999);
    return result_;
  }

 private:
  void connect(Connection& each) {
    each.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(plan_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(each.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      _exit(2);
    }
    const int on = 1;
    setsockopt(each.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &each;
    epoll_ctl(set_, EPOLL_CTL_ADD, each.socket, &event);
  }

  void send_next(Connection& each) {
    if (sent_ == plan_.requests) return;
    const std::string& text = texts_[sent_++ % texts_.size()];
    each.answer.clear();
    each.sent = Timer::now();
    const ssize_t size = ::send(each.socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (size != static_cast<ssize_t>(text.size())) _exit(2);
  }

  void receive(Connection& each) {
    std::array<char, 8192> buffer;
    const ssize_t size = ::recv(each.socket, buffer.data(), buffer.size(), 0);
    if (size <= 0) _exit(4);  // closed under a request
    each.answer.append(buffer.data(), static_cast<std::size_t>(size));
    const std::size_t whole = answer_size(each.answer);
    if (whole == 0 || each.answer.size() < whole) return;
    times_.push_back(seconds_since(each.sent));
    each.answer.starts_with("HTTP/1.1 200") ? ++result_.answered : ++result_.refused;
    send_next(each);
  }

  const LoadPlan& plan_;
  const std::vector<std::string>& texts_;
  int set_;
  std::vector<Connection> connections_;
  std::vector<double> times_;
  std::size_t sent_ = 0;
  LoadResult result_;
};

}  // namespace

HttpLoad::HttpLoad(const LoadPlan& plan, const std::vector<std::string>& texts) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("no process for the load");
  if (process_ == 0) {
    alarm(static_cast<unsigned>(plan.most_seconds));
    const LoadResult result = Loader(plan, texts).run();
    _exit(::write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
  }
  close(ends[1]);
  result_ = ends[0];
}

HttpLoad::~HttpLoad() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  close(result_);
}

LoadResult HttpLoad::result() {
  LoadResult result;
  const ssize_t size = ::read(result_, &result, sizeof result);
  int status = 0;
  waitpid(std::exchange(process_, -1), &status, 0);
  if (size != sizeof result) {
    throw std::runtime_error(fmt::format("the load failed, status {}", status));
  }
  return result;
}

std::string post_text(const std::string& path, const std::string& body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      path, body.size(), body);
}

// What the kernel counts in nanoseconds; /proc/PID/stat has hundredths of a second.
double cpu_of(pid_t process) {
  double sum = 0;
  for (const auto& thread :
       std::filesystem::directory_iterator(fmt::format("/proc/{}/task", process))) {
    std::ifstream file(thread.path() / "schedstat");
    double nanoseconds = 0;
    file >> nanoseconds;
    sum += nanoseconds * 1e-9;
  }
  return sum;
}

}  // namespace neap::bench
