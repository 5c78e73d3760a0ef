// What a store's fences are worth: with each taken away, what it is there to prevent happens.
#include <catch2/catch.hpp>

#include "journal/store.h"
#include "support/fault_points.h"
#include "support/journal_samples.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

struct InMemory {
  std::unique_ptr<Store> store = make_memory_store();
};

struct InFile {
  TemporaryDirectory directory;
  std::unique_ptr<Store> store = open_sqlite(directory / "state").value();
};

// A bug in force until the end of the block.
class Planted {
 public:
  explicit Planted(const char* bug) { fault::plant(bug); }
  ~Planted() { fault::reset(); }
  Planted(const Planted&) = delete;
  Planted& operator=(const Planted&) = delete;
};

TEMPLATE_TEST_CASE("a store that ignores epochs lets whoever lost a run write on", "[store]",
                   InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string run = store.create(new_run("failover")).value().id;
  Batch stale = batch_of(run, {record(1, 1)});
  stale.epoch = 1;
  Batch take = batch_of(run, {});
  take.take = true;
  REQUIRE(store.commit(take));
  CHECK(store.commit(stale).error().code == kTakenOver);
  {
    const Planted bug("journal.ignore_epoch");
    CHECK(store.commit(stale));
    CHECK(fault::asked() > 0);
  }
  CHECK(store.log(run).value().size() == 1);
  CHECK(store.commit(stale).error().code == kTakenOver);
}

TEMPLATE_TEST_CASE("a store that ignores locks gives one away, and writes for whoever lost it",
                   "[store]", InMemory, InFile) {
  TestType place;
  Store& store = *place.store;
  const std::string first = store.create(new_run("failover")).value().id;
  const std::string second = store.create(new_run("drill")).value().id;
  Batch take = batch_of(first, {});
  take.lock = {"server_group a"};
  Batch send = batch_of(first, {entry(Kind::kSent, 1)});
  send.held = store.commit(take).value().locks;
  Batch rival = batch_of(second, {});
  rival.lock = {"server_group a"};
  CHECK(store.commit(rival).error().code == kLockHeld);
  {
    const Planted bug("journal.ignore_lock");
    CHECK(store.commit(rival));
    CHECK(store.locks().value().front().run == second);
    CHECK(store.commit(send));
    CHECK(fault::asked() == 2);
  }
  CHECK(store.commit(send).error().code == kLockHeld);
}

}  // namespace
