// The hook service: what receives, what reconciles, what works, put together.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "serve/confirmations.h"
#include "serve/dispatcher.h"
#include "serve/pulse.h"
#include "serve/receiver.h"
#include "serve/reconciler.h"

namespace neap::serve {

// Everything named must outlive the service.
struct ServiceParts {
  runs::World& world;
  Log& log;
  const config::Settings& settings;
  const ServeSettings& serve;
  journal::Store& store;
  sign::MessageVerifier& verifier;
  std::vector<std::string> console_origins;
  Metrics& metrics;
  Pulse& pulse;
};

class Service {
 public:
  struct Hooks {
    Function<void(const Error&)> broken;  // the journal cannot be written; nothing is sent any more
    Function<void(const journal::HookEvent&)> ended;  // nothing more will come of it
  };

  Service(const ServiceParts& parts, std::shared_ptr<const Handlers> handlers, Hooks hooks);
  ~Service();

  // Takes up what earlier processes left, and looks at what is held.
  Result<void> start();
  // Whether the request is for the service, which then answers it.
  bool handle(http::Exchange& exchange) { return receiver_.handle(exchange); }
  void use(std::shared_ptr<const Handlers> handlers) { dispatcher_.use(std::move(handlers)); }
  // Lets what runs come to its end, then calls back; after `limit` in any case.
  void drain(Duration limit, Function<void()> done);
  // Leaves everything as it stands, at once.
  void stop() { dispatcher_.stop(); }

  const std::optional<Error>& broken() const { return writer_.broken(); }
  std::size_t open() const { return dispatcher_.open(); }
  void measure() { dispatcher_.measure(metrics_); }

 private:
  void turn();
  void heed_wishes();
  void forget_old();

  Metrics& metrics_;
  Pulse& pulse_;
  Hooks hooks_;
  InboxWriter writer_;
  HoldLists holds_;
  Desk desk_;
  Dispatcher dispatcher_;
  Reconciler reconciler_;
  Confirmations confirmations_;
  Receiver receiver_;
  std::int64_t seen_ = 0;  // version of the store
  Instant forgot_{};
  Loop::Timer turn_;
  Loop::Timer limit_;
  Function<void()> drained_;
};

}  // namespace neap::serve
