// What systemd is told, read from a real datagram socket.
#include "serve/service_manager.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/temporary_directory.h"

namespace neap::serve {
namespace {

using namespace std::chrono_literals;

// Plays the manager: a bound datagram socket, by path or by abstract name.
class Manager {
 public:
  explicit Manager(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), length) == 0);
  }
  ~Manager() { ::close(socket_); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // Everything that has been sent; datagrams between processes of one machine arrive at once.
  std::vector<std::string> heard() const {
    std::vector<std::string> all;
    std::array<char, 4096> bytes{};
    for (;;) {
      const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (count < 0) return all;
      all.emplace_back(bytes.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  int socket_;
};

config::Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto at = variables.find(name);
    return at == variables.end() ? std::nullopt : std::optional(at->second);
  };
}

struct Fixture {
  VirtualClock clock;
  Loop loop{clock};
  std::vector<std::string> logged;
  Log log{LogLevel::kWarn, LogFormat::kText,
          [this](std::string_view line) { logged.emplace_back(line); }};
  Pulse pulse{clock};

  void run_for(Duration time) {
    const auto end = loop.after(time, [this] { loop.stop(); });
    loop.run();
  }
};

TEST_CASE("without a manager nothing is said, and no timer is armed") {
  Fixture f;
  const auto target = NotifyTarget::from(environment({{"WATCHDOG_USEC", "1000000"}}));
  REQUIRE(target.has_value());
  CHECK_FALSE(target->has_value());
  ServiceManager manager(f.loop, f.log, f.pulse, *target);
  CHECK_FALSE(manager.listens());
  manager.ready("serving");
  manager.stopping("bye");
  CHECK(f.loop.timers() == 0);
  CHECK(f.logged.empty());
}

TEST_CASE("each state is one datagram, to a path and to an abstract socket") {
  const test::TemporaryDirectory directory;
  const std::string abstract = "@neap-test-" + std::to_string(getpid());
  for (const std::string& name : {directory / "notify", abstract}) {
    CAPTURE(name);
    const Manager systemd(name);
    Fixture f;
    const auto target = NotifyTarget::from(environment({{"NOTIFY_SOCKET", name}}));
    REQUIRE(target.value().has_value());
    CHECK_FALSE((*target)->watchdog);
    ServiceManager manager(f.loop, f.log, f.pulse, *target);
    manager.ready("3 handlers");
    manager.status("2 events\nREADY=0");
    manager.stopping("draining");
    CHECK(systemd.heard() == std::vector<std::string>{"READY=1\nSTATUS=3 handlers",
                                                      "STATUS=2 events\\x0aREADY=0",
                                                      "STOPPING=1\nSTATUS=draining"});
    CHECK(f.logged.empty());
    CHECK(f.loop.timers() == 0);
  }
}

TEST_CASE("a reload says when it began, by the clock that the manager compares with") {
  const std::string name = "@neap-test-reload-" + std::to_string(getpid());
  const Manager systemd(name);
  Fixture f;
  ServiceManager manager(f.loop, f.log, f.pulse, NotifyTarget{name, {}});
  const auto microseconds = [] {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000 + time.tv_nsec / 1000;
  };
  const auto before = microseconds();
  manager.reloading("loading handlers");
  const auto after = microseconds();
  const std::vector<std::string> heard = systemd.heard();
  REQUIRE(heard.size() == 1);
  const std::string head = "RELOADING=1\nMONOTONIC_USEC=";
  REQUIRE(heard[0].starts_with(head));
  CHECK(heard[0].ends_with("\nSTATUS=loading handlers"));
  const long long said = std::stoll(heard[0].substr(head.size()));
  CHECK(said >= before);
  CHECK(said <= after);
}

TEST_CASE("the watchdog is fed at half of its time while the pulse beats") {
  const std::string name = "@neap-test-fed-" + std::to_string(getpid());
  const Manager systemd(name);
  Fixture f;
  const auto target = NotifyTarget::from(environment({{"NOTIFY_SOCKET", name},
                                                      {"WATCHDOG_USEC", "30000000"},
                                                      {"WATCHDOG_PID", std::to_string(getpid())}}));
  REQUIRE(target.value().has_value());
  CHECK((*target)->watchdog == 30s);
  ServiceManager manager(f.loop, f.log, f.pulse, *target);
  Loop::Timer beat;
  std::function<void()> turn = [&] {
    f.pulse.turn();
    beat = f.loop.after(Pulse::kEvery, turn);
  };
  turn();
  f.run_for(61s);
  CHECK(systemd.heard() == std::vector<std::string>(4, "WATCHDOG=1"));
  beat.cancel();
  f.run_for(60s);
  // One beat had come since the last feeding; from then on silence, which was said once.
  CHECK(systemd.heard() == std::vector<std::string>(1, "WATCHDOG=1"));
  REQUIRE(f.logged.size() == 1);
  CHECK(f.logged[0].ends_with("the work does not go on: the watchdog is not fed"));
  f.pulse.turn();
  f.run_for(15s);
  CHECK(systemd.heard() == std::vector<std::string>(1, "WATCHDOG=1"));
}

TEST_CASE("a watchdog that is meant for another process is not fed") {
  const auto target = NotifyTarget::from(environment(
      {{"NOTIFY_SOCKET", "/run/notify"}, {"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", "1"}}));
  REQUIRE(target.value().has_value());
  CHECK_FALSE((*target)->watchdog);
}

TEST_CASE("a manager that is gone is told of in the log, and nothing else happens") {
  const test::TemporaryDirectory directory;
  Fixture f;
  ServiceManager manager(f.loop, f.log, f.pulse, NotifyTarget{directory / "nobody", {}});
  manager.ready("serving");
  REQUIRE(f.logged.size() == 1);
  CHECK(
      f.logged[0].ends_with("the service manager could not be told what=\"READY=1\" "
                            "error=\"No such file or directory\""));
}

TEST_CASE("variables of the manager that make no sense are refused by name") {
  const auto refused = [](const char* socket, const char* microseconds) {
    const auto target = NotifyTarget::from(
        environment({{"NOTIFY_SOCKET", socket}, {"WATCHDOG_USEC", microseconds}}));
    REQUIRE_FALSE(target.has_value());
    CHECK(target.error().kind == ErrorKind::kConfig);
    return target.error().message;
  };
  CHECK(refused("relative", "") == "NOTIFY_SOCKET is \"relative\"");
  CHECK(refused("@", "") == "NOTIFY_SOCKET is \"@\"");
  CHECK(refused(("/" + std::string(107, 'a')).c_str(), "").starts_with("NOTIFY_SOCKET is \"/aaa"));
  CHECK(refused("/run/notify", "soon") == "WATCHDOG_USEC is \"soon\"");
  CHECK(refused("/run/notify", "0") == "WATCHDOG_USEC is \"0\"");
  CHECK(refused("/run/notify", "-1") == "WATCHDOG_USEC is \"-1\"");
  CHECK(refused("/run/notify", "99999999999999999999999").starts_with("WATCHDOG_USEC"));
}

}  // namespace
}  // namespace neap::serve
