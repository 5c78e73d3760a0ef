#include "serve/service_manager.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <system_error>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

namespace neap::serve {
namespace {

// The manager reads its socket at once; one that does not is no reason to stop answering hooks.
constexpr timeval kPatience{.tv_sec = 1, .tv_usec = 0};

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return stop == end && error == std::errc{} ? std::optional(number) : std::nullopt;
}

Result<void> check_socket(std::string_view socket) {
  const bool understood = socket.size() > 1 && (socket[0] == '/' || socket[0] == '@');
  if (!understood || socket.size() >= sizeof(sockaddr_un::sun_path)) {
    return fail(ErrorKind::kConfig, fmt::format("NOTIFY_SOCKET is \"{}\"", printable(socket)),
                "it is an absolute path, or @ and the name of an abstract socket");
  }
  return {};
}

Result<std::optional<Duration>> watchdog_of(const config::Environment& environment) {
  const std::string text = environment("WATCHDOG_USEC").value_or("");
  if (text.empty()) return std::optional<Duration>();
  const std::string pid = environment("WATCHDOG_PID").value_or("");
  // Meant for another process, such as a shell that started this one.
  if (!pid.empty() && parse_number(pid) != static_cast<std::uint64_t>(getpid())) {
    return std::optional<Duration>();
  }
  constexpr std::uint64_t kMost = 86'400'000'000;  // a day
  const std::optional<std::uint64_t> number = parse_number(text);
  if (!number || *number == 0) {
    return fail(ErrorKind::kConfig, fmt::format("WATCHDOG_USEC is \"{}\"", printable(text)),
                "it is a number of microseconds");
  }
  return std::optional<Duration>(std::chrono::microseconds{std::min(*number, kMost)});
}

// One line of a datagram: a line break would begin another.
std::string status_line(std::string_view status) {
  return "STATUS=" + printable(status);
}

std::string monotonic_now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);  // the manager's own, whatever clock the loop has
  return std::to_string(time.tv_sec * 1'000'000 + time.tv_nsec / 1000);
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

// 0, or what errno says.
int send_datagram(const std::string& to, const std::string& text) {
  const Descriptor socket{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (socket.number < 0) return errno;
  setsockopt(socket.number, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, to.data(), to.size());
  if (to[0] == '@') address.sun_path[0] = '\0';
  // An abstract name ends where the address does; a path must not have bytes behind it either.
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + to.size());
  const ssize_t sent = ::sendto(socket.number, text.data(), text.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), length);
  return sent < 0 ? errno : 0;
}

}  // namespace

Result<std::optional<NotifyTarget>> NotifyTarget::from(const config::Environment& environment) {
  NotifyTarget target;
  target.socket = environment("NOTIFY_SOCKET").value_or("");
  if (target.socket.empty()) return std::optional<NotifyTarget>();
  if (auto checked = check_socket(target.socket); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  Result<std::optional<Duration>> watchdog = watchdog_of(environment);
  if (!watchdog) return tl::unexpected(std::move(watchdog.error()));
  target.watchdog = *watchdog;
  return std::optional(std::move(target));
}

ServiceManager::ServiceManager(Loop& loop, Log& log, const Pulse& pulse,
                               std::optional<NotifyTarget> target)
    : loop_(loop), log_(log), pulse_(pulse), target_(std::move(target)), seen_(pulse.turns()) {
  arm();
}

void ServiceManager::ready(std::string_view status) {
  say("READY=1\n" + status_line(status));
}

void ServiceManager::reloading(std::string_view status) {
  say("RELOADING=1\nMONOTONIC_USEC=" + monotonic_now() + "\n" + status_line(status));
}

void ServiceManager::stopping(std::string_view status) {
  say("STOPPING=1\n" + status_line(status));
}

void ServiceManager::status(std::string_view status) {
  say(status_line(status));
}

void ServiceManager::arm() {
  if (!target_ || !target_->watchdog) return;
  timer_ = loop_.after(*target_->watchdog / 2, [this] { feed(); });
}

void ServiceManager::feed() {
  arm();
  if (pulse_.turns() == seen_) {
    if (!hungry_) log_.error("the work does not go on: the watchdog is not fed");
    hungry_ = true;
    return;
  }
  seen_ = pulse_.turns();
  hungry_ = false;
  say("WATCHDOG=1");
}

void ServiceManager::say(const std::string& state) {
  if (!target_) return;
  if (const int error = send_datagram(target_->socket, state); error != 0) {
    log_.warn("the service manager could not be told",
              {{"what", state.substr(0, state.find('\n'))},
               {"error", std::generic_category().message(error)}});
  }
}

}  // namespace neap::serve
