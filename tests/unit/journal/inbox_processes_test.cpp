// An inbox between processes: the one that serves, those of operators, and those that die.
#include <csignal>

#include <catch2/catch.hpp>

#include "journal/store.h"
#include "support/child_process.h"
#include "support/fault_points.h"
#include "support/inbox_samples.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

TEST_CASE("the service ends with its process, however that ends, and until then is named",
          "[inbox]") {
  const TemporaryDirectory directory;
  const auto store = open_sqlite(directory.path()).value();
  Child other(
      [&] { return open_sqlite(directory.path()).value()->inbox().claim_service().value(); });
  REQUIRE(other.ready());
  const Error held = store->inbox().claim_service().error();
  CHECK(held.kind == ErrorKind::kConflict);
  CHECK(held.code == kLockHeld);
  CHECK(held.message.find("pid " + other.pid()) != std::string::npos);
  CHECK(held.message.find("since 20") != std::string::npos);
  other.kill();
  CHECK(store->inbox().claim_service());
}

TEST_CASE("the process that serves sees that another left a wish", "[inbox]") {
  const TemporaryDirectory directory;
  const auto store = open_sqlite(directory.path()).value();
  const Owner service = store->inbox().claim_service().value();
  const std::string id = file_hold(store->inbox(), "key-1");
  std::int64_t version = store->version();
  CHECK(store->inbox().wishes().value().empty());
  CHECK(store->version() == version);
  CHECK(in_child([&] {
          const auto operators = open_sqlite(directory.path()).value();
          return operators->inbox().wish({id, "CONTINUE", "anna", kBirth}) ? 0 : 1;
        }) == 0);
  CHECK(store->version() != version);
  version = store->version();
  const std::vector<Wish> wishes = store->inbox().wishes().value();
  REQUIRE(wishes.size() == 1);
  CHECK(wishes[0].event == id);
  CHECK(wishes[0].what == "CONTINUE");
  REQUIRE(store->inbox().write({}, {}, wishes));
  CHECK(store->inbox().wishes().value().empty());
  CHECK(store->version() == version);  // its own writes are no news to it
}

TEST_CASE("a process killed around a write leaves all of its arrivals or none", "[inbox]") {
  const TemporaryDirectory directory;
  open_sqlite(directory.path()).value();
  std::size_t expected = 0;
  int kills = 0;
  for (const char* place : {"commit.before", "commit.after"}) {
    for (std::uint64_t count = 1; count <= 6; ++count) {
      CAPTURE(place, count);
      const int status = in_child([&] {
        fault::reset();
        fault::crash_at(place, count);
        const auto store = open_sqlite(directory.path(), {.log_pages = 4});
        for (int i = 0; i < 8; ++i) {
          const std::string name = fmt::format("{}-{}-{}", place, count, i);
          Arrival one = arrival("m" + name, "key" + name);
          Arrival other = arrival("n" + name, "yek" + name);
          other.event->error = std::string(9000, 'x');
          (void)(*store)->inbox().write(std::vector{one, other}, {});
        }
        return 0;
      });
      REQUIRE(WIFSIGNALED(status));
      ++kills;
      expected += 2 * (count - (std::string_view(place) == "commit.before" ? 1 : 0));
      const auto store = open_sqlite(directory.path()).value();
      CHECK(store->inbox().open_events().value().size() == expected);
      CHECK(store->check().value().empty());
    }
  }
  fmt::print("processes killed around writes of an inbox: {}\n", kills);
}

}  // namespace
