// The receiving half of the service over loopback: notifications a second, and how long SMN waits.
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include "bench/commits.h"
#include "bench/hooks_bench.h"
#include "bench/http_load.h"
#include "config/surroundings.h"
#include "json/writer.h"
#include "serve/receiver.h"
#include "sign/message_key.h"

namespace neap::bench {
namespace {

constexpr double kStoredPerSecond = 3'000;
constexpr double kLongestMs = 50;  // 99 of 100 answers
constexpr int kConnections = 64;
constexpr std::string_view kTopic = "urn:smn:cn-north-4:b53e5554fad0494d96206fb84296510b:hooks";

double cpu_used() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Seconds that this thread was ready to run while others did: high on a machine that is shared.
double cpu_awaited() {
  std::ifstream file("/proc/thread-self/schedstat");
  double ran = 0;
  double waited = 0;
  file >> ran >> waited;
  return waited * 1e-9;
}

std::string certificate_path(const sign::MessageKey& key) {
  return fmt::format("/smn/SMN_cn-north-4_{}.pem", key.certificate_id());
}

// As Auto Scaling writes it (as.md section 5).
std::string hook_text(std::size_t number) {
  return fmt::format(
      R"({{"service":"AutoScaling","tenant_id":"93075aa73f6a4fc0a3209490cc57181a",)"
      R"("lifecycle_hook_type":"INSTANCE_LAUNCHING","lifecycle_hook_name":"warmup",)"
      R"("lifecycle_action_key":"4c76c562-9688-45c6-b685-{0:012}","notification_metadata":"",)"
      R"("scaling_instance":{{"instance_id":"93075aa7-3f6a-4fc0-a320-{0:012}",)"
      R"("instance_name":"as-config-kxeg_RM6OCREY","instance_ip":"192.168.0.202"}},)"
      R"("scaling_group":{{"scaling_group_id":"fe376277-50a6-4e36-bdb0-685da85f1a82",)"
      R"("scaling_group_name":"as-group-wyz01",)"
      R"("scaling_config_id":"16ca8027-b6cc-41fc-af2d-5a79996ad818",)"
      R"("scaling_config_name":"as-config-kxeg"}}}})",
      number);
}

std::string signed_body(std::size_t number, const sign::MessageKey& key, const std::string& origin,
                        const std::string& now) {
  sign::Message message = {
      {"type", "Notification"},
      {"message_id", fmt::format("{:032x}", number)},
      {"topic_urn", std::string(kTopic)},
      {"subject", "lifecycle hook"},
      {"message", hook_text(number)},
      {"timestamp", now},
      {"signature_version", "v1"},
      {"signing_cert_url", origin + certificate_path(key)},
      {"unsubscribe_url", "https://console.huaweicloud.com/smn/subscription/unsubscribe?x=y"}};
  message["signature"] = key.sign(good(sign::message_text(message)));
  json::Writer writer;
  writer.start_object();
  for (const auto& [name, value] : message) {
    writer.key(name);
    writer.string(value);
  }
  writer.end_object();
  return writer.take();
}

// The receiving half of the service as `neap serve` puts it together, without what comes after a
// message is stored: nothing asks the platform for anything.
class Receiving {
 public:
  Receiving()
      : settings_(good(config::load_settings({}, config::process_surroundings()))),
        world_(runs::World::real(settings_, log_)),
        key_("SMN of the bench", world_->loop().utc()),
        store_(good(journal::open_sqlite(directory_.path()))) {
    serving_.topic_rate = 1'000'000;  // a peer has no such limit
    http::ServerLimits limits;
    limits.connections_per_peer = 256;
    server_ = good(
        http::Server::open(world_->loop(), good(http::parse_listen_address("127.0.0.1:0")), limits,
                           [this](http::Exchange exchange) { answer(std::move(exchange)); }));
    origin_ = fmt::format("http://127.0.0.1:{}", server_->port());
    sign::VerifierSettings verifying;
    verifying.topics = {std::string(kTopic)};
    verifying.places.simulator_origin = origin_;
    verifier_ = good(sign::MessageVerifier::open(world_->loop(), world_->transport(), verifying));
    receiver_.emplace(
        desk_, *verifier_,
        serve::Receiver::Hooks{[this](const journal::HookEvent&) { ++events; },
                               [](const std::string&) {}, [](const sign::VerifiedMessage&) {},
                               [](std::string_view) { return false; }});
  }

