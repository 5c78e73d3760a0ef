// A world for tests of the bindings: virtual time, answers from a script, a machine that trusts its
// code, and a host whose grants a test may change.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include "host.h"
#include "journal/run_log.h"
#include "journal/store.h"
#include "lua/machine.h"
#include "support/recording_operator.h"
#include "support/scripted_transport.h"

namespace neap::test {

struct World {
  VirtualClock clock;
  Loop loop{clock};
  Log log{LogLevel::kOff};
  Random random{1};
  ScriptedTransport transport{loop};
  ScriptedCredentials credentials;
  cloud::Client client{loop,
                       transport,
                       credentials,
                       random,
                       {.endpoint = [](std::string_view service) -> Result<std::string> {
                         return "https://" + std::string(service) + ".example.com";
                       }}};
  cloud::JobPoller jobs{loop, random, log, client};
  RecordingOperator op;
  std::optional<journal::RunLog> log_of_run;  // of a durable run
  Host host{loop, random, log, transport, client, jobs, op, Grants::all({}), {}};
  lua::Machine machine{
      loop, host, all_modules(), define_classes,
      lua::MachineOptions{.cpu = {std::chrono::minutes{5}, std::chrono::minutes{5}},
                          .trusted = true}};

  // Nothing may be left open but what a durable run was left waiting for.
  ~World();

  // Makes the run a durable one, before anything is started: takes the run over, as a process does.
  void keep(journal::Store& store, const std::string& run);
  std::optional<Error> parked;
  std::optional<Error> diverged;

  struct Run {
    std::optional<Error> error;
    std::string text;  // the first result when it is text
    bool ended = false;
    std::shared_ptr<lua::Task> task;
  };
  // Starts the code as a task.
  std::shared_ptr<Run> start(const std::string& code);
  // Runs the code to its end in virtual time; an error fails the test.
  std::string run(const std::string& code);
};

}  // namespace neap::test
