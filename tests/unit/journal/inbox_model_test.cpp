// Random histories of an inbox, held against what it should say after each step.
#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "journal/store.h"
#include "support/inbox_samples.h"
#include "support/power_cut_vfs.h"
#include "support/seed.h"
#include "support/temporary_directory.h"

namespace {

using namespace neap;
using namespace neap::journal;
using namespace neap::test;

// The one in memory does not outlive its process, so nobody restarts it.
struct InMemory {
  std::unique_ptr<Store> store = make_memory_store();
  static constexpr bool kRestarts = false;
  void restart() {}
};

struct InFile {
  TemporaryDirectory directory{quick_place()};
  WatchedDisk quick;
  std::unique_ptr<Store> store = open();
  static constexpr bool kRestarts = true;
  std::unique_ptr<Store> open() const {
    return open_sqlite(directory / "state", {.vfs = quick.name(), .log_pages = 30}).value();
  }
  void restart() {
    store.reset();
    store = open();
  }
};

// The inbox as lists that are searched from end to end.
struct Model {
  struct Known {
    Notice notice;
    std::string event;
  };
  std::vector<HookEvent> events;
  std::vector<Known> messages;
  std::vector<Wish> wishes;

  HookEvent* event_of(const std::string& action_key) {
    for (HookEvent& event : events) {
      if (event.action_key == action_key) return &event;
    }
    return nullptr;
  }

  // What filing must say, but for the id of a new event, which only `told` knows.
  Filed file(const Arrival& arrival, const Filed& told) {
    for (const Known& known : messages) {
      if (arrival.notice && known.notice.message_id == arrival.notice->message_id) {
        return {Filing::kKnownMessage, known.event};
      }
    }
    Filed filed{Filing::kNoted, ""};
    if (arrival.event) {
      const HookEvent* known = event_of(arrival.event->action_key);
      filed = {known != nullptr ? Filing::kKnownEvent : Filing::kNew,
               known != nullptr ? known->id : told.event};
      if (known == nullptr) {
        events.push_back(*arrival.event);
        events.back().id = told.event;
      }
    }
    if (arrival.notice) messages.push_back({*arrival.notice, filed.event});
    return filed;
  }

  std::size_t forget(UtcTime before) {
    const auto gone = std::erase_if(events, [&](const HookEvent& event) {
      const bool old = !is_open(event.status) && event.changed < before;
      if (old) std::erase_if(wishes, [&](const Wish& wish) { return wish.event == event.id; });
      return old;
    });
    return gone + std::erase_if(messages,
                                [&](const Known& known) { return known.notice.received < before; });
  }

  std::vector<HookEvent> open() const {
    std::vector<HookEvent> open;
    std::copy_if(events.begin(), events.end(), std::back_inserter(open),
                 [](const HookEvent& event) { return is_open(event.status); });
    return open;
  }
  std::vector<HookEvent> newest_first() const { return {events.rbegin(), events.rend()}; }
};

struct Counts {
  int steps = 0;
  int restarts = 0;
  std::map<Filing, int> filed;
};

template <class Place>
class History {
 public:
  History(std::uint64_t seed, Counts& counts) : random_(seed), counts_(counts) {}

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      ++counts_.steps;
      now_ += std::chrono::minutes{below(40)};
      step();
      REQUIRE(inbox().events().value() == model_.newest_first());
      REQUIRE(inbox().open_events().value() == model_.open());
    }
    CHECK(place_.store->check().value().empty());
  }

 private:
  Inbox& inbox() { return place_.store->inbox(); }
  std::uint64_t below(std::uint64_t end) { return random_.bits() % end; }

  void step() {
    const std::uint64_t lot = below(20);
    if (lot < 12) write();
    if (lot >= 12 && lot < 14) wish();
    if (lot == 14) heed_wishes();
    if (lot == 15) forget();
    if (lot == 16 || lot == 17) look();
    if (lot > 17 && Place::kRestarts) {
      ++counts_.restarts;
      place_.restart();
    }
  }

  Arrival random_arrival() {
    Arrival made;
    const std::uint64_t kind = below(8);
    if (kind != 0) made.notice = message(fmt::format("m{}", below(30)), now_);
    if (kind != 1) made.event = hold(fmt::format("key-{}", below(20)), now_);
    if (made.event && made.notice) made.event->metadata = made.notice->message_id;
    return made;
  }

  HookEvent random_change() {
    HookEvent event = model_.events[below(model_.events.size())];
    event.status = static_cast<EventStatus>(below(6));
    event.changed = now_;
    event.attempts += 1;
    event.error = std::string(below(5) == 0 ? 3000 : 10, 'e');
    event.notified = below(2) == 0;
    return event;
  }

  void write() {
    std::vector<Arrival> arrivals(below(6));
    std::generate(arrivals.begin(), arrivals.end(), [&] { return random_arrival(); });
    std::vector<HookEvent> changed(model_.events.empty() ? 0 : below(4));
    std::generate(changed.begin(), changed.end(), [&] { return random_change(); });
    const std::vector<Filed> filed = inbox().write(arrivals, changed).value();
    REQUIRE(filed.size() == arrivals.size());
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
      const Filed expected = model_.file(arrivals[i], filed[i]);
      REQUIRE(filed[i].filing == expected.filing);
      REQUIRE(filed[i].event == expected.event);
      ++counts_.filed[filed[i].filing];
    }
    for (const HookEvent& event : changed) *model_.event_of(event.action_key) = event;
  }

  void wish() {
    if (model_.events.empty()) return;
    const HookEvent& event = model_.events[below(model_.events.size())];
    const Wish wish{event.id, below(2) == 0 ? "retry" : "ABANDON", "anna", now_};
    REQUIRE(inbox().wish(wish).has_value() == is_open(event.status));
    if (!is_open(event.status)) return;
    std::erase_if(model_.wishes, [&](const Wish& other) { return other.event == wish.event; });
    model_.wishes.push_back(wish);
  }

  // Some of them, and those of an earlier time that others may have replaced.
  void heed_wishes() {
    const std::vector<Wish> left = inbox().wishes().value();
    REQUIRE(
        std::is_permutation(left.begin(), left.end(), model_.wishes.begin(), model_.wishes.end()));
    std::vector<Wish> heeded = std::exchange(read_before_, left);
    for (const Wish& wish : left) {
      if (below(2) == 0) heeded.push_back(wish);
    }
    REQUIRE(inbox().write({}, {}, heeded));
    std::erase_if(model_.wishes, [&](const Wish& wish) {
      return std::find(heeded.begin(), heeded.end(), wish) != heeded.end();
    });
  }

  void forget() {
    const UtcTime before = now_ - std::chrono::hours{below(5)};
    REQUIRE(inbox().forget(before).value() == model_.forget(before));
  }

  void look() {
    const std::string key = fmt::format("key-{}", below(20));
    const HookEvent* expected = model_.event_of(key);
    const auto found = inbox().find_event(key);
    REQUIRE(found.has_value() == (expected != nullptr));
    if (!found) return;
    REQUIRE(*found == *expected);
    REQUIRE(inbox().find_event(found->id).value() == *expected);
  }

  Place place_;
  Model model_;
  std::vector<Wish> read_before_;
  Random random_;
  Counts& counts_;
  UtcTime now_ = kBirth;
};

