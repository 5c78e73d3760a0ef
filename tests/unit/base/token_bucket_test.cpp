// How often something may happen.
#include "base/token_bucket.h"

#include <catch2/catch.hpp>

using namespace neap;
using namespace std::chrono_literals;

TEST_CASE("so often at once, then once more each refill, and never more than at once") {
  TokenBucket bucket({3, 2s}, 100s);
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(100s));
  CHECK_FALSE(bucket.take(100s));
  CHECK_FALSE(bucket.take(101s));
  CHECK(bucket.take(102s));
  CHECK_FALSE(bucket.take(103s));
  CHECK(bucket.take(104s));
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(1000s));
  CHECK_FALSE(bucket.take(1000s));
}
