// The hook service in numbers; see hooks_bench.h. Exits 1 when a bar is missed.
#include "bench/hooks_bench.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include <fmt/format.h>

// bench_hooks [stored|webhook|held [COUNT]]
int main(int count, char** arguments) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::string_view only = count > 1 ? arguments[1] : "";
  const auto size = [&](std::size_t usual) {
    return count > 2 ? std::strtoul(arguments[2], nullptr, 10) : usual;
  };
  try {
    bool met = true;
    if (only.empty() || only == "stored") met &= neap::bench::measure_stored_hooks(size(20'000));
    if (only.empty() || only == "webhook") met &= neap::bench::measure_webhook();
    if (only.empty() || only == "held") met &= neap::bench::measure_held(size(10'000));
    return met ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_hooks: {}\n", error.what());
    return 2;
  }
}
