// A rehearsal for tests: bundled runbooks in virtual time, and the simulator's own side.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "json/document.h"
#include "runs/script_run.h"
#include "runs/world.h"
#include "support/recording_operator.h"

namespace neap::test {

class Rehearsal {
 public:
  explicit Rehearsal(std::uint64_t seed = 7);
  // Nothing may be left open, and every fault that was planted must have fired.
  ~Rehearsal();

  // Runs a bundled runbook, or text that ends like one, with the words of a command line.
  runs::ScriptRun::Outcome run(const std::string& runbook, const std::vector<std::string>& words);
  runs::ScriptRun::Outcome run(const runs::Script& script, const std::vector<std::string>& words);
  // What `neap run` would exit with.
  static app::ExitCode exit_code(const runs::ScriptRun::Outcome& outcome);

  // A call of docs/guide/simulator.md; the path is below /_sim.
  json::Document admin(http::Method method, const std::string& path, const std::string& body = "");
  void plant(const std::string& fault) { admin(http::Method::kPost, "/faults", fault); }
  void set_demo(const std::string& fields) {
    admin(http::Method::kPost, "/groups/demo/set", fields);
  }
  void power_demo(const std::string& state);
  // How many requests for an operation arrived.
  std::size_t arrived(const std::string& operation);

  Log log{LogLevel::kOff};
  std::unique_ptr<runs::World> world;
  RecordingOperator op;
  runs::ScriptRun* running = nullptr;  // while run() is under way
};

}  // namespace neap::test
