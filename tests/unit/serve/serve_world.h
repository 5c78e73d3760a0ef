// The hook service, the simulated platform and what goes wrong between them, in one process and one
// virtual time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "json/document.h"
#include "runs/world.h"
#include "serve/service.h"
#include "support/simulated_platform.h"

namespace neap::test {

class ServeWorld {
 public:
  static constexpr const char* kReceiver = "http://127.0.0.1:8480";

  explicit ServeWorld(std::uint64_t seed = 7);
  ~ServeWorld();

  // Begins to serve with the handlers of this text, as a new process would: what earlier ones
  // stored is there.
  void serve(const std::string& handlers);
  // The process dies: its memory and its connections are gone.
  void die();
  // Reads other handlers; the error when they cannot be read, and those from before stay.
  std::optional<Error> reload(const std::string& handlers);

  // A group whose hooks tell the topic; JSON of hooks, see below.
  std::string group(const std::string& name, const std::string& hooks, int instances = 0);
  // "up" of type INSTANCE_LAUNCHING or "down" of type INSTANCE_TERMINATING.
  std::string hook(const std::string& name, const std::string& rest = "") const;
  void desire(const std::string& group, int count);
  json::Document admin(http::Method method, const std::string& path, const std::string& body = "");
  void post(const std::string& path, const std::string& body) {
    admin(http::Method::kPost, path, body);
  }
  // Of the platform's own book: callback, default, answered_again, hanging, holds, refused …
  int total(const std::string& what);
  // How often every fault and mishap that was planted has fired.
  std::size_t fired();

  // Lets time pass until the condition holds; false after `limit`.
  bool run_until(Function<bool()> condition, Duration limit = std::chrono::hours{2});
  bool settled();  // no hold hangs, and no event is open
  void pass(Duration time);

  std::vector<journal::HookEvent> events();
  int count(journal::EventStatus status);
  std::string said() const;  // what the log says, for messages of tests

  std::vector<std::string> lines;  // of the log, warnings and worse
  Log log;
  SimulatedPlatform* platform = nullptr;
  std::unique_ptr<runs::World> world;
  config::Settings settings;
  serve::ServeSettings serving;
  std::unique_ptr<journal::Store> store = journal::make_memory_store();
  serve::Metrics metrics;
  std::unique_ptr<sign::MessageVerifier> verifier;
  std::optional<serve::Pulse> pulse;
  std::unique_ptr<serve::Service> service;
  std::optional<Error> broken;
  std::string topic;

 private:
  Result<std::shared_ptr<const serve::Handlers>> load(const std::string& text);
};

}  // namespace neap::test
