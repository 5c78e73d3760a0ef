// The process of `neap serve`: one service after another on one listening socket, signals, and the
// service manager.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli.h"
#include "http/server.h"
#include "serve/health.h"
#include "serve/notifier.h"
#include "serve/service.h"
#include "serve/service_manager.h"

namespace neap::app {

struct ServePlan {
  serve::ServeSettings settings;
  http::ListenAddress address;
  std::optional<http::TlsFiles> tls;
  std::optional<http::ListenAddress> status;  // of health and metrics; nothing: the same address
  sign::VerifierSettings verifier;
  std::vector<std::string> console_origins;
  std::vector<serve::Recipient> recipients;
  std::optional<serve::NotifyTarget> manager;
};

// While the journal cannot be written nothing is sent and every message is told to come again; the
// journal is opened anew every few seconds. What was stored before is safe, and what is held is
// found again.
class ServeProcess {
 public:
  ServeProcess(Invocation& invocation, ServePlan plan);
  ~ServeProcess();
  ServeProcess(const ServeProcess&) = delete;
  ServeProcess& operator=(const ServeProcess&) = delete;

  // Serves until it is told to stop; 1 when the journal could not be written at the end.
  ExitCode run();

 private:
  Result<void> prepare();
  Result<std::shared_ptr<const serve::Handlers>> load();
  Result<void> open_journal_and_serve();
  void notify_what_was_left();
  Result<Owner> claim_service();
  void handle(http::Exchange exchange);
  void show_status(http::Exchange exchange);
  void broken(const Error& error);
  void try_again();
  void reload();
  void reloaded(Result<std::shared_ptr<const serve::Handlers>> handlers);
  void stop();
  void ended(const journal::HookEvent& event);
  void listen_to_signals();
  std::string metrics_page();
  std::string status() const;
  std::vector<serve::ReadyCheck> ready_checks();

  Invocation& invocation_;
  ServePlan plan_;
  UtcTime started_{};
  std::unique_ptr<runs::World> world_;
  serve::Metrics metrics_;
  std::optional<serve::Pulse> pulse_;
  std::unique_ptr<sign::MessageVerifier> verifier_;
  std::optional<serve::Notifier> notifier_;
  std::optional<serve::ServiceManager> manager_;
  std::optional<serve::Health> health_;
  std::shared_ptr<const serve::Handlers> handlers_;
  std::unique_ptr<journal::Store> store_;
  Owner claim_;
  std::unique_ptr<serve::Service> service_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Server> status_server_;
  std::optional<Error> trouble_;  // the journal's
  bool stopping_ = false;
  Owner loading_;
  std::vector<Owner> signals_;
  Loop::Timer retry_;
  Loop::Timer beat_;  // while no service runs
};

}  // namespace neap::app
