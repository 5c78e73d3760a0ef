// neap sim: the simulator over HTTP on loopback, and the environment that leads there.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "app/cli.h"
#include "app/usage.h"
#include "base/text.h"
#include "http/curl_transport.h"
#include "http/server.h"
#include "http/url.h"
#include "loop/loop.h"
#include "simulator/deliveries.h"
#include "simulator/simulator.h"

namespace neap::app {
namespace {

// A test may send a hundred calls at once from this machine; strangers do not come here.
http::ServerLimits simulator_limits() {
  http::ServerLimits limits;
  limits.connections = 2048;
  limits.connections_per_peer = 2048;
  limits.request.body_bytes = 64u << 20;  // PUT /_sim/state
  return limits;
}

http::Response failure(const Error& error) {
  http::Response response;
  response.status = 500;
  response.headers.add("Content-Type", "text/plain");
  response.body = describe(error) + "\n";
  return response;
}

class SimulatorServer {
 public:
  SimulatorServer(Loop& loop, simulator::Simulator& simulator)
      : loop_(loop), simulator_(simulator) {}

  // From here on messages go out, with links to `origin`.
  void deliver(http::Transport& transport, std::string origin) {
    deliveries_.emplace(loop_, simulator_, transport, std::move(origin),
                        [this](const Error& error) {
                          static_cast<void>(give_up(error));
                          loop_.stop();
                        });
    deliveries_->look();
  }

  void handle(http::Exchange exchange) {
    const std::string& target = exchange.request().target;
    if (auto certificate = deliveries_->certificate(target)) {
      return reply(exchange, std::move(*certificate));
    }
    ask(std::move(exchange));
    deliveries_->look();
  }

 private:
  void ask(http::Exchange exchange) {
    http::Request request;
    const auto method = http::parse_method(exchange.request().method);
    if (!method) return reply(exchange, http::Response{405, {}, ""});
    request.method = *method;
    request.url = exchange.request().target;
    request.headers = exchange.request().headers;
    request.body = exchange.request().body;
    Result<simulator::Answer> answer = simulator_.answer(request, exchange.request().target);
    if (!answer) return reply(exchange, failure(answer.error()));
    if (answer->drop != simulator::Answer::Drop::kNone) return exchange.abort();
    if (answer->delay <= Duration::zero()) return reply(exchange, std::move(answer->response));
    hold(std::move(exchange), std::move(*answer));
  }

  static void reply(http::Exchange& exchange, http::Response response) {
    const Result<void> sent = exchange.respond(std::move(response));
    if (!sent) static_cast<void>(exchange.respond(failure(sent.error())));
  }

  void hold(http::Exchange exchange, simulator::Answer answer) {
    const std::uint64_t id = ++serial_;
    auto send = [this, id, exchange = std::move(exchange),
                 response = std::move(answer.response)]() mutable {
      reply(exchange, std::move(response));
      loop_.post([this, id] { held_.erase(id); });
    };
    held_.emplace(id, loop_.after(answer.delay, std::move(send)));
  }

  Loop& loop_;
  simulator::Simulator& simulator_;
  std::uint64_t serial_ = 0;
  std::map<std::uint64_t, Loop::Timer> held_;
  std::optional<simulator::Deliveries> deliveries_;
};

Result<http::Response> ask_state(simulator::Simulator& simulator, http::Method method,
                                 std::string body) {
  http::Request request;
  request.method = method;
  request.body = std::move(body);
  Result<simulator::Answer> answer = simulator.answer(request, "/_sim/state");
  if (!answer) return tl::unexpected(answer.error());
  return std::move(answer->response);
}

Result<void> load_state(simulator::Simulator& simulator, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};  // the first start: there is nothing yet
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const Result<http::Response> loaded = ask_state(simulator, http::Method::kPut, std::move(text));
  if (!loaded) return tl::unexpected(loaded.error());
  if (loaded->status >= 300) {
    return fail(
        ErrorKind::kConfig,
        fmt::format("{} holds no simulator state: {}", printable(path), printable(loaded->body)),
        "remove the file to start afresh");
  }
  return {};
}

Result<void> save_state(simulator::Simulator& simulator, const std::string& path) {
  const Result<http::Response> state = ask_state(simulator, http::Method::kGet, "");
  if (!state) return tl::unexpected(state.error());
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary);
  file << state->body;
  file.close();
  std::error_code problem;
  if (file) std::filesystem::rename(part, path, problem);
  if (!file || problem) {
    return fail(ErrorKind::kConfig, "cannot write the simulator's state to " + printable(path));
  }
  return {};
}

std::string exports(std::string_view endpoint) {
  return fmt::format(
      "export NEAP_ENDPOINT={}\nexport HUAWEICLOUD_SDK_AK={}\nexport HUAWEICLOUD_SDK_SK={}\n"
      "export HUAWEICLOUD_SDK_PROJECT_ID={}\n",
      endpoint, simulator::kAccessKey, simulator::kSecretKey, simulator::kProjectId);
}

// The simulator is for this machine: it knows a key that everyone knows.
Result<http::ListenAddress> loopback_address(const std::string& text) {
  Result<http::ListenAddress> address = http::parse_listen_address(text);
  if (address && !http::is_loopback(address->host)) {
    return fail(ErrorKind::kConfig,
                fmt::format("the simulator listens on loopback only, not on {}", printable(text)),
                "use 127.0.0.1:PORT");
  }
  return address;
}

}  // namespace

ExitCode sim_env_command(const SimOptions& options) {
  const Result<http::ListenAddress> address = loopback_address(options.listen);
  if (!address) return give_up(address.error());
  fmt::print("{}", exports("http://" + to_text(*address)));
  return ExitCode::kDone;
}

ExitCode sim_command(Invocation& invocation, const SimOptions& options) {
  const Result<http::ListenAddress> address = loopback_address(options.listen);
  if (!address) return give_up(address.error());
  const Result<std::uint64_t> seed = parse_seed(options.seed);
  if (!seed) return give_up(seed.error());
  SystemClock clock;
  Loop loop(clock);
  simulator::Simulator simulator(clock, {.seed = *seed, .time_scale = options.time_scale});
  if (!options.state_file.empty()) {
    if (const auto loaded = load_state(simulator, options.state_file); !loaded)
      return give_up(loaded.error());
  }
  http::CurlTransport transport(loop, {.allow_unverified_loopback = true});
  SimulatorServer handler(loop, simulator);
  auto server =
      http::Server::open(loop, *address, simulator_limits(),
                         [&](http::Exchange exchange) { handler.handle(std::move(exchange)); });
  if (!server) return give_up(server.error());
  const http::ListenAddress bound{address->host, (*server)->port()};
  handler.deliver(transport, "http://" + to_text(bound));
  if (!invocation.quiet) {
    fmt::print(stderr, "simulator on http://{}, seed {}, time x{}; Ctrl-C stops it\n",
               to_text(bound), *seed, options.time_scale);
  }
  fmt::print("{}", exports("http://" + to_text(bound)));
  std::fflush(stdout);
  std::vector<Owner> signals;
  for (const int number : {SIGINT, SIGTERM}) {
    signals.push_back(loop.on_signal(number, [&] { loop.stop(); }));
  }
  loop.run();
  if (options.state_file.empty()) return ExitCode::kDone;
  if (const auto saved = save_state(simulator, options.state_file); !saved)
    return give_up(saved.error());
  return ExitCode::kDone;
}

}  // namespace neap::app
