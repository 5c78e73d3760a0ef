// Ten thousand holds before a service in virtual time: memory of each, CPU to answer them all.
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/commits.h"
#include "bench/hooks_bench.h"
#include "config/surroundings.h"
#include "json/document.h"
#include "serve/service.h"

namespace neap::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kGroups = 10;
constexpr std::size_t kAtOnce = 200;
constexpr double kMostBytes = 8'000;  // of an open event that waits

double cpu_used() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double heap_bytes() {
  const struct mallinfo2 heap = mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0;
  double resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// Holds instances until they are answered; knows what a service asks (as.md sections 4, 7 and 8),
// and costs little, so that what is measured is the service. Answers after 5 ms.
class HoldsInMemory final : public http::Transport {
 public:
  HoldsInMemory(Loop& loop, std::size_t count) : loop_(loop) {
    for (std::size_t i = 0; i < count; ++i) {
      groups_[group_id(i % kGroups)].emplace(fmt::format("4c76c562-9688-45c6-b685-{:012}", i),
                                             fmt::format("93075aa7-3f6a-4fc0-a320-{:012}", i));
    }
    deadline_ = format_iso(loop.utc() + 24h).substr(0, 19) + "Z";
  }

  Owner send(http::Request request, http::Options, Function<void(http::Outcome)> done) override {
    return Owner{
        loop_.after(5ms, [this, request = std::move(request), done = std::move(done)]() mutable {
          const double before = cpu_used();
          http::Outcome outcome{http::Delivery::kAnswered, answer(request), {}};
          cpu += cpu_used() - before;
          Function<void(http::Outcome)> last = std::move(done);
          last(std::move(outcome));
        })};
  }

  std::size_t held() const {
    std::size_t count = 0;
    for (const auto& [id, holds] : groups_) count += holds.size();
    return count;
  }

  std::size_t answered = 0;
  std::size_t refused = 0;  // answers to what nobody holds: given twice
  double cpu = 0;           // seconds, its own

 private:
  using Holds = std::map<std::string, std::string>;  // instance by action key

  static std::string group_id(std::size_t number) {
    return fmt::format("fe376277-50a6-4e36-bdb0-{:012}", number);
  }

  http::Response answer(const http::Request& request) {
    const std::string_view url = request.url;
    const auto has = [&](std::string_view part) {
      return url.find(part) != std::string_view::npos;
    };
    if (has("/cloudservers/")) return {200, {}, server(url.substr(url.rfind('/') + 1))};
    if (has("/callback")) return called_back(groups_.at(group_in(url)), request.body);
    if (has("/scaling_instance_hook/")) return {200, {}, list(groups_.at(group_in(url)))};
    if (has("/scaling_lifecycle_hook/")) return {200, {}, hooks()};
    if (has("/scaling_group")) return {200, {}, groups()};
    throw std::runtime_error(fmt::format("nobody answers {}", url));
  }

  // The one group whose id is in the address.
  std::string group_in(std::string_view url) const {
    for (const auto& [id, holds] : groups_) {
      if (url.find(id) != std::string_view::npos) return id;
    }
    throw std::runtime_error(fmt::format("no group in {}", url));
  }

  static std::string server(std::string_view id) {
    return fmt::format(
        R"({{"server":{{"id":"{}","name":"as-config-kxeg","addresses":{{"vpc":[{{"addr":"192.168.0.2"}}]}}}}}})",
        id);
  }

  static std::string hooks() {
    return R"({"lifecycle_hooks":[{"lifecycle_hook_name":"up",)"
           R"("lifecycle_hook_type":"INSTANCE_LAUNCHING"}]})";
  }

  std::string groups() const {
    std::string rows;
    for (const auto& [id, holds] : groups_) {
      rows += fmt::format(
          R"({}{{"scaling_group_id":"{}","scaling_group_name":"web","is_scaling":true}})",
          rows.empty() ? "" : ",", id);
    }
    return fmt::format(R"({{"total_number":{},"scaling_groups":[{}]}})", kGroups, rows);
  }

  std::string list(const Holds& holds) const {
    std::string rows;
    for (const auto& [key, instance] : holds) {
      rows += fmt::format(
          R"({}{{"lifecycle_hook_name":"up","lifecycle_action_key":"{}","instance_id":"{}",)"
          R"("lifecycle_hook_status":"HANGING","default_result":"ABANDON","timeout":"{}"}})",
          rows.empty() ? "" : ",", key, instance, deadline_);
    }
    return fmt::format(R"({{"instance_hanging_info":[{}]}})", rows);
  }

  http::Response called_back(Holds& holds, const std::string& body) {
    const auto document = good(json::Document::parse(body));
    if (holds.erase(std::string(document.text("/lifecycle_action_key").value_or(""))) == 1) {
      ++answered;
      return {204, {}, ""};
    }
    ++refused;
    return {400, {}, R"({"error":{"code":"AS.7042","message":"not hanging"}})"};
  }

  Loop& loop_;
  std::map<std::string, Holds> groups_;
  std::string deadline_;
};

// A service in virtual time before that platform, with a journal on disk.
class Serving {
 public:
  explicit Serving(std::size_t holds)
      : world_(runs::World::against(
            std::make_unique<VirtualClock>(),
            [&](Loop& loop) {
              auto made = std::make_unique<HoldsInMemory>(loop, holds);
              platform_ = made.get();
              return made;
            },
            1, log_)),
        settings_(good(config::load_settings({}, config::process_surroundings()))),
        store_(good(journal::open_sqlite(directory_.path()))),
        pulse_(world_->loop().clock()) {
    serving_.concurrency = kAtOnce;
    sign::VerifierSettings verifying;
    verifying.topics = {"urn:smn:cn-north-4:b53e5554fad0494d96206fb84296510b:hooks"};
    verifier_ = good(sign::MessageVerifier::open(world_->loop(), world_->transport(), verifying));
  }

  void begin(const std::string& handlers) {
    const std::string path = directory_.path() + "/handlers.lua";
    std::ofstream(path) << handlers;
    std::optional<std::shared_ptr<const serve::Handlers>> loaded;
    const Owner loading = serve::load_handlers(*world_, log_, settings_, path, [&](auto found) {
      loaded = good(std::move(found));
      world_->loop().stop();
    });
    world_->loop().run();
    service_.emplace(
        serve::ServiceParts{
            *world_, log_, settings_, serving_, *store_, *verifier_, {}, metrics_, pulse_},
        *loaded,
        serve::Service::Hooks{[](const Error& error) { throw std::runtime_error(describe(error)); },
                              [](const journal::HookEvent&) {}});
    if (const Result<void> begun = service_->start(); !begun) {
      throw std::runtime_error(describe(begun.error()));
    }
  }

  template <class Condition>
  void run_until(Condition condition) {
    Loop& loop = world_->loop();
    while (!condition()) {
      const Loop::Timer end = loop.after(100ms, [&] { loop.stop(); });
      loop.run();
      if (loop.now() > Instant{} + 24h) throw std::runtime_error("a day has passed");
    }
  }

  std::size_t running() {
    service_->measure();
    return metrics_.handlers["up"].running;
  }

  serve::Service& service() { return *service_; }
  const HoldsInMemory& platform() const { return *platform_; }

 private:
  Log log_{LogLevel::kWarn};
  Directory directory_;
  HoldsInMemory* platform_ = nullptr;
  std::unique_ptr<runs::World> world_;
  config::Settings settings_;
  std::unique_ptr<journal::Store> store_;
  serve::Pulse pulse_;
  serve::ServeSettings serving_;
  std::unique_ptr<sign::MessageVerifier> verifier_;
  serve::Metrics metrics_;
  std::optional<serve::Service> service_;
};

std::string handler(std::string_view wait) {
  return fmt::format(R"(hooks.on("INSTANCE_LAUNCHING", {{ name = "up", concurrency = 10000 }},
    function() {} return "CONTINUE" end))",
                     wait);
}