TEMPLATE_TEST_CASE("an inbox says after any history what a model of it says", "[inbox][model]",
                   InMemory, InFile) {
  const std::uint64_t seed = seed_of_run();
  Counts counts;
  constexpr int kHistories = 1000;
  for (std::uint64_t i = 0; i < kHistories; ++i) {
    CAPTURE(seed, i);
    History<TestType>(seed + i, counts).run(20);
  }
  fmt::print("inbox histories: seed {}, {} of {} steps, {} restarts, filed", seed, kHistories,
             counts.steps / kHistories, counts.restarts);
  for (const auto& [filing, count] : counts.filed) {
    fmt::print(" {}", count);
    CHECK(count > 1000);
  }
  fmt::print("\n");
  CHECK(counts.filed.size() == 4);
  CHECK((counts.restarts > 1000) == TestType::kRestarts);
}

// SMN may deliver a message again, behind others, and around a restart of whoever takes it.
TEMPLATE_TEST_CASE("each message seven times, in any order, makes each hold one event", "[inbox]",
                   InMemory, InFile) {
  const std::uint64_t seed = seed_of_run();
  CAPTURE(seed);
  fmt::print("sevenfold messages: seed {}\n", seed);
  std::mt19937_64 engine(seed);
  Random random(seed);
  constexpr std::size_t kHolds = 200;
  std::vector<Arrival> all;
  for (std::size_t i = 0; i < kHolds; ++i) {
    for (int copy = 0; copy < 7; ++copy) {
      // Every third hold was published again each time, under another id.
      const std::string id = i % 3 == 0 ? fmt::format("m{}-{}", i, copy) : fmt::format("m{}", i);
      all.push_back(arrival(id, fmt::format("key-{}", i)));
    }
  }
  std::shuffle(all.begin(), all.end(), engine);

  TestType place;
  std::map<Filing, std::size_t> counts;
  std::map<std::string, std::string> events;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t size = std::min<std::size_t>(1 + random.bits() % 40, all.size() - at);
    const auto group = std::span(all).subspan(at, size);
    const std::vector<Filed> filed = place.store->inbox().write(group, {}).value();
    for (std::size_t i = 0; i < size; ++i) {
      ++counts[filed[i].filing];
      const auto& key = group[i].event->action_key;
      CHECK(events.try_emplace(key, filed[i].event).first->second == filed[i].event);
    }
    at += size;
    if (random.bits() % 5 == 0) place.restart();
  }
  CHECK(counts[Filing::kNew] == kHolds);
  CHECK(counts[Filing::kKnownEvent] == 67 * 6);
  CHECK(counts[Filing::kKnownMessage] == 133 * 6);
  CHECK(place.store->inbox().open_events().value().size() == kHolds);
}

}  // namespace
