#include "app/serve_process.h"

#include <csignal>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "app/open_journal.h"
#include "app/who.h"
#include "serve/cloud_event.h"

namespace neap::app {
namespace {

constexpr Duration kBetweenTries = std::chrono::seconds{10};

// SMN sends from many addresses, a front proxy from one.
http::ServerLimits limits_of() {
  http::ServerLimits limits;
  limits.connections = 1024;
  limits.connections_per_peer = 256;
  return limits;
}

http::Response plain(int status, std::string_view text) {
  return {status, {{"Content-Type", "text/plain"}}, std::string(text) + "\n"};
}

// Whether the disk takes a write at all: through handles that have not failed yet.
Result<void> probe(journal::Store& store, UtcTime now) {
  const Result<std::string> kept = store.keep_text("neap serve can write at " + format_iso(now));
  if (!kept) return tl::unexpected(kept.error());
  return {};
}

}  // namespace

ServeProcess::ServeProcess(Invocation& invocation, ServePlan plan)
    : invocation_(invocation), plan_(std::move(plan)) {}

ServeProcess::~ServeProcess() {
  // Before what they work on.
  server_.reset();
  status_server_.reset();
  service_.reset();
  notifier_.reset();
}

ExitCode ServeProcess::run() {
  if (const Result<void> ready = prepare(); !ready) return give_up(ready.error());
  listen_to_signals();
  invocation_.log.info(
      "serving", {{"listen", to_text(http::ListenAddress{plan_.address.host, server_->port()})},
                  {"handlers", handlers_->all.size()}});
  manager_->ready(status());
  world_->loop().run();
  if (!trouble_) return ExitCode::kDone;
  return give_up(*trouble_);
}

// Everything that can be wrong from the start is an error of the start.
Result<void> ServeProcess::prepare() {
  world_ = runs::World::real(invocation_.settings, invocation_.log);
  Loop& loop = world_->loop();
  started_ = loop.utc();
  pulse_.emplace(loop.clock());
  auto verifier = sign::MessageVerifier::open(loop, world_->transport(), plan_.verifier);
  if (!verifier) return tl::unexpected(std::move(verifier.error()));
  verifier_ = std::move(*verifier);
  notifier_.emplace(loop, world_->transport(), world_->random(), invocation_.log,
                    metrics_.notifications, plan_.recipients);
  manager_.emplace(loop, invocation_.log, *pulse_, plan_.manager);
  auto handlers = load();
  if (!handlers) return tl::unexpected(std::move(handlers.error()));
  handlers_ = std::move(*handlers);
  health_.emplace(*pulse_, ready_checks(), [this] { return metrics_page(); });
  if (Result<void> serving = open_journal_and_serve(); !serving) return serving;
  auto server = http::Server::open(
      loop, plan_.address, limits_of(),
      [this](http::Exchange exchange) { handle(std::move(exchange)); }, plan_.tls);
  if (!server) return tl::unexpected(std::move(server.error()));
  server_ = std::move(*server);
  if (!plan_.status) return {};
  server = http::Server::open(loop, *plan_.status, limits_of(), [this](http::Exchange exchange) {
    show_status(std::move(exchange));
  });
  if (!server) return tl::unexpected(std::move(server.error()));
  status_server_ = std::move(*server);
  return {};
}

Result<std::shared_ptr<const serve::Handlers>> ServeProcess::load() {
  std::optional<Result<std::shared_ptr<const serve::Handlers>>> loaded;
  loading_ = serve::load_handlers(*world_, invocation_.log, invocation_.settings,
                                  plan_.settings.handlers, [&](auto handlers) {
                                    loaded = std::move(handlers);
                                    world_->loop().stop();
                                  });
  world_->loop().run();
  loading_.reset();
  if (!loaded)
    return fail(ErrorKind::kScript, "the handlers wait for something that cannot happen");
  return std::move(*loaded);
}

Result<void> ServeProcess::open_journal_and_serve() {
  auto store = open_journal(invocation_.settings, Access::kWrite);
  if (!store) return tl::unexpected(std::move(store.error()));
  store_ = std::move(*store);
  Result<Owner> claim = claim_service();
  if (!claim) return tl::unexpected(std::move(claim.error()));
  claim_ = std::move(*claim);
  if (Result<void> good = probe(*store_, world_->loop().utc()); !good) return good;
  service_ = std::make_unique<serve::Service>(
      serve::ServiceParts{*world_, invocation_.log, invocation_.settings, plan_.settings, *store_,
                          *verifier_, plan_.console_origins, metrics_, *pulse_},
      handlers_,
      serve::Service::Hooks{[this](const Error& error) { broken(error); },
                            [this](const journal::HookEvent& event) { ended(event); }});
  if (Result<void> started = service_->start(); !started) return started;
  notify_what_was_left();
  return {};
}

// Commands that look whether somebody serves hold the claim for a moment.
Result<Owner> ServeProcess::claim_service() {
  constexpr int kTries = 20;
  Result<Owner> claim = store_->inbox().claim_service();
  for (int i = 1; i < kTries && !claim && claim.error().code == journal::kLockHeld; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    claim = store_->inbox().claim_service();
  }
  return claim;
}

// Ends that an earlier process did not live to tell of.
void ServeProcess::notify_what_was_left() {
  if (plan_.recipients.empty()) return;
  const auto events = store_->inbox().events();
  if (!events) return;
  for (const journal::HookEvent& event : *events) {
    if (!is_open(event.status) && !event.notified) ended(event);
  }
}

void ServeProcess::handle(http::Exchange exchange) {
  if (service_ && !stopping_ && service_->handle(exchange)) return;
  const bool away = exchange.request().method == "POST" && (!service_ || stopping_);
  if (away) return static_cast<void>(exchange.respond(plain(503, "not now; send it again")));
  if (plan_.status) return static_cast<void>(exchange.respond(plain(404, "there is nothing here")));
  show_status(std::move(exchange));
}

void ServeProcess::show_status(http::Exchange exchange) {
  std::optional<http::Exchange> other = health_->answer(std::move(exchange));
  if (other) static_cast<void>(other->respond(plain(404, "there is nothing here")));
}

// Nothing that was not stored was acknowledged, so nothing is lost by beginning anew.
void ServeProcess::broken(const Error& error) {
  trouble_ = error;
  invocation_.log.error("the journal cannot be written; no answer is sent until it can: " +
                        describe(error));
  manager_->status("the journal cannot be written: " + error.message);
  retry_ = world_->loop().after(Duration::zero(), [this] {
    service_.reset();
    claim_.reset();
    store_.reset();
    try_again();
  });
}

void ServeProcess::try_again() {
  pulse_->turn();
  const Result<void> serving = open_journal_and_serve();
  if (serving) {
    trouble_.reset();
    invocation_.log.warn("the journal can be written again");
    manager_->status(status());
    return;
  }
  trouble_ = serving.error();
  service_.reset();
  claim_.reset();
  store_.reset();
  beat_ = world_->loop().after(serve::Pulse::kEvery, [this] { pulse_->turn(); });
  retry_ = world_->loop().after(kBetweenTries, [this] { try_again(); });
}

void ServeProcess::reload() {
  manager_->reloading("reading the handlers again");
  loading_ =
      serve::load_handlers(*world_, invocation_.log, invocation_.settings, plan_.settings.handlers,
                           [this](Result<std::shared_ptr<const serve::Handlers>> handlers) {
                             reloaded(std::move(handlers));
                           });
}

void ServeProcess::reloaded(Result<std::shared_ptr<const serve::Handlers>> handlers) {
  metrics_.reloads.add(handlers ? "loaded" : "refused");
  if (handlers) {
    handlers_ = std::move(*handlers);
    if (service_) service_->use(handlers_);
    invocation_.log.info("the handlers were read again", {{"handlers", handlers_->all.size()}});
  } else {
    invocation_.log.error("the handlers could not be read again; those from before stay: " +
                          describe(handlers.error()));
  }
  manager_->ready(handlers ? status() : "handlers of before; the new ones could not be read");
}

void ServeProcess::stop() {
  if (std::exchange(stopping_, true)) return world_->loop().stop();
  invocation_.log.info("stopping: what runs may come to its end",
                       {{"open", service_ ? service_->open() : 0}});
  manager_->stopping("draining");
  if (!service_) return world_->loop().stop();
  service_->drain(plan_.settings.drain, [this] {
    service_->stop();
    world_->loop().stop();
  });
}

void ServeProcess::ended(const journal::HookEvent& event) {
  if (plan_.recipients.empty() || event.notified) return;
  notifier_->send(serve::end_of(event, "/neap/" + operator_name()),
                  [this, told = event](const std::string&, bool delivered) {
                    if (!delivered || !store_) return;
                    journal::HookEvent known = told;
                    known.notified = true;
                    static_cast<void>(store_->inbox().write({}, {&known, 1}));
                  });
}

void ServeProcess::listen_to_signals() {
  Loop& loop = world_->loop();
  for (const int number : {SIGINT, SIGTERM}) {
    signals_.push_back(loop.on_signal(number, [this] { stop(); }));
  }
  signals_.push_back(loop.on_signal(SIGHUP, [this] { reload(); }));
}

std::string ServeProcess::status() const {
  return fmt::format("{} handlers", handlers_->all.size());
}

std::vector<serve::ReadyCheck> ServeProcess::ready_checks() {
  std::vector<serve::ReadyCheck> checks;
  checks.push_back({"journal", [this]() -> Result<void> {
                      if (trouble_) return tl::unexpected(*trouble_);
                      return {};
                    }});
  checks.push_back({"draining", [this]() -> Result<void> {
                      if (!stopping_) return {};
                      return fail(ErrorKind::kClosed, "the service is being stopped");
                    }});
  return checks;
}

std::string ServeProcess::metrics_page() {
  if (service_) service_->measure();
  const auto budgets = world_->client().budgets().snapshots();
  return serve::exposition(metrics_, {.version = kVersion,
                                      .started = started_,
                                      .now = world_->loop().now(),
                                      .process = serve::process_facts(),
                                      .budgets = budgets,
                                      .refused_requests = server_->rejections()});
}

}  // namespace neap::app
