#include "unit/serve/serve_world.h"

#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/surroundings.h"
#include "support/temporary_directory.h"

namespace neap::test {

ServeWorld::ServeWorld(std::uint64_t seed)
    : log(LogLevel::kWarn, LogFormat::kText,
          [this](std::string_view line) { lines.emplace_back(line); }) {
  world = runs::World::against(
      std::make_unique<VirtualClock>(),
      [&](Loop& loop) {
        auto made = std::make_unique<SimulatedPlatform>(loop, seed);
        platform = made.get();
        return made;
      },
      seed, log);
  Place place;
  settings = *config::load_settings({}, place.surroundings());
  topic = platform->topic("hooks", fmt::format("{}/smn", kReceiver));
  pulse.emplace(world->loop().clock());
}

ServeWorld::~ServeWorld() {
  if (service) die();
}

Result<std::shared_ptr<const serve::Handlers>> ServeWorld::load(const std::string& text) {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/handlers.lua";
  std::ofstream(path) << text;
  std::optional<Result<std::shared_ptr<const serve::Handlers>>> loaded;
  const Owner loading = serve::load_handlers(*world, log, settings, path, [&](auto handlers) {
    loaded = std::move(handlers);
    world->loop().stop();
  });
  world->loop().run();
  REQUIRE(loaded);
  return std::move(*loaded);
}

void ServeWorld::serve(const std::string& text) {
  auto handlers = load(text);
  INFO((handlers ? "" : handlers.error().message));
  REQUIRE(handlers);
  serving.topics = {topic};
  sign::VerifierSettings verifying;
  verifying.topics = serving.topics;
  verifying.places.simulator_origin = SimulatedPlatform::kOrigin;
  auto opened =
      sign::MessageVerifier::open(world->loop(), world->transport(), std::move(verifying));
  REQUIRE(opened);
  verifier = std::move(*opened);
  service = std::make_unique<serve::Service>(
      serve::ServiceParts{*world, log, settings, serving, *store, *verifier, {}, metrics, *pulse},
      *handlers,
      serve::Service::Hooks{[this](const Error& error) { broken = error; },
                            [](const journal::HookEvent&) {}});
  platform->serve(kReceiver, [this](http::Exchange exchange) {
    if (!service->handle(exchange)) static_cast<void>(exchange.respond({404, {}, ""}));
  });
  REQUIRE(service->start());
}

void ServeWorld::die() {
  platform->stop(kReceiver);
  service.reset();
  verifier.reset();
}

std::optional<Error> ServeWorld::reload(const std::string& text) {
  auto handlers = load(text);
  if (!handlers) return handlers.error();
  service->use(*handlers);
  return std::nullopt;
}

std::string ServeWorld::hook(const std::string& name, const std::string& rest) const {
  return fmt::format(R"({{"name":"{}","type":"{}","topic_urn":"{}"{}{}}})", name,
                     name == "down" ? "INSTANCE_TERMINATING" : "INSTANCE_LAUNCHING", topic,
                     rest.empty() ? "" : ",", rest);
}

std::string ServeWorld::group(const std::string& name, const std::string& hooks, int instances) {
  const json::Document made =
      admin(http::Method::kPost, "/as/groups",
            fmt::format(R"({{"name":"{}","instances":{},"max":20000,"hooks":[{}]}})", name,
                        instances, hooks));
  return std::string(made.text("/scaling_group_id").value());
}

void ServeWorld::desire(const std::string& group, int count) {
  post(fmt::format("/as/groups/{}/set", group), fmt::format(R"({{"desire":{}}})", count));
}

json::Document ServeWorld::admin(http::Method method, const std::string& path,
                                 const std::string& body) {
  return platform->admin(method, path, body);
}

int ServeWorld::total(const std::string& what) {
  return static_cast<int>(
      admin(http::Method::kGet, "/as/outcomes").number("/totals/" + what).value());
}

std::size_t ServeWorld::fired() {
  std::size_t count = 0;
  for (const auto& [path, list] :
       {std::pair("/faults", "/faults/"), {"/smn/mishaps", "/mishaps/"}}) {
    const json::Document all = admin(http::Method::kGet, path);
    for (int i = 0; all.has(list + std::to_string(i)); ++i) {
      const std::string row = list + std::to_string(i);
      count += static_cast<std::size_t>(all.number(row + "/fired").value_or(0) +
                                        all.number(row + "/happened").value_or(0));
    }
  }
  return count;
}

bool ServeWorld::run_until(Function<bool()> condition, Duration limit) {
  Loop& loop = world->loop();
  const Instant end = loop.now() + limit;
  while (!condition()) {
    if (loop.now() >= end) return false;
    pass(std::chrono::seconds{1});
  }
  return true;
}

bool ServeWorld::settled() {
  return total("hanging") == 0 && service->open() == 0;
}

void ServeWorld::pass(Duration time) {
  Loop& loop = world->loop();
  const Loop::Timer end = loop.after(time, [&] { loop.stop(); });
  loop.run();
}

std::vector<journal::HookEvent> ServeWorld::events() {
  auto found = store->inbox().events({}, 100000);
  REQUIRE(found);
  return std::move(*found);
}

int ServeWorld::count(journal::EventStatus status) {
  int count = 0;
  for (const journal::HookEvent& event : events()) count += event.status == status ? 1 : 0;
  return count;
}

std::string ServeWorld::said() const {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace neap::test
