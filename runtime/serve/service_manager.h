// Tells systemd how the service is doing: sd_notify(3), one datagram for each thing it says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/log.h"
#include "base/time.h"
#include "config/surroundings.h"
#include "loop/loop.h"
#include "serve/pulse.h"

namespace neap::serve {

// Where the service manager listens, and how often it wants to hear; both are its own words.
struct NotifyTarget {
  std::string socket;                // a path, or "@name" of an abstract socket
  std::optional<Duration> watchdog;  // the service is restarted when it is silent for longer

  // From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID: nothing when no manager listens. Kind
  // config when a variable makes no sense.
  static Result<std::optional<NotifyTarget>> from(const config::Environment& environment);
};

// Without a target it does nothing. What cannot be sent is logged and tried no further: the manager
// asks for nothing but what it is told again.
class ServiceManager {
 public:
  // Keeps the watchdog quiet from now on, at half of its time, as long as the loop runs this
  // object's timer and the pulse has beaten since the time before.
  ServiceManager(Loop& loop, Log& log, const Pulse& pulse, std::optional<NotifyTarget> target);
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  void ready(std::string_view status);      // also after reloading()
  void reloading(std::string_view status);  // followed by ready()
  void stopping(std::string_view status);
  void status(std::string_view status);  // one line for systemctl status

  bool listens() const { return target_.has_value(); }

 private:
  void arm();
  void feed();
  void say(const std::string& state);

  Loop& loop_;
  Log& log_;
  const Pulse& pulse_;
  std::optional<NotifyTarget> target_;
  std::uint64_t seen_ = 0;  // turns of the pulse when the watchdog was fed last
  bool hungry_ = false;     // has been said
  Loop::Timer timer_;
};

}  // namespace neap::serve
