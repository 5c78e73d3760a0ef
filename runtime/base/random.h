// The source of randomness of a world. Its seed is printed by whoever makes one, and taken back.
#pragma once

#include <cstdint>
#include <random>

namespace neap {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  static std::uint64_t fresh_seed();

  std::uint64_t bits() { return engine_(); }
  // Uniform in [0, 1).
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  double between(double low, double high) { return low + (high - low) * unit(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace neap
