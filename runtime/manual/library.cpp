#include "manual/library.h"

#include <utility>
#include <vector>

#include "host.h"
#include "lua/machine.h"

namespace neap::manual {
namespace {

Error nothing_there() {
  return Error{ErrorKind::kInternal, "the manual reaches nothing"};
}

class NoTransport final : public http::Transport {
 public:
  explicit NoTransport(Loop& loop) : loop_(loop) {}
  Owner send(http::Request, http::Options, Function<void(http::Outcome)> done) override {
    return Owner{loop_.after(Duration::zero(), [done = std::move(done)]() mutable {
      done(http::Outcome{http::Delivery::kNotSent, {}, nothing_there()});
    })};
  }

 private:
  Loop& loop_;
};

class NoCredentials final : public sign::CredentialSource {
 public:
  Owner get(Function<void(Result<sign::Credentials>)> done) override {
    done(tl::unexpected(nothing_there()));
    return {};
  }
  void refused(const sign::Credentials&) override {}
};

class NoOperator final : public Operator {
 public:
  void tell(const RunEvent&) override {}
  Owner ask(std::string, Function<void(Result<Answer>)> done) override {
    done(tl::unexpected(nothing_there()));
    return {};
  }
  void print(std::string_view) override {}
};

cloud::ClientSettings nowhere() {
  cloud::ClientSettings settings;
  settings.endpoint = [](std::string_view) -> Result<std::string> {
    return tl::unexpected(nothing_there());
  };
  return settings;
}

}  // namespace

struct Library::World {
  VirtualClock clock;
  Loop loop{clock};
  Log log{LogLevel::kOff};
  Random random{1};
  NoTransport transport{loop};
  NoCredentials credentials;
  cloud::Client client{loop, transport, credentials, random, nowhere()};
  cloud::JobPoller jobs{loop, random, log, client};
  NoOperator op;
  Host host{loop, random, log, transport, client, jobs, op, Grants::all({}), {}};
  lua::Machine machine{
      loop, host, all_modules(), define_classes,
      lua::MachineOptions{.cpu = {std::chrono::seconds{10}, std::chrono::seconds{20}},
                          .trusted = true}};

  using Outcome = lua::Machine::Outcome;

  // Runs what `start` starts to its end.
  template <class Start>
  Result<lua::Ref> run(Start start) {
    std::optional<Outcome> ended;
    const auto started = start([&ended](Outcome outcome) { ended = std::move(outcome); });
    if (!started) return tl::unexpected(started.error());
    loop.run();
    if (!ended) return fail(ErrorKind::kInternal, "the manual's own machine stands still");
    if (ended->error) return tl::unexpected(*std::move(ended->error));
    return std::move(ended->value);
  }
};

Library::Library() : world_(std::make_unique<World>()) {}

Library::~Library() = default;

Result<json::Value> Library::ask(std::string_view module, const char* function) {
  Result<lua::Ref> answer = world_->run([&](lua::Machine::Done done) {
    return world_->machine.start_library(module, function, {}, std::move(done));
  });
  if (!answer) return tl::unexpected(answer.error());
  return world_->machine.copy(*answer);
}

Result<json::Object> Library::describe_runbook(const std::string& source,
                                               const std::string& chunk) {
  Result<lua::Ref> header = world_->run([&](lua::Machine::Done done) {
    return world_->machine.start(source, chunk, std::move(done));
  });
  if (!header) return tl::unexpected(header.error());
  Result<lua::Ref> described = world_->run([&](lua::Machine::Done done) {
    return world_->machine.start_library("runbook", "describe", {&*header}, std::move(done));
  });
  if (!described) return tl::unexpected(described.error());
  const Result<json::Value> value = world_->machine.copy(*described);
  if (!value) return tl::unexpected(value.error());
  const auto* object = value->as<json::Object>();
  if (object == nullptr) return fail(ErrorKind::kInternal, "a runbook's header is no table");
  return *object;
}

}  // namespace neap::manual
