// A store that stops working at one of its writes, as it does for a process that is killed there.
#pragma once

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/forwarding_store.h"

namespace neap::test {

// Stops the run at one of its writes, before or after it is durable.
class MortalStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  int writes = 0;
  int dies_at = 0;  // 0: never
  bool after = false;
  bool dead = false;

  Result<journal::Committed> commit(const journal::Batch& batch) override {
    if (dead) return died();
    if (++writes != dies_at) return inner().commit(batch);
    dead = true;
    if (after) {
      const auto written = inner().commit(batch);
      CHECK(written);
    }
    return died();
  }

 private:
  static tl::unexpected<Error> died() { return fail(ErrorKind::kClosed, "the process died"); }
};

}  // namespace neap::test
