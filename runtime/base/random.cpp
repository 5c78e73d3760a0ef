#include "base/random.h"

namespace neap {

std::uint64_t Random::fresh_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace neap
