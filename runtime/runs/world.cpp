#include "runs/world.h"

#include "config/surroundings.h"
#include "http/curl_transport.h"
#include "sign/chain.h"
#include "sign/iam.h"
#include "simulator/simulator.h"
#include "simulator/transport.h"

namespace neap::runs {
namespace {

// The origin that the rehearsal's requests are addressed to; nothing listens there.
constexpr const char* kRehearsalEndpoint = "http://127.0.0.1:1";

// The key pair that every simulator knows.
class SimulatorCredentials final : public sign::CredentialSource {
 public:
  explicit SimulatorCredentials(Loop& loop) : loop_(loop) {}

  Owner get(Function<void(Result<sign::Credentials>)> done) override {
    return Owner{loop_.after(Duration::zero(), [done = std::move(done)]() mutable {
      sign::Credentials known;
      known.access_key = simulator::kAccessKey;
      known.secret_key = Secret(std::string(simulator::kSecretKey));
      known.project_id = simulator::kProjectId;
      known.source = "the simulator";
      done(std::move(known));
    })};
  }
  void refused(const sign::Credentials&) override {}

 private:
  Loop& loop_;
};

// Credentials that always say which project they are for: where they do not, IAM is asked for the
// project named as the region.
class WithProject final : public sign::CredentialSource {
 public:
  WithProject(std::unique_ptr<sign::CredentialSource> source, sign::ProjectLookup lookup,
              std::string region)
      : source_(std::move(source)), lookup_(std::move(lookup)), region_(std::move(region)) {}

  Owner get(Function<void(Result<sign::Credentials>)> done) override {
    struct Steps {
      Owner credentials;
      Owner project;
    };
    auto steps = std::make_shared<Steps>();
    steps->credentials = source_->get([this, weak = std::weak_ptr(steps), done = std::move(done)](
                                          Result<sign::Credentials> found) mutable {
      const auto under_way = weak.lock();
      if (!under_way || !found || !found->project_id.empty() || region_.empty()) {
        return done(std::move(found));
      }
      under_way->project = ask(std::move(*found), std::move(done));
    });
    return Owner{std::move(steps)};
  }
  void refused(const sign::Credentials& credentials) override { source_->refused(credentials); }

 private:
  Owner ask(sign::Credentials found, Function<void(Result<sign::Credentials>)> done) {
    return lookup_.get(found, region_,
                       [found, done = std::move(done)](Result<std::string> project) mutable {
                         if (!project) return done(tl::unexpected(project.error()));
                         found.project_id = std::move(*project);
                         done(std::move(found));
                       });
  }

  std::unique_ptr<sign::CredentialSource> source_;
  sign::ProjectLookup lookup_;
  std::string region_;
};

// Where IAM is; without a region the global address serves.
std::string iam_url(const config::Settings& settings) {
  const auto endpoint = settings.endpoint_for("iam");
  return endpoint ? endpoint->value : std::string();
}

}  // namespace

World::World(std::unique_ptr<Clock> clock, std::uint64_t seed)
    : clock_(std::move(clock)), loop_(std::make_unique<Loop>(*clock_)), random_(seed) {}

World::~World() = default;

void World::connect(cloud::ClientSettings settings, Log& log) {
  client_ = std::make_unique<cloud::Client>(*loop_, *transport_, *credentials_, random_,
                                            std::move(settings));
  client_->observe([&log](const cloud::Exchange& exchange) { log.debug(describe(exchange)); });
  client_->budgets().observe(
      [&log](const cloud::CallBudget::Snapshot& seen) { log.info(cloud::describe(seen)); });
  jobs_ = std::make_unique<cloud::JobPoller>(*loop_, random_, log, *client_);
}

std::unique_ptr<World> World::real(const config::Settings& settings, Log& log) {
  auto world =
      std::unique_ptr<World>(new World(std::make_unique<SystemClock>(), Random::fresh_seed()));
  world->transport_ = std::make_unique<http::CurlTransport>(
      *world->loop_,
      http::CurlSettings{.allow_unverified_loopback = true, .proxy_from_environment = true});
  sign::ChainOptions chain;
  chain.iam_url = iam_url(settings);
  chain.region = settings.region.value;
  // Off the platform nothing answers there, and waiting for it costs seconds.
  chain.metadata = settings.environment("NEAP_ECS_METADATA").value_or("") != "off";
  const std::string region = settings.project.value.empty() ? chain.region : std::string();
  sign::ProjectLookup lookup(*world->loop_, *world->transport_, chain.iam_url);
  world->credentials_ = std::make_unique<WithProject>(
      std::make_unique<sign::ChainSource>(*world->loop_, *world->transport_, log,
                                          config::process_surroundings(), std::move(chain)),
      std::move(lookup), region);
  cloud::ClientSettings client;
  client.project_id = settings.project.value;
  client.endpoint = [&settings](std::string_view service) -> Result<std::string> {
    const auto endpoint = settings.endpoint_for(service);
    if (!endpoint) return tl::unexpected(endpoint.error());
    return endpoint->value;
  };
  world->connect(std::move(client), log);
  return world;
}

std::unique_ptr<World> World::rehearsal(std::uint64_t seed, Log& log) {
  return simulated(std::make_unique<VirtualClock>(), {.seed = seed}, log);
}

std::unique_ptr<World> World::sandbox(std::uint64_t seed, double time_scale, Log& log) {
  return simulated(std::make_unique<SystemClock>(), {.seed = seed, .time_scale = time_scale}, log);
}

std::unique_ptr<World> World::simulated(std::unique_ptr<Clock> clock,
                                        const simulator::Options& options, Log& log) {
  auto world = std::unique_ptr<World>(new World(std::move(clock), options.seed));
  world->simulator_ = std::make_unique<simulator::Simulator>(*world->clock_, options);
  world->transport_ =
      std::make_unique<simulator::SimulatorTransport>(*world->loop_, *world->simulator_);
  world->connect_to_simulator(log);
  return world;
}

std::unique_ptr<World> World::against(
    std::unique_ptr<VirtualClock> clock,
    Function<std::unique_ptr<http::Transport>(Loop&)> make_transport, std::uint64_t seed,
    Log& log) {
  auto world = std::unique_ptr<World>(new World(std::move(clock), seed));
  world->transport_ = make_transport(*world->loop_);
  world->connect_to_simulator(log);
  return world;
}

void World::connect_to_simulator(Log& log) {
  credentials_ = std::make_unique<SimulatorCredentials>(*loop_);
  cloud::ClientSettings client;
  client.endpoint = [](std::string_view) -> Result<std::string> { return kRehearsalEndpoint; };
  connect(std::move(client), log);
}

}  // namespace neap::runs
