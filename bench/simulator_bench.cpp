// What the simulator answers over HTTP, signatures checked: requests a second, and CPU of the
// simulator's process for each, 64 in flight on keep-alive.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "base/time.h"
#include "cloud/client.h"
#include "http/curl_transport.h"
#include "json/document.h"
#include "simulator/simulator.h"

namespace {

using namespace neap;

constexpr int kInFlight = 64;
constexpr int kCalls = 10'000;

// `neap sim` in a process of its own, until this is destroyed.
class SimulatorProcess {
 public:
  explicit SimulatorProcess(const char* binary) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    process_ = fork();
    if (process_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      execl(binary, binary, "-q", "sim", "--listen", "127.0.0.1:0", nullptr);
      _exit(127);
    }
    close(ends[1]);
    FILE* const lines = fdopen(ends[0], "r");
    char line[512];
    constexpr std::string_view kEndpoint = "export NEAP_ENDPOINT=";
    while (endpoint_.empty() && std::fgets(line, sizeof line, lines) != nullptr) {
      const std::string_view text(line);
      if (text.starts_with(kEndpoint)) endpoint_ = text.substr(kEndpoint.size());
    }
    while (!endpoint_.empty() && (endpoint_.back() == '\n' || endpoint_.back() == '\'')) {
      endpoint_.pop_back();
    }
    if (endpoint_.starts_with('\'')) endpoint_.erase(0, 1);
    if (endpoint_.empty()) throw std::runtime_error("the simulator did not say where it is");
    lines_ = lines;
  }
  ~SimulatorProcess() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    std::fclose(lines_);
  }
  SimulatorProcess(const SimulatorProcess&) = delete;
  SimulatorProcess& operator=(const SimulatorProcess&) = delete;

  const std::string& endpoint() const { return endpoint_; }

  // Seconds, user and system.
  double cpu_used() const {
    std::ifstream file(fmt::format("/proc/{}/stat", process_));
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

 private:
  pid_t process_ = -1;
  std::string endpoint_;
  FILE* lines_ = nullptr;
};

class KnownCredentials final : public sign::CredentialSource {
 public:
  KnownCredentials() {
    known_.access_key = simulator::kAccessKey;
    known_.secret_key = Secret(std::string(simulator::kSecretKey));
    known_.project_id = simulator::kProjectId;
  }
  Owner get(Function<void(Result<sign::Credentials>)> done) override {
    done(known_);
    return {};
  }
  void refused(const sign::Credentials&) override {}

 private:
  sign::Credentials known_;
};

struct Workload {
  const char* name;
  const char* operation;
  json::Object arguments;
};

class Bench {
 public:
  explicit Bench(const char* binary) : simulator_(binary) {
    cloud::ClientSettings settings;
    settings.endpoint = [this](std::string_view) -> Result<std::string> {
      return simulator_.endpoint();
    };
    client_ = std::make_unique<cloud::Client>(loop_, transport_, credentials_, random_,
                                              std::move(settings));
  }

  std::string group() {
    const http::Response list = call("list_protection_groups", {});
    const auto document = json::Document::parse(list.body);
    return std::string(document->text("/server_groups/0/id").value_or(""));
  }

  void run(const Workload& workload) {
    const double cpu = simulator_.cpu_used();
    const auto began = std::chrono::steady_clock::now();
    repeat(workload);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const double used = simulator_.cpu_used() - cpu;
    fmt::print("  {:<34} {:>7.0f} requests/s, {:>6.1f} us of CPU each\n", workload.name,
               kCalls / took.count(), used / kCalls * 1e6);
  }

 private:
  http::Response call(const char* operation, json::Object arguments) {
    std::optional<Result<http::Response>> answer;
    const Owner owner = client_->call(*cloud::find_operation("sdrs", operation),
                                      std::move(arguments), [&](Result<http::Response> result) {
                                        answer = std::move(result);
                                        loop_.stop();
                                      });
    loop_.run();
    if (!*answer) throw Failure(answer->error());
    return **std::move(answer);
  }

  void repeat(const Workload& workload) {
    const cloud::Operation& operation = *cloud::find_operation("sdrs", workload.operation);
    std::vector<Owner> calls(kInFlight);
    int started = 0;
    int answered = 0;
    Function<void(Owner&)> start = [&](Owner& slot) {
      ++started;
      slot = client_->call(operation, workload.arguments, [&](Result<http::Response> response) {
        if (!response) throw Failure(response.error());
        if (++answered == kCalls) loop_.stop();
        if (started < kCalls) start(slot);
      });
    };
    for (Owner& slot : calls) start(slot);
    loop_.run();
  }

  SimulatorProcess simulator_;
  SystemClock clock_;
  Loop loop_{clock_};
  http::CurlTransport transport_{loop_};
  KnownCredentials credentials_;
  Random random_{1};
  std::unique_ptr<cloud::Client> client_;
};

}  // namespace

// bench_simulator [PATH OF NEAP]
int main(int count, char** arguments) {
  try {
    Bench bench(count > 1 ? arguments[1] : NEAP_BINARY);
    json::Object group;
    group.set("server_group_id", bench.group());
    fmt::print("the simulator over HTTP, signatures checked, {} calls with {} in flight\n", kCalls,
               kInFlight);
    bench.run({"show_protection_group", "show_protection_group", group});
    bench.run({"list_protected_instances", "list_protected_instances", group});
    bench.run({"list_replications", "list_replications", group});
    return 0;
  } catch (const Failure& failure) {
    fmt::print(stderr, "bench_simulator: {}\n", describe(failure.error));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_simulator: {}\n", error.what());
  }
  return 2;
}
