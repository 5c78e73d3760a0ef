// CPU of a server for each POST of 1,024 B of JSON that a Lua handler decodes and answers with some
// 70 B: ours, nginx with its Lua module, node. By turns, against the same load.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <lua.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "bench/commits.h"
#include "bench/hooks_bench.h"
#include "bench/http_load.h"
#include "bench/peers.h"
#include "cloud/client.h"
#include "cloud/poller.h"
#include "host.h"
#include "http/server.h"
#include "lua/machine.h"

namespace neap::bench {
namespace {

constexpr double kMostOfNginx = 1.1;
constexpr std::size_t kCalls = 10'000;
constexpr std::size_t kDocuments = 64;  // different ones, in turn
constexpr int kConnections = 64;

// 1,024 B with what a notification has.
std::string document(std::size_t number) {
  std::string text = fmt::format(
      R"({{"type":"Notification","message_id":"{0:032x}","attempt":{0},"final":false,)"
      R"("topic":{{"urn":"urn:smn:cn-north-4:b53e5554fad0494d96206fb84296510b:hooks"}},)"
      R"("service":"AutoScaling","tenant_id":"93075aa73f6a4fc0a3209490cc57181a",)"
      R"("lifecycle_hook_type":"INSTANCE_LAUNCHING","lifecycle_hook_name":"warmup",)"
      R"("lifecycle_action_key":"4c76c562-9688-45c6-b685-{0:012}",)"
      R"("instances":[{{"id":"93075aa7-3f6a-4fc0-a320-{0:012}","name":"as-config-kxeg_RM6OCREY"}}],)"
      R"("group":{{"id":"fe376277-50a6-4e36-bdb0-685da85f1a82","name":"as-group-wyz01"}},"note":")",
      number);
  text.resize(1022, 'x');
  return text + "\"}";
}

constexpr const char* kHandler = R"lua(
  return function(body)
    local event = json.decode(body)
    return json.encode { id = event.message_id, result = "CONTINUE", attempt = event.attempt }
  end
)lua";

class NoCredentials final : public sign::CredentialSource {
 public:
  Owner get(Function<void(Result<sign::Credentials>)> done) override {
    done(fail(ErrorKind::kAuth, "no call is made"));
    return {};
  }
  void refused(const sign::Credentials&) override {}
};

class NoTransport final : public http::Transport {
 public:
  Owner send(http::Request, http::Options, Function<void(http::Outcome)>) override { return {}; }
};

class SilentOperator final : public Operator {
 public:
  void tell(const RunEvent&) override {}
  Owner ask(std::string, Function<void(Result<Answer>)> done) override {
    done(Answer{true, "bench", {}});
    return {};
  }
  void print(std::string_view line) override { fmt::print("{}\n", line); }
};

// Each request in a task of its own, in one machine with the limits that users get; only the CPU of
// a whole run is without one, because this run does not end.
class OurServer {
 public:
  OurServer() {
    const auto task = machine_.start(kHandler, "=webhook", [this](lua::Machine::Outcome outcome) {
      if (outcome.error) throw std::runtime_error(outcome.error->message);
      handler_ = std::move(outcome.value);
      loop_.stop();
    });
    if (!task) throw std::runtime_error(task.error().message);
    loop_.run();
    http::ServerLimits limits;
    limits.connections_per_peer = 256;
    server_ =
        good(http::Server::open(loop_, good(http::parse_listen_address("127.0.0.1:0")), limits,
                                [this](http::Exchange exchange) { handle(std::move(exchange)); }));
  }

  double cpu_per_call(const std::vector<std::string>& texts) {
    const double before = cpu_of(::getpid());
    HttpLoad load({.port = server_->port(), .connections = kConnections, .requests = kCalls},
                  texts);
    const Loop::Watch over =
        loop_.watch(load.descriptor(), {.readable = true}, [this](Loop::Ready) { loop_.stop(); });
    loop_.run();
    const double used = cpu_of(::getpid()) - before;
    if (load.result().answered != kCalls) throw std::runtime_error("neap has refused a request");
    return used / kCalls * 1e6;
  }