// Heap of a service with that many open events, of whose handlers kAtOnce wait.
double memory(std::size_t instances) {
  Serving serving(instances);
  const double before = heap_bytes();
  serving.begin(handler(R"(task.sleep("10h"))"));
  serving.run_until([&] { return serving.service().open() == instances; });
  serving.run_until([&] { return serving.running() == kAtOnce; });
  const double all = heap_bytes() - before;
  fmt::print("  {} open, {} handlers waiting: {:.1f} MB of heap; the process has {:.1f} MB\n",
             instances, kAtOnce, all / 1e6, resident_bytes() / 1e6);
  return all;
}

}  // namespace

bool measure_held(std::size_t instances) {
  fmt::print("{} instances held at once in {} groups, {} handlers at a time\n", instances, kGroups,
             kAtOnce);
  const double few = memory(kAtOnce);
  const double many = memory(instances);
  const double each = (many - few) / static_cast<double>(instances - kAtOnce);
  fmt::print("  a handler that waits: {:.0f} kB\n", (few / kAtOnce - each) / 1e3);

  Serving serving(instances);
  const double before = cpu_used();
  serving.begin(handler(""));
  serving.run_until(
      [&] { return serving.platform().held() == 0 && serving.service().open() == 0; });
  const double used = cpu_used() - before - serving.platform().cpu;
  if (serving.platform().answered != instances || serving.platform().refused != 0) {
    throw std::runtime_error(fmt::format("{} answers were accepted, {} refused",
                                         serving.platform().answered, serving.platform().refused));
  }
  fmt::print("  all answered once, {:.1f} s of CPU: {:.0f} handlers/s, {:.0f} us each\n", used,
             static_cast<double>(instances) / used, used / static_cast<double>(instances) * 1e6);
  return report("memory of an open event", each, "B", kMostBytes, false);
}

}  // namespace neap::bench
