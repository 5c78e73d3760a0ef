// The service and a journal that cannot be written: nothing is acknowledged, nothing is sent, and
// nothing is lost once it can be written again.
#include <catch2/catch.hpp>

#include "support/fault_count.h"
#include "support/forwarding_store.h"
#include "unit/serve/serve_world.h"

using namespace neap;
using namespace neap::test;
using journal::EventStatus;

namespace {

constexpr int kPlenty = 1 << 20;

// Takes so many writes, and then none.
class FullInbox final : public journal::Inbox {
 public:
  explicit FullInbox(journal::Inbox& inner) : inner_(inner) {}

  Result<std::vector<journal::Filed>> write(std::span<const journal::Arrival> arrivals,
                                            std::span<const journal::HookEvent> changed,
                                            std::span<const journal::Wish> heeded) override {
    if (left-- > 0) return inner_.write(arrivals, changed, heeded);
    count_fault();
    return fail(ErrorKind::kClosed, "the disk is full");
  }
  Result<std::vector<journal::HookEvent>> open_events() override { return inner_.open_events(); }
  Result<std::vector<journal::HookEvent>> events(std::optional<journal::EventStatus> status,
                                                 std::size_t limit) override {
    return inner_.events(status, limit);
  }
  Result<journal::HookEvent> find_event(std::string_view name) override {
    return inner_.find_event(name);
  }
  Result<void> wish(const journal::Wish& wish) override { return inner_.wish(wish); }
  Result<std::vector<journal::Wish>> wishes() override { return inner_.wishes(); }
  Result<Owner> claim_service() override { return inner_.claim_service(); }
  Result<std::size_t> forget(UtcTime before) override { return inner_.forget(before); }

  int left = 0;

 private:
  journal::Inbox& inner_;
};

class FullStore final : public ForwardingStore {
 public:
  explicit FullStore(std::unique_ptr<journal::Store> behind)
      : ForwardingStore(*behind), full(behind->inbox()), behind_(std::move(behind)) {}
  journal::Inbox& inbox() override { return full; }

  FullInbox full;

 private:
  std::unique_ptr<journal::Store> behind_;
};

}  // namespace

TEST_CASE("a disk that fills up at any write costs no hold its answer") {
  constexpr const char* kHandlers = R"(
    hooks.on("INSTANCE_LAUNCHING", {}, function() task.sleep(0.5) return "CONTINUE" end))";
  for (int writes = 0; writes < 24; ++writes) {
    ServeWorld w;
    auto store = std::make_unique<FullStore>(std::move(w.store));
    FullStore& full = *store;
    w.store = std::move(store);
    full.full.left = writes;
    w.group("web", w.hook("up", R"("timeout":1800)"));
    w.serve(kHandlers);
    w.desire("web", 6);
    REQUIRE(w.run_until([&] { return w.broken.has_value(); }, std::chrono::minutes{5}));
    const int answered = w.total("callback");
    w.pass(std::chrono::minutes{1});
    // What was on its way may still arrive; nothing new is sent.
    CHECK(w.total("callback") <= answered + 6);
    w.die();
    w.broken.reset();
    full.full.left = kPlenty;
    w.serve(kHandlers);
    REQUIRE(w.run_until([&] { return w.total("holds") == 6 && w.settled(); }));
    INFO(writes << " writes\n" << w.said());
    CHECK(w.total("callback") == 6);
    CHECK(w.total("default") == 0);
    CHECK(w.total("answered_again") == 0);
  }
}

TEST_CASE("a disk that fills up while a word of an operator is heeded does not lose the word") {
  constexpr const char* kHandlers = R"(
    hooks.on("INSTANCE_LAUNCHING", { attempts = 1, on_error = "HOLD" }, function()
      error("not yet")
    end))";
  constexpr const char* kGood = R"(
    hooks.on("INSTANCE_LAUNCHING", {}, function() return "CONTINUE" end))";
  for (const auto& [word, ends] :
       {std::pair{"retry", EventStatus::kAnswered}, std::pair{"ABANDON", EventStatus::kAnswered},
        std::pair{"discard", EventStatus::kDiscarded}}) {
    for (int writes = 0; writes < 4; ++writes) {
      ServeWorld w;
      auto store = std::make_unique<FullStore>(std::move(w.store));
      FullInbox& disk = store->full;
      w.store = std::move(store);
      disk.left = kPlenty;
      w.group("web", w.hook("up", R"("timeout":1800)"));
      w.serve(kHandlers);
      w.desire("web", 1);
      REQUIRE(w.run_until([&] { return w.count(EventStatus::kSetAside) == 1; }));
      w.die();
      REQUIRE(w.store->inbox().wish({w.events()[0].id, word, "anna", w.world->loop().utc()}));
      disk.left = writes;
      w.serve(kGood);
      w.run_until([&] { return w.broken || w.service->open() == 0; }, std::chrono::minutes{5});
      w.die();
      w.broken.reset();
      disk.left = kPlenty;
      w.serve(kGood);
      INFO(word << " after " << writes << " writes\n" << w.said());
      REQUIRE(w.run_until([&] { return w.service->open() == 0; }));
      CHECK(w.events()[0].status == ends);
      CHECK(w.events()[0].result == (ends == EventStatus::kDiscarded     ? ""
                                     : std::string_view(word) == "retry" ? "CONTINUE"
                                                                         : word));
      CHECK(w.store->inbox().wishes().value().empty());
    }
  }
}

// What AddressSanitizer sees: the verdict on a message comes when nobody is there any more.
TEST_CASE("a service that ends while it verifies a message is not called again") {
  ServeWorld w;
  w.group("web", w.hook("up", R"("timeout":1800)"));
  constexpr const char* kHandlers = R"(
    hooks.on("INSTANCE_LAUNCHING", {}, function() return "CONTINUE" end))";
  w.serve(kHandlers);
  w.desire("web", 1);  // which fetches the certificate
  REQUIRE(w.run_until([&] { return w.total("callback") == 1 && w.settled(); }));
  Loop::Timer end;
  bool ended = false;
  w.platform->serve(ServeWorld::kReceiver, [&](http::Exchange exchange) {
    CHECK(w.service->handle(exchange));
    end = w.world->loop().after(Duration::zero(), [&] {
      w.die();
      ended = true;
    });
  });
  w.desire("web", 2);
  REQUIRE(w.run_until([&] { return ended; }));
  w.serve(kHandlers);
  REQUIRE(w.run_until([&] { return w.total("callback") == 2 && w.settled(); }));
  CHECK(w.total("answered_again") == 0);
}