 private:
  static lua::MachineOptions options() {
    lua::MachineOptions options;
    options.cpu.per_run = Duration::zero();
    return options;
  }

  void handle(http::Exchange exchange) {
    auto waiting = std::make_shared<http::Exchange>(std::move(exchange));
    const Result<int> begun = lua::protect(machine_.scheduler().main(), [&](lua_State* L) {
      handler_.push(L);
      const std::string& body = waiting->request().body;
      lua_pushlstring(L, body.data(), body.size());
      machine_.scheduler().spawn(L, 1, nullptr, [waiting](const lua::Ended& ended) {
        std::size_t size = 0;
        const char* text = ended.ok ? lua_tolstring(ended.stack, -1, &size) : nullptr;
        http::Response response{text != nullptr ? 200 : 500, {}, std::string(text, size)};
        response.headers.add("Content-Type", "application/json");
        static_cast<void>(waiting->respond(std::move(response)));
      });
      return 0;
    });
    if (!begun) throw std::runtime_error(begun.error().message);
  }

  SystemClock clock_;
  Loop loop_{clock_};
  NoTransport transport_;
  NoCredentials credentials_;
  Random random_{1};
  Log log_{LogLevel::kOff};
  cloud::Client client_{loop_, transport_, credentials_, random_, {}};
  cloud::JobPoller jobs_{loop_, random_, log_, client_};
  SilentOperator op_;
  Host host_{loop_, random_, log_, transport_, client_, jobs_, op_, Grants::all({}), {}};
  lua::Machine machine_{loop_, host_, all_modules(), define_classes, options()};
  lua::Ref handler_;
  std::unique_ptr<http::Server> server_;
};

double cpu_per_call(const Peer& peer, const std::vector<std::string>& texts) {
  const double before = cpu_of(peer.process());
  HttpLoad load({.port = peer.port(), .connections = kConnections, .requests = kCalls}, texts);
  if (load.result().answered != kCalls) throw std::runtime_error("a peer has refused a request");
  return (cpu_of(peer.process()) - before) / kCalls * 1e6;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.at(values.size() / 2);
}

// A peer beside us in the same rounds.
struct Contest {
  const char* name;
  std::unique_ptr<Peer> peer;
  std::vector<double> times;
  std::vector<double> ratios;  // of ours to its

  void add(double ours, const std::vector<std::string>& texts) {
    if (!peer) return;
    times.push_back(cpu_per_call(*peer, texts));
    ratios.push_back(ours / times.back());
  }
  void print() const {
    if (!peer) return fmt::print("  {:<24} not here: left out\n", name);
    fmt::print("  {:<24} {:5.1f} us; ours x{:.2f}\n", name, median(times), median(ratios));
  }
};

}  // namespace

bool measure_webhook() {
  const Directory directory;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kDocuments; ++i) texts.push_back(post_text("/hook", document(i)));
  Contest nginx{"nginx + lua", start_nginx(directory.path()), {}, {}};
  Contest node{"node http", start_node(directory.path()), {}, {}};
  OurServer server;
  std::vector<double> ours;
  for (int round = 0; round < kRounds; ++round) {
    ours.push_back(server.cpu_per_call(texts));
    nginx.add(ours.back(), texts);
    node.add(ours.back(), texts);
  }
  fmt::print(
      "POST of 1,024 B -> Lua handler -> answer, {} connections, CPU of the server, median "
      "of {} x {} calls\n",
      kConnections, kRounds, kCalls);
  fmt::print("  {:<24} {:5.1f} us\n", "neap", median(ours));
  nginx.print();
  node.print();
  if (!nginx.peer) return true;
  return report("webhook against nginx with Lua", median(nginx.ratios), "times its CPU",
                kMostOfNginx, false);
}

}  // namespace neap::bench
