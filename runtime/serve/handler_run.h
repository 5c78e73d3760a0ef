// One attempt of a handler at one event: a machine, a run, and what it answers.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "runs/deferred_store.h"
#include "runs/durable_run.h"
#include "runs/script_run.h"
#include "serve/handler_operator.h"
#include "serve/handlers.h"

namespace neap::serve {

// Everything named must outlive the run.
struct HandlerRunParts {
  runs::World& world;
  Log& log;
  const config::Settings& settings;
  journal::Store& store;
  const Hold& hold;
};

// The run is kept in the journal from its first changing call on, and is then carried on by
// whichever process takes the event up next; before that it is simply run again.
class HandlerRun {
 public:
  // CONTINUE or ABANDON, or why there is no answer. Kind closed: the journal cannot be written.
  // Called once, from the loop, and never after stop(). Code kLeft: a person must look at the run
  // before it can go on.
  using Done = Function<void(Result<std::string>)>;

  HandlerRun(HandlerRunParts parts, std::shared_ptr<const Handlers> handlers,
             const Handler& handler, const journal::HookEvent& event, Done done);
  ~HandlerRun();
  HandlerRun(const HandlerRun&) = delete;
  HandlerRun& operator=(const HandlerRun&) = delete;

  // Raises `error` in the handler, which may clean up for a moment; its answer counts no more.
  void cancel(Error error);
  // Leaves it as it stands, for the process that comes next.
  void stop();

 private:
  Result<void> prepare(const journal::HookEvent& event);
  Result<void> carry_on(const journal::Run& run);
  Result<void> make_run();
  void loaded(runs::ScriptRun::Outcome outcome);
  void ended(runs::ScriptRun::Outcome outcome);
  void force();
  void finish(Result<std::string> answer);

  HandlerRunParts parts_;
  std::shared_ptr<const Handlers> handlers_;
  const Handler& handler_;
  json::Object event_;
  Done done_;
  Log log_;  // names the event on every line, those of the script too
  HandlerOperator op_;
  cloud::Client client_;
  std::optional<runs::DeferredStore> store_;
  std::unique_ptr<runs::DurableRun> kept_;
  std::optional<runs::ScriptRun> run_;
  std::optional<Error> cancelled_;
  bool ended_ = false;
  Loop::Timer soon_;
  Loop::Timer limit_;
  Loop::Timer grace_;
};

// Error::code of an attempt that a person must decide about.
inline constexpr std::string_view kLeft = "neap.handler_left";

}  // namespace neap::serve
