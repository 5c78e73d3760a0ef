// What the benchmarks of durable commits have in common: a directory, a clock, rates and bars.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"

namespace neap::bench {

using Timer = std::chrono::steady_clock;

inline double seconds_since(Timer::time_point start) {
  return std::chrono::duration<double>(Timer::now() - start).count();
}

class Directory {
 public:
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "neap-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = name;
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <class T>
T good(Result<T> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
  return *std::move(result);
}

struct Rate {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

// Whoever else uses the disk makes a round worse, and nothing makes one better: the best of
// several, by turns, is what the program itself can do.
inline constexpr int kRounds = 5;

inline const Rate& better(const Rate& one, const Rate& other) {
  return one.per_second > other.per_second ? one : other;
}

// Of `commits` times commit(group).
template <class Commit>
Rate measure(int commits, int group, Commit commit) {
  std::vector<double> times;
  const auto start = Timer::now();
  for (int i = 0; i < commits; ++i) {
    const auto before = Timer::now();
    commit(group);
    times.push_back(seconds_since(before) * 1e3);
  }
  const double all = seconds_since(start);
  std::sort(times.begin(), times.end());
  return {commits * group / all, times[times.size() / 2], times[times.size() * 99 / 100]};
}

inline bool report(std::string_view what, double value, std::string_view unit, double bar,
                   bool least) {
  const bool met = least ? value >= bar : value <= bar;
  fmt::print("{}: {:.6g} {} (bar {} {:g}): bar {}\n", what, value, unit, least ? ">=" : "<=", bar,
             met ? "met" : "not met");
  return met;
}

inline void print_head(std::string_view things) {
  fmt::print("{:<8}{:>16}{:>10}{:>10}{:>18}{:>10}\n", "group", fmt::format("{}/s", things),
             "p50 ms", "p99 ms", "bare SQLite", "p99 ms");
}

inline void print_row(int group, const Rate& mine, const Rate& peer) {
  fmt::print("{:<8}{:>16.0f}{:>10.3f}{:>10.3f}{:>18.0f}{:>10.3f}\n", group, mine.per_second,
             mine.p50_ms, mine.p99_ms, peer.per_second, peer.p99_ms);
}

}  // namespace neap::bench