  std::vector<std::string> requests(std::size_t count) const {
    const std::string now = format_iso(world_->loop().utc());
    std::vector<std::string> texts;
    texts.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      texts.push_back(post_text("/smn", signed_body(i, key_, origin_, now)));
    }
    return texts;
  }

  LoadResult take(const std::vector<std::string>& texts) {
    HttpLoad load({.port = server_->port(), .connections = kConnections, .requests = texts.size()},
                  texts);
    const Loop::Watch over = world_->loop().watch(load.descriptor(), {.readable = true},
                                                  [this](Loop::Ready) { world_->loop().stop(); });
    world_->loop().run();
    return load.result();
  }

  std::uint64_t fetches() const { return verifier_->fetches(); }

  std::size_t events = 0;

 private:
  void answer(http::Exchange exchange) {
    if (receiver_->handle(exchange)) return;
    const bool known = exchange.request().target == certificate_path(key_);
    http::Response response{known ? 200 : 404, {}, known ? key_.certificate_pem() : ""};
    static_cast<void>(exchange.respond(std::move(response)));
  }

  Log log_{LogLevel::kError};
  config::Settings settings_;
  std::unique_ptr<runs::World> world_;
  sign::MessageKey key_;
  Directory directory_;
  std::unique_ptr<journal::Store> store_;
  serve::ServeSettings serving_;
  serve::Metrics metrics_;
  serve::InboxWriter writer_{world_->loop(), store_->inbox(),
                             [](const Error& error) { throw std::runtime_error(describe(error)); }};
  serve::HoldLists holds_{world_->loop(), world_->client(),
                          [](const std::string&, const Result<serve::Holds>&, Instant) {}};
  serve::Desk desk_{*world_, log_, settings_, serving_, *store_, writer_, holds_, metrics_};
  std::unique_ptr<http::Server> server_;
  std::string origin_;
  std::unique_ptr<sign::MessageVerifier> verifier_;
  std::optional<serve::Receiver> receiver_;
};

}  // namespace

bool measure_stored_hooks(std::size_t messages) {
  Receiving receiving;
  const std::vector<std::string> texts = receiving.requests(messages);
  const double before = cpu_used();
  const double awaited = cpu_awaited();
  const LoadResult load = receiving.take(texts);
  const double cpu = (cpu_used() - before) / static_cast<double>(messages) * 1e6;
  if (load.answered != messages || receiving.events != messages || receiving.fetches() != 1) {
    throw std::runtime_error(fmt::format("{} answered, {} refused, {} events, {} certificates read",
                                         load.answered, load.refused, receiving.events,
                                         receiving.fetches()));
  }
  const double rate = static_cast<double>(messages) / load.seconds;
  fmt::print(
      "signed notifications of {} B over {} connections, verified and durable before the answer\n"
      "  {} in {:.1f} s: {:.0f}/s, p50 {:.1f} ms, p99 {:.1f} ms, p99.9 {:.1f} ms, {:.0f} us of CPU "
      "each\n",
      texts.front().size(), kConnections, messages, load.seconds, rate, load.p50_ms, load.p99_ms,
      load.p999_ms, cpu);
  fmt::print("  of that time {:.1f} s were spent waiting for a CPU that others had\n",
             cpu_awaited() - awaited);
  bool met = report("stored notifications", rate, "/s", kStoredPerSecond, true);
  met &= report("99 of 100 stored notifications are answered within", load.p99_ms, "ms", kLongestMs,
                false);
  return met;
}

}  // namespace neap::bench
