// Start-up of neap against luajit and python3, all doing nothing, interleaved in one run: medians
// of wall time, CPU time and resident memory. Exits 1 when neap is above its bars.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

namespace {

constexpr int kRounds = 40;
constexpr double kWorstRatio = 0.5;  // of python3
constexpr double kMostMemory = 12;   // MB

struct Sample {
  double wall = 0;    // ms
  double cpu = 0;     // ms, user and system
  double memory = 0;  // MB, the largest resident set
};

struct Contestant {
  std::vector<std::string> command;
  std::vector<Sample> samples;
};

// Where the programs' output goes, with what posix_spawn wants to hear about it.
class Silence {
 public:
  Silence() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, 1, "/dev/null", O_WRONLY, 0);
  }
  ~Silence() { posix_spawn_file_actions_destroy(&actions_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  const posix_spawn_file_actions_t* actions() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

// Throws when the program cannot be started or fails. The kernel counts this program's own few
// megabytes into the memory of what it spawns: a floor under the smallest figures.
Sample run(std::vector<std::string> command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);

  const Silence silence;
  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  const int error =
      posix_spawn(&child, arguments[0], silence.actions(), nullptr, arguments.data(), environ);
  if (error != 0) throw std::system_error(error, std::generic_category(), command[0]);
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child || status != 0) {
    throw std::runtime_error(fmt::format("{} ended with status {}", command[0], status));
  }
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) / 1024};
}

double median(const std::vector<Sample>& samples, double Sample::*field) {
  std::vector<double> values;
  values.reserve(samples.size());
  for (const Sample& sample : samples) values.push_back(sample.*field);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Sample medians(const Contestant& contestant) {
  return {median(contestant.samples, &Sample::wall), median(contestant.samples, &Sample::cpu),
          median(contestant.samples, &Sample::memory)};
}

// The peers are named by path: a version manager's shim in front of python3 would flatter us.
int compare(const std::string& neap) {
  std::array contestants = {Contestant{{neap, "run", "-e", ""}, {}},
                            Contestant{{"/usr/bin/luajit", "-e", ""}, {}},
                            Contestant{{"/usr/bin/python3", "-c", ""}, {}}};
  for (Contestant& each : contestants) run(each.command);  // fills the page cache
  for (int round = 0; round < kRounds; ++round) {
    for (Contestant& each : contestants) each.samples.push_back(run(each.command));
  }

  fmt::print("start-up, median of {} interleaved runs\n{:<10}{:>10}{:>10}{:>10}\n", kRounds, "",
             "wall ms", "CPU ms", "RSS MB");
  for (const Contestant& each : contestants) {
    const Sample middle = medians(each);
    const std::string name = each.command[0].substr(each.command[0].rfind('/') + 1);
    fmt::print("{:<10}{:>10.2f}{:>10.2f}{:>10.1f}\n", name, middle.wall, middle.cpu, middle.memory);
  }
  const Sample ours = medians(contestants.front());
  const Sample python = medians(contestants.back());
  const double wall = ours.wall / python.wall;
  const double cpu = ours.cpu / python.cpu;
  const bool met = std::max(wall, cpu) <= kWorstRatio && ours.memory <= kMostMemory;
  fmt::print("neap / python3: wall x{:.2f}, CPU x{:.2f} (bar x{}); RSS {:.1f} MB (bar {}): {}\n",
             wall, cpu, kWorstRatio, ours.memory, kMostMemory, met ? "bar met" : "bar not met");
  return met ? 0 : 1;
}

}  // namespace

// bench_startup [PATH OF NEAP]
int main(int count, char** arguments) {
  try {
    return compare(count > 1 ? arguments[1] : NEAP_BINARY);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_startup: {}\n", error.what());
    return 2;
  }
}
