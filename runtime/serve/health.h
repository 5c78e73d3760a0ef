// GET /healthz, /readyz and /metrics: what an orchestrator and Prometheus ask a service.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/function.h"
#include "http/server.h"
#include "serve/pulse.h"

namespace neap::serve {

// One thing that must be so before requests should come here. `look` is called for each request of
// /readyz; its error's message is shown to whoever asks.
struct ReadyCheck {
  std::string name;  // "journal"
  Function<Result<void>()> look;
};

class Health {
 public:
  // A service whose work has not come round for that long should be started anew.
  static constexpr Duration kStuck = std::chrono::seconds{30};

  Health(const Pulse& pulse, std::vector<ReadyCheck> checks, Function<std::string()> metrics);

  // Answers a request for one of the three paths; gives any other back.
  std::optional<http::Exchange> answer(http::Exchange exchange);

 private:
  http::Response healthz() const;
  http::Response readyz();
  http::Response metrics();

  const Pulse& pulse_;
  std::vector<ReadyCheck> checks_;
  Function<std::string()> metrics_;
};

}  // namespace neap::serve
